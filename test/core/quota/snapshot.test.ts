import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Plan from '../../../core/quota/plan'
import * as Snapshot from '../../../core/quota/snapshot'
import * as Window from '../../../core/quota/window'
import { day, hour, type Instant } from '../../../core/time'
import { anOption, aQuota, aroundNoon, aWindow, noon, quota } from '../../support/routing'

const plus = O.some('plus')
const pro = O.some('pro')

const of = (...windows: ReadonlyArray<Window.Window>): O.Option<Snapshot.Snapshot> =>
  O.some({ windows, observedAt: noon, source: 'headers', plan: O.none })

const fiveHour = (used: number, resetsAt: Instant = noon + hour) =>
  Window.make(5 * hour, used, O.some(resetsAt))
const weekly = (used: number, resetsAt: Instant = noon + day) =>
  Window.make(7 * day, used, O.some(resetsAt))

describe('how much is left', () => {
  it.each([
    { name: 'unknown is half', given: O.none, share: 0.5, units: 0.5 },
    { name: 'unknown is half of whatever plan', given: O.none, plan: pro, share: 0.5, units: 4 },
    { name: 'no window is unknown', given: of(), share: 0.5, units: 0.5 },
    { name: 'the tighter window decides', given: quota(20, 70), share: 0.3, units: 0.3 },
    { name: 'whichever that is', given: quota(90, 70), share: 0.1, units: 0.1 },
    { name: 'in units of the plan', given: of(weekly(50)), plan: pro, share: 0.5, units: 5.35 },
    {
      name: 'the tightest in units may be another than the tightest by share',
      given: quota(50, 55),
      plan: pro,
      share: 0.45,
      units: 4,
    },
    { name: 'nothing', given: quota(100), share: 0, units: 0 },
    {
      name: 'a window whose reset has passed is whole',
      given: of(fiveHour(100, noon - 1), weekly(40)),
      share: 0.6,
      units: 0.6,
    },
    { name: 'all windows reset', given: of(fiveHour(100, noon)), share: 1, units: 1 },
  ])('$name', ({ given, plan, share, units }) => {
    expect(Snapshot.tightest(noon)(given)).toBeCloseTo(share, 9)
    expect(Snapshot.headRoom(noon, plan ?? plus)(given)).toBeCloseTo(units, 9)
  })
})

describe('the longest exhausted window', () => {
  it.each([
    { name: 'none of none', windows: [], expected: undefined },
    {
      name: 'none while something is left',
      windows: [fiveHour(99), weekly(0)],
      expected: undefined,
    },
    { name: 'the one', windows: [fiveHour(100), weekly(99)], expected: 'five-hour' },
    { name: 'the later reset of two', windows: [fiveHour(100), weekly(100)], expected: 'weekly' },
    {
      name: 'by its reset, not by its length',
      windows: [fiveHour(100, noon + 3 * hour), weekly(100, noon + hour)],
      expected: 'five-hour',
    },
    {
      name: 'one that has reset is no longer exhausted',
      windows: [fiveHour(100), weekly(100, noon - hour)],
      expected: 'five-hour',
    },
    {
      name: 'one that says its reset goes before one that does not',
      windows: [Window.make(7 * day, 100, O.none), fiveHour(100)],
      expected: 'five-hour',
    },
  ])('$name', ({ windows, expected }) => {
    const longest = Snapshot.longestExhausted(noon)({
      windows,
      observedAt: noon,
      source: 'headers',
      plan: O.none,
    })
    expect(O.toUndefined(longest)?.kind).toBe(expected)
  })
})

describe('a spent window that a refusal tells of', () => {
  const kinds = ({ windows }: Snapshot.Snapshot) =>
    windows.map(({ kind, usedPercent }) => `${kind} ${usedPercent}`)

  it.each<{ name: string; known: O.Option<Snapshot.Snapshot>; at: Instant; expected: string[] }>([
    {
      name: 'is the shortest that lasts so long',
      known: O.none,
      at: noon + hour,
      expected: ['five-hour 100'],
    },
    { name: 'is the week', known: O.none, at: noon + 6 * hour, expected: ['weekly 100'] },
    { name: 'is the month', known: O.none, at: noon + 8 * day, expected: ['monthly 100'] },
    {
      name: 'is the one that is known to reset then, whatever its length',
      known: of(fiveHour(20, noon + 2 * hour), weekly(99, noon + hour)),
      at: noon + hour + 30_000,
      expected: ['five-hour 20', 'weekly 100'],
    },
    {
      name: 'is the known one of that length, and says nothing of the others',
      known: of(fiveHour(20), weekly(70)),
      at: noon + 3 * hour,
      expected: ['five-hour 100', 'weekly 70'],
    },
  ])('$name', ({ at, expected, known }) => {
    const told = Snapshot.spentUntil(at, noon)(known)
    expect(kinds(told)).toEqual(expected)
    expect(Snapshot.longestExhausted(noon)(told)).toMatchObject({ value: { resetsAt: O.some(at) } })
    expect([told.observedAt, told.source]).toEqual([noon, 'refusal'])
  })
})

