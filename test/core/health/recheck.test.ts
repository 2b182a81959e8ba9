import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import * as Recheck from '../../../core/health/recheck'
import { hour, minute, type Instant } from '../../../core/time'
import { aCooldown, aQuota, aroundNoon, noon, quota } from '../../support/routing'

const limited = (until: Instant) => Cooldown.cooling(until, 'rate-limited', O.some('weekly'))
const old = O.map((seen: { readonly observedAt: Instant }) => ({
  ...seen,
  windows: [],
  source: 'headers' as const,
  plan: O.none,
  observedAt: noon - 15 * minute,
}))(quota(100))

describe('a limit is looked at again', () => {
  it.each([
    { name: 'when it lasts long', cooldown: limited(noon + hour), seen: O.none, due: true },
    {
      name: 'and the quota was seen long ago',
      cooldown: limited(noon + hour),
      seen: old,
      due: true,
    },
    {
      name: 'not when it was just seen',
      cooldown: limited(noon + hour),
      seen: quota(9),
      due: false,
    },
    { name: 'not for 15 minutes', cooldown: limited(noon + 15 * minute), seen: O.none, due: false },
    { name: 'not when it is over', cooldown: limited(noon - 1), seen: O.none, due: false },
    { name: 'nor without one', cooldown: Cooldown.ready, seen: O.none, due: false },
    {
      name: 'not when it is no limit',
      cooldown: Cooldown.cooling(noon + hour, 'workspace'),
      seen: O.none,
      due: false,
    },
  ])('$name', ({ cooldown, due, seen }) => {
    expect(Recheck.isDue(noon, seen)(cooldown)).toBe(due)
  })
})

describe('what is left of it', () => {
  const leftBy = (fiveHours: number, week: number, until = noon + 9 * hour) =>
    O.map(Recheck.left(noon, limited(until)))(quota(fiveHours, week))

  it('is nothing when no window is spent', () => {
    expect(leftBy(99, 99)).toEqual(O.some(Cooldown.ready))
  })

  it('is until the spent window resets', () => {
    expect(leftBy(100, 0)).toEqual(O.some(limited(noon + hour)))
  })

  it('is never more than it was', () => {
    expect(leftBy(0, 100)).toEqual(O.some(limited(noon + 9 * hour)))
    fc.assert(
      fc.property(aCooldown, aQuota, aroundNoon, (cooldown, seen, now) => {
        const left = Recheck.left(now, cooldown)(seen)
        expect(Cooldown.outlasts(cooldown)(left)).toBe(false)
      }),
    )
  })
})
