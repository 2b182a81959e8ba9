import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Deferral from '../../../core/quota/deferral'
import type { Snapshot } from '../../../core/quota/snapshot'
import * as Window from '../../../core/quota/window'
import { day, hour, type Instant } from '../../../core/time'
import { aQuota, aroundNoon, noon, quota } from '../../support/routing'

const given = (fiveHourUsed: number, weeklyUsed: number) =>
  O.toUndefined(quota(fiveHourUsed, weeklyUsed)) ?? {
    windows: [],
    observedAt: noon,
    source: 'headers',
    plan: O.none,
  }

const unknownReset: Snapshot = {
  observedAt: noon,
  source: 'headers',
  plan: O.none,
  windows: [Window.make(5 * hour, 99, O.none)],
}

const deferred = (
  snapshot: Snapshot,
  now: Instant = noon,
  terms: Deferral.Terms = Deferral.standard,
) => Deferral.of(terms, now, snapshot)

describe('an account is put off', () => {
  it.each([
    { name: 'not with 6 % left', snapshot: given(94, 94), expected: undefined },
    {
      name: 'with 5 % of the five hours left, until their reset',
      snapshot: given(95, 0),
      expected: { window: 'five-hour', until: noon + hour },
    },
    {
      name: 'with 5 % of the week left',
      snapshot: given(0, 95),
      expected: { window: 'weekly', until: noon + day },
    },
    {
      name: 'by the window that keeps it longest',
      snapshot: given(99, 96),
      expected: { window: 'weekly', until: noon + day },
    },
    { name: 'not by a reset that has passed', snapshot: given(99, 0), now: noon + hour },
    { name: 'not by word of more than a week ago', snapshot: given(0, 99), now: noon + 8 * day },
    {
      name: 'for two hours from when it was seen where no reset is known',
      snapshot: unknownReset,
      now: noon + hour,
      expected: { window: 'five-hour', until: noon + 2 * hour },
    },
    {
      name: 'for no longer',
      snapshot: unknownReset,
      now: noon + 2 * hour,
    },
  ])('$name', ({ snapshot, now, expected }) => {
    expect(deferred(snapshot, now)).toEqual(expected)
  })

  it('by thresholds of its own for each window', () => {
    const terms = { ...Deferral.standard, fiveHourPercent: 20, longerPercent: 0 }
    expect(deferred(given(80, 99), noon, terms)).toEqual({
      window: 'five-hour',
      until: noon + hour,
    })
  })

  it('until an instant to come, at most a week away', () => {
    fc.assert(
      fc.property(aQuota, aroundNoon, (snapshot, now) => {
        const until = deferred(snapshot, now)?.until
        if (until === undefined) return
        expect(until).toBeGreaterThan(now)
        expect(until).toBeLessThanOrEqual(now + 7 * day)
      }),
    )
  })
})