describe('the newest of two', () => {
  const seen = (observedAt: Instant, used: number): Snapshot.Snapshot => ({
    windows: [weekly(used)],
    observedAt,
    source: 'headers',
    plan: O.none,
  })
  it.each([
    { name: 'is the one seen later', left: seen(noon, 1), right: seen(noon + 1, 2), used: 2 },
    { name: 'whichever side it stands on', left: seen(noon + 1, 1), right: seen(noon, 2), used: 1 },
    {
      name: 'and the second of two seen at once',
      left: seen(noon, 1),
      right: seen(noon, 2),
      used: 2,
    },
  ])('$name', ({ left, right, used }) => {
    expect(Snapshot.newest(left, right).windows[0]?.usedPercent).toBe(used)
  })
})

describe('the plan that an answer tells', () => {
  const told = (name: string, at: Instant) => O.some({ name, at })
  const seen = (observedAt: Instant, plan: O.Option<Plan.Told>): Snapshot.Snapshot => ({
    windows: [weekly(1)],
    observedAt,
    source: 'headers',
    plan,
  })

  it('stays where what is seen later names none', () => {
    const newest = Snapshot.newest(seen(noon, told('pro', noon)), seen(noon + 1, O.none))
    expect([newest.observedAt, newest.plan]).toEqual([noon + 1, told('pro', noon)])
  })

  it('stays where a refusal tells of a spent window alone', () => {
    const known = O.some(seen(noon, told('pro', noon)))
    expect(Snapshot.spentUntil(noon + day, noon)(known).plan).toEqual(told('pro', noon))
  })

  it.each([
    { name: 'another one', known: told('pro', noon), next: told('plus', noon), isNews: true },
    { name: 'the first one', known: O.none, next: told('plus', noon), isNews: true },
    { name: 'the same', known: told('plus', noon - 1), next: told('plus', noon), isNews: false },
    { name: 'none', known: told('plus', noon), next: O.none, isNews: false },
  ])('is news or not: $name', ({ isNews, known, next }) => {
    expect(Snapshot.isNews(seen(noon, known))(seen(noon, next))).toBe(isNews)
  })

  it('says nothing of the windows', () => {
    fc.assert(
      fc.property(aQuota, aroundNoon, (known, at) => {
        const { plan, ...rest } = Snapshot.withPlan({ name: 'pro', at })(O.some(known))
        expect({ ...rest, plan: known.plan }).toEqual(known)
        expect(plan).toEqual(told('pro', at))
      }),
    )
  })

  it('leaves the windows unknown where nothing else is known', () => {
    const alone = O.some(Snapshot.withPlan({ name: 'pro', at: noon })(O.none))
    expect(Snapshot.headRoom(noon, pro)(alone)).toBe(Snapshot.headRoom(noon, pro)(O.none))
  })
})

const aPlan = anOption(fc.constantFrom('plus', 'pro', 'team', 'free', 'prolite', 'unheard-of'))

describe('laws of head-room', () => {
  it('does not grow when more is used', () => {
    const percent = fc.integer({ min: 0, max: 100 })
    fc.assert(
      fc.property(aQuota, aWindow, percent, aPlan, aroundNoon, (rest, window, other, plan, now) => {
        const roomAt = (usedPercent: number) =>
          Snapshot.headRoom(now, plan)(of(...rest.windows, { ...window, usedPercent }))
        const [less, more] = [
          Math.min(window.usedPercent, other),
          Math.max(window.usedPercent, other),
        ]
        expect(roomAt(more)).toBeLessThanOrEqual(roomAt(less))
      }),
    )
  })

  it('is strictly less when more of the only window is used', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), aPlan, (used, plan) => {
        const roomAt = (percent: number) => Snapshot.headRoom(noon, plan)(of(fiveHour(percent)))
        expect(roomAt(used + 1)).toBeLessThan(roomAt(used))
      }),
    )
  })

  it('scales with the plan', () => {
    fc.assert(
      fc.property(aWindow, aPlan, aroundNoon, (window, plan, now) => {
        const room = Snapshot.headRoom(now, plan)(of(window))
        const ofPlus = Snapshot.headRoom(now, plus)(of(window))
        expect(room).toBeCloseTo(ofPlus * Plan.units(plan, window.kind), 9)
      }),
    )
  })

  it('is never less on the larger plan', () => {
    fc.assert(
      fc.property(anOption(aQuota), aroundNoon, (seen, now) => {
        const roomOn = (name: string) => Snapshot.headRoom(now, O.some(name))(seen)
        expect(roomOn('free')).toBeLessThanOrEqual(roomOn('plus'))
        expect(roomOn('plus')).toBeLessThanOrEqual(roomOn('pro'))
      }),
    )
  })

  it('does not depend on the order of the windows', () => {
    fc.assert(
      fc.property(aQuota, aPlan, aroundNoon, ({ windows }, plan, now) => {
        const turned = of(...[...windows].reverse())
        expect(Snapshot.headRoom(now, plan)(turned)).toBe(
          Snapshot.headRoom(now, plan)(of(...windows)),
        )
        expect(Snapshot.tightest(now)(turned)).toBe(Snapshot.tightest(now)(of(...windows)))
      }),
    )
  })

  it('is a number from 0 to the plan’s whole', () => {
    fc.assert(
      fc.property(anOption(aQuota), aPlan, aroundNoon, (seen, plan, now) => {
        const room = Snapshot.headRoom(now, plan)(seen)
        expect(room >= 0 && room <= 10.7).toBe(true)
      }),
    )
  })
})
