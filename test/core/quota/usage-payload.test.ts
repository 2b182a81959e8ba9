import * as O from 'fp-ts/Option'
import * as Window from '../../../core/quota/window'
import * as UsagePayload from '../../../core/quota/usage-payload'
import { day, hour, minute } from '../../../core/time'
import { noon } from '../../support/routing'

const five = { used_percent: 27, limit_window_seconds: 18_000, reset_at: (noon + hour) / 1_000 }
const week = { used_percent: 4, limit_window_seconds: 604_800, reset_after_seconds: 86_400 }

const windowsOf = (primary: unknown, secondary: unknown) =>
  O.map(({ windows }: { readonly windows: ReadonlyArray<Window.Window> }) => windows)(
    UsagePayload.snapshot(noon)(
      JSON.stringify({ rate_limit: { primary_window: primary, secondary_window: secondary } }),
    ),
  )

const fiveHour = Window.make(5 * hour, 27, O.some(noon + hour))
const weekly = Window.make(7 * day, 4, O.some(noon + day))

it.each([
  { name: 'both windows', given: [five, week], expected: O.some([fiveHour, weekly]) },
  { name: 'a week in the primary slot', given: [week, null], expected: O.some([weekly]) },
  { name: 'no window', given: [null, null], expected: O.none },
  {
    name: 'a window without a length',
    given: [{ used_percent: 1, limit_window_seconds: 0 }, five],
    expected: O.some([fiveHour]),
  },
  {
    name: 'a window without a reset',
    given: [{ used_percent: 150, limit_window_seconds: 3_600 }, null],
    expected: O.some([Window.make(60 * minute, 100, O.none)]),
  },
  { name: 'a window of another form', given: ['full', five], expected: O.some([fiveHour]) },
])('reads $name', ({ given: [primary, secondary], expected }) => {
  expect(windowsOf(primary, secondary)).toEqual(expected)
})

it.each(['', '[]', '{}', '{"rate_limit":null}', '<html>'])('knows nothing from %j', (text) => {
  expect(UsagePayload.snapshot(noon)(text)).toEqual(O.none)
})

it('says when and by whom it was told', () => {
  const text = JSON.stringify({ plan_type: 'pro', rate_limit: { primary_window: five } })
  expect(UsagePayload.snapshot(noon)(text)).toMatchObject(
    O.some({ observedAt: noon, source: 'usage', plan: O.some({ name: 'pro', at: noon }) }),
  )
})
