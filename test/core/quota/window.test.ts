import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Window from '../../../core/quota/window'
import { decode } from '../../../core/result'
import { day, hour, minute, type Millis } from '../../../core/time'
import { aroundNoon, aWindow, noon } from '../../support/routing'

describe('kindOf', () => {
  it.each<{ length: Millis; kind: Window.Kind }>([
    { length: 20 * minute, kind: 'five-hour' },
    { length: 5 * hour, kind: 'five-hour' },
    { length: 6 * hour, kind: 'five-hour' },
    { length: 6 * hour + 1, kind: 'other' },
    { length: day, kind: 'other' },
    { length: 6 * day - 1, kind: 'other' },
    { length: 6 * day, kind: 'weekly' },
    { length: 7 * day, kind: 'weekly' },
    { length: 8 * day, kind: 'weekly' },
    { length: 8 * day + 1, kind: 'other' },
    { length: 14 * day, kind: 'other' },
    { length: 27 * day - 1, kind: 'other' },
    { length: 27 * day, kind: 'monthly' },
    { length: 30 * day, kind: 'monthly' },
    { length: 32 * day, kind: 'monthly' },
    { length: 32 * day + 1, kind: 'other' },
    { length: 365 * day, kind: 'other' },
  ])('$length ms is $kind', ({ length, kind }) => {
    expect(Window.kindOf(length)).toBe(kind)
  })
})

describe('what is left', () => {
  it.each([
    { name: 'all of an unused one', used: 0, resetsAt: noon + hour, left: 1 },
    { name: 'a part', used: 25, resetsAt: noon + hour, left: 0.75 },
    { name: 'nothing of a spent one', used: 100, resetsAt: noon + hour, left: 0 },
    { name: 'a part when its reset is unknown', used: 75, resetsAt: undefined, left: 0.25 },
    { name: 'all once its reset has passed', used: 100, resetsAt: noon - 1, left: 1 },
    { name: 'all at its reset', used: 100, resetsAt: noon, left: 1 },
    {
      name: 'nothing when more than all is said to be used',
      used: 140,
      resetsAt: undefined,
      left: 0,
    },
    { name: 'all when less than nothing is', used: -3, resetsAt: undefined, left: 1 },
  ])('$name', ({ used, resetsAt, left }) => {
    const window = Window.make(5 * hour, used, O.fromNullable(resetsAt))
    expect(Window.left(noon)(window)).toBe(left)
    expect(Window.isExhausted(noon)(window)).toBe(left === 0)
  })

  it('is a share, and all of it from the reset on', () => {
    fc.assert(
      fc.property(aWindow, aroundNoon, (window, now) => {
        const left = Window.left(now)(window)
        expect(left >= 0 && left <= 1).toBe(true)
        if (O.isSome(window.resetsAt)) expect(Window.left(window.resetsAt.value)(window)).toBe(1)
      }),
    )
  })

  it('shrinks as more is used', () => {
    const percent = fc.integer({ min: -10, max: 110 })
    fc.assert(
      fc.property(percent, percent, (one, other) => {
        const leftOf = (used: number) => Window.left(noon)(Window.make(5 * hour, used, O.none))
        expect(leftOf(Math.max(one, other))).toBeLessThanOrEqual(leftOf(Math.min(one, other)))
      }),
    )
  })
})

it('comes back from its stored form as it was', () => {
  fc.assert(
    fc.property(aWindow, (window) => {
      const text = JSON.stringify(Window.toStored(window))
      const stored = decode(Window.storedForm)(JSON.parse(text))
      expect(stored.map(Window.ofStored)._unsafeUnwrap()).toEqual(window)
    }),
  )
})

it('is stored as the existing tool stores it', () => {
  const window = Window.make(7 * day, 17, O.some(1780400000000))
  expect(Window.toStored(window)).toEqual({
    usedPercent: 17,
    windowMinutes: 10_080,
    resetAtMs: 1780400000000,
  })
})
