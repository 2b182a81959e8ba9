import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as RateLimitHeaders from '../../../core/quota/rate-limit-headers'
import type { Snapshot } from '../../../core/quota/snapshot'
import * as Window from '../../../core/quota/window'
import type { Headers } from '../../../core/request/headers'
import { day, hour, second } from '../../../core/time'
import { noon } from '../../support/routing'

type Slot = Readonly<Record<string, string>>

const headersOf = (primary: Slot, secondary: Slot = {}): Headers => [
  ['content-type', 'text/event-stream'],
  ...Object.entries(primary).map(([name, value]) => [`x-codex-primary-${name}`, value] as const),
  ...Object.entries(secondary).map(
    ([name, value]) => [`x-codex-secondary-${name}`, value] as const,
  ),
  ['x-codex-plan-type', 'plus'],
]

const fiveHours: Slot = {
  'used-percent': '27',
  'window-minutes': '300',
  'reset-at': String((noon + hour) / second),
  'reset-after-seconds': '3600',
}
const week: Slot = {
  'used-percent': '4',
  'window-minutes': '10080',
  'reset-at': String((noon + day) / second),
}
const fiveHourWindow = Window.make(5 * hour, 27, O.some(noon + hour))
const weeklyWindow = Window.make(7 * day, 4, O.some(noon + day))

const windowsOf = (headers: Headers): ReadonlyArray<Window.Window> =>
  O.match(
    () => [],
    (snapshot: Snapshot) => snapshot.windows,
  )(RateLimitHeaders.snapshot(noon)(headers))

describe('the windows', () => {
  const { 'reset-at': _, ...withoutInstant } = fiveHours
  it.each<{ name: string; headers: Headers; expected: ReadonlyArray<Window.Window> }>([
    { name: 'of no such headers', headers: headersOf({}), expected: [] },
    { name: 'both', headers: headersOf(fiveHours, week), expected: [fiveHourWindow, weeklyWindow] },
    {
      name: 'in each other’s slots',
      headers: headersOf(week, fiveHours),
      expected: [weeklyWindow, fiveHourWindow],
    },
    {
      name: 'a week alone, in the primary slot',
      headers: headersOf(week),
      expected: [weeklyWindow],
    },
    {
      name: 'a second one of length 0 is none',
      headers: headersOf(week, { 'used-percent': '0', 'window-minutes': '0', 'reset-at': '0' }),
      expected: [weeklyWindow],
    },
    {
      name: 'one of negative length is none',
      headers: headersOf({ ...fiveHours, 'window-minutes': '-300' }),
      expected: [],
    },
    {
      name: 'the span counts where the instant is missing',
      headers: headersOf(withoutInstant),
      expected: [fiveHourWindow],
    },
    {
      name: 'the instant goes before the span',
      headers: headersOf({ ...fiveHours, 'reset-after-seconds': '7' }),
      expected: [fiveHourWindow],
    },
    {
      name: 'neither',
      headers: headersOf({ 'used-percent': '27', 'window-minutes': '300' }),
      expected: [Window.make(5 * hour, 27, O.none)],
    },
    {
      name: 'a reset that cannot be read',
      headers: headersOf({ ...withoutInstant, 'reset-after-seconds': 'soon' }),
      expected: [Window.make(5 * hour, 27, O.none)],
    },
    {
      name: 'more than all used is all',
      headers: headersOf({ ...fiveHours, 'used-percent': '120' }),
      expected: [Window.make(5 * hour, 100, O.some(noon + hour))],
    },
    {
      name: 'less than nothing used is nothing',
      headers: headersOf({ ...fiveHours, 'used-percent': '-5' }),
      expected: [Window.make(5 * hour, 0, O.some(noon + hour))],
    },
    ...['', ' ', 'NaN', 'Infinity', '1e999', '27%', 'many'].map((used) => ({
      name: `${JSON.stringify(used)} used is unknown, and unknown is not zero`,
      headers: headersOf({ ...fiveHours, 'used-percent': used }),
      expected: [],
    })),
    {
      name: 'one without a length is none',
      headers: headersOf({ 'used-percent': '27', 'reset-after-seconds': '60' }),
      expected: [],
    },
    {
      name: 'one of a length beyond all reason is none',
      headers: headersOf({ ...fiveHours, 'window-minutes': '1e305' }, week),
      expected: [weeklyWindow],
    },
    {
      name: 'other metered limits are not the account’s',
      headers: [['x-codex-bengal-primary-used-percent', '100'], ...headersOf(fiveHours)],
      expected: [fiveHourWindow],
    },
  ])('$name', ({ headers, expected }) => {
    expect(windowsOf(headers)).toEqual(expected)
  })

  it('are seen now', () => {
    expect(RateLimitHeaders.snapshot(noon + 7)(headersOf(week))).toMatchObject({
      value: { observedAt: noon + 7 },
    })
  })

  it('are whole once their reset has passed', () => {
    const spent = { ...fiveHours, 'used-percent': '100' }
    const [window] = windowsOf(headersOf(spent))
    const left = [noon, noon + hour].map((now) => window && Window.left(now)(window))
    expect(left).toEqual([0, 1])
  })
})

const aValue = fc.oneof(
  fc.integer({ min: -1_000, max: 100_000 }).map(String),
  fc.double().map(String),
  fc.constantFrom('', 'NaN', '-0', '1e999', '-1e308', '1e308', '0x1F', '300', '10080', '100'),
  fc.string({ maxLength: 5 }),
)
const aSlot: fc.Arbitrary<Slot> = fc.record(
  {
    'used-percent': aValue,
    'window-minutes': aValue,
    'reset-at': aValue,
    'reset-after-seconds': aValue,
  },
  { requiredKeys: [] },
)

describe('laws', () => {
  it('gives the same windows whichever slots they come in', () => {
    fc.assert(
      fc.property(aSlot, aSlot, (one, other) => {
        const straight = windowsOf(headersOf(one, other))
        expect(windowsOf(headersOf(other, one))).toEqual([
          ...windowsOf(headersOf(other)),
          ...windowsOf(headersOf(one)),
        ])
        expect(new Set(windowsOf(headersOf(other, one)))).toEqual(new Set(straight))
      }),
    )
  })

  it('never makes anything but a number of a header, and one that can be stored', () => {
    fc.assert(
      fc.property(aSlot, aSlot, (one, other) => {
        for (const window of windowsOf(headersOf(one, other))) {
          expect(window.usedPercent >= 0 && window.usedPercent <= 100).toBe(true)
          expect(Number.isFinite(window.length) && window.length > 0).toBe(true)
          if (O.isSome(window.resetsAt)) expect(Number.isFinite(window.resetsAt.value)).toBe(true)
        }
      }),
    )
  })

  it('tells of every window whose share and length are plain numbers', () => {
    const percent = fc.integer({ min: 0, max: 100 })
    const minutes = fc.integer({ min: 1, max: 60 * 24 * 31 })
    fc.assert(
      fc.property(percent, minutes, aSlot, (used, length, rest) => {
        const slot = { ...rest, 'used-percent': String(used), 'window-minutes': String(length) }
        expect(windowsOf(headersOf(slot))).toMatchObject([{ usedPercent: used }])
      }),
    )
  })
})
