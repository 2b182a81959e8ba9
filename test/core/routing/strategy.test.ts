import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Standing from '../../../core/health/standing'
import * as Snapshot from '../../../core/quota/snapshot'
import type { Candidate } from '../../../core/routing/eligibility'
import * as Strategy from '../../../core/routing/strategy'
import * as Window from '../../../core/quota/window'
import { day, hour } from '../../../core/time'
import { anOption, aroundNoon, candidates, noon, quota, ready } from '../../support/routing'

const firstOf = (
  strategy: Strategy.Strategy,
  all: ReadonlyArray<Candidate>,
  active: string | undefined = undefined,
  available: ReadonlyArray<Candidate> = all,
): string | undefined => {
  const ground = { now: noon, active: O.fromNullable(active), candidates: all, preferredTags: [] }
  return O.toUndefined(Strategy.first(strategy, ground)(available))?.key
}

const left = (key: string, percent: number, given: Partial<Candidate> = {}): Candidate =>
  ready(key, { quota: quota(100 - percent), ...given })

describe('hybrid', () => {
  it.each<{ name: string; given: ReadonlyArray<Candidate>; expected: string | undefined }>([
    { name: 'nobody of nobody', given: [], expected: undefined },
    { name: 'the one', given: [left('a', 0)], expected: 'a' },
    {
      name: 'the most head-room',
      given: [left('a', 40), left('b', 60), left('c', 50)],
      expected: 'b',
    },
    { name: 'the first of equals', given: [left('a', 40), left('b', 40)], expected: 'a' },
    {
      name: 'the better standing where head-room is about the same',
      given: [
        left('a', 60, { standing: { ...Standing.fresh, score: { points: 0, at: noon } } }),
        left('b', 50),
      ],
      expected: 'b',
    },
    {
      name: 'what conversations share counts once for each and for the new one',
      given: [left('a', 80, { live: 2 }), left('b', 54, { live: 1 })],
      expected: 'b',
    },
    {
      name: 'in units of the plan',
      given: [left('a', 60), left('b', 20, { plan: O.some('pro') })],
      expected: 'b',
    },
    {
      name: 'the reserve comes last',
      given: [left('a', 4, { plan: O.some('pro') }), left('b', 6, { live: 5 })],
      expected: 'b',
    },
    {
      name: 'the reserve begins below 5 per cent',
      given: [left('a', 4), left('b', 5)],
      expected: 'b',
    },
    {
      name: 'among those in their reserve the most head-room',
      given: [left('a', 0), left('b', 1), left('c', 4), left('d', 2)],
      expected: 'c',
    },
    {
      name: 'and the least shared',
      given: [left('a', 4, { live: 3 }), left('b', 4, { live: 1 })],
      expected: 'b',
    },
  ])('$name', ({ given, expected }) => {
    expect(firstOf('hybrid', given)).toBe(expected)
  })
})

describe('sequential', () => {
  const [a, b, c] = [left('a', 1), left('b', 99), left('c', 50)]
  const all = [a, b, c]
  it.each([
    { name: 'the active one, whatever is left of it', active: 'a', available: all, expected: 'a' },
    { name: 'the next', active: 'b', available: [a, c], expected: 'c' },
    { name: 'round to the first', active: 'c', available: [a, b], expected: 'a' },
    { name: 'the first without an active one', active: undefined, available: all, expected: 'a' },
    {
      name: 'the first when the active one is gone',
      active: 'gone',
      available: [b, c],
      expected: 'b',
    },
    { name: 'nobody', active: 'a', available: [], expected: undefined },
  ])('$name', ({ active, available, expected }) => {
    expect(firstOf('sequential', all, active, available)).toBe(expected)
  })

  it('goes by the pool’s order, not by the order of those that can serve', () => {
    expect(firstOf('sequential', all, undefined, [c, b])).toBe('b')
  })
})

describe('any strategy', () => {
  it.each(Strategy.all)('%s keeps to the lowest tier that can serve', (strategy) => {
    const all = [left('a', 90, { tier: 2 }), left('b', 20, { tier: 1 }), left('c', 10, { tier: 1 })]
    expect(firstOf(strategy, all)).toBe('b')
    expect(firstOf(strategy, all, undefined, all.slice(0, 1))).toBe('a')
  })
})

describe('what the person wants', () => {
  it.each<{ name: string; given: ReadonlyArray<Candidate>; preferred?: ReadonlyArray<string> }>([
    { name: 'a weight multiplies the share', given: [left('a', 80), left('b', 30, { weight: 3 })] },
    {
      name: 'a preferred tag doubles it',
      given: [left('a', 60), left('b', 40, { tags: ['work'] })],
      preferred: ['work'],
    },
    { name: 'a tag alone does nothing', given: [left('b', 60), left('a', 40, { tags: ['work'] })] },
  ])('$name', ({ given, preferred = [] }) => {
    const ground = { now: noon, active: O.none, candidates: given, preferredTags: preferred }
    expect(O.toUndefined(Strategy.first('hybrid', ground)(given))?.key).toBe('b')
  })
})

describe('reset-first', () => {
  const resetsAt = (resetsIn: number | undefined): O.Option<number> =>
    resetsIn === undefined ? O.none : O.some(noon + resetsIn)
  const due = (
    key: string,
    used: number,
    resetsIn: number | undefined,
    given: Partial<Candidate> = {},
  ): Candidate =>
    ready(key, {
      ...given,
      quota: O.some({
        observedAt: noon,
        source: 'headers',
        plan: O.none,
        windows: [Window.make(7 * day, used, resetsAt(resetsIn))],
      }),
    })

  it.each([
    { name: 'what resets first', given: [due('a', 50, 2 * day), due('b', 50, day)] },
    { name: 'the more of it', given: [due('a', 50, day), due('b', 40, day)] },
    {
      name: 'the more that a larger plan makes of it',
      given: [due('a', 50, day), due('b', 50, day, { plan: O.some('pro') })],
    },
    {
      name: 'the more that a weight makes of it',
      given: [due('a', 50, day), due('b', 50, day, { weight: 2 })],
    },
    { name: 'what runs before what has not begun', given: [ready('a'), due('b', 50, day)] },
    {
      name: 'what runs before what resets nobody knows when',
      given: [due('a', 50, undefined), due('b', 50, 6 * day)],
    },
    {
      name: 'what the week leaves, whatever the five hours do',
      given: [ready('a', { quota: quota(0, 60) }), ready('b', { quota: quota(50, 20) })],
    },
    { name: 'nobody’s reserve', given: [due('a', 91, hour), due('b', 89, 6 * day)] },
    {
      name: 'nothing of a window that is whole again',
      given: [due('a', 0, -1), due('b', 80, day)],
    },
  ])('spends $name', ({ given }) => {
    expect(firstOf('reset-first', given)).toBe('b')
  })
})

describe('round-robin', () => {
  const took = (key: string, at: number, given: Partial<Candidate> = {}): Candidate =>
    ready(key, { standing: Standing.tookTurn(at)(Standing.fresh), ...given })

  it.each([
    { name: 'whose turn is longest ago', given: [took('a', noon - 1), took('b', noon - 2)] },
    { name: 'who never had one', given: [took('a', noon - day), ready('b')] },
    {
      name: 'nobody who is just getting one',
      given: [took('a', noon - day, { inFlight: 1 }), took('b', noon)],
    },
  ])('asks $name', ({ given }) => {
    expect(firstOf('round-robin', given)).toBe('b')
  })
})

describe('laws', () => {
  const aStrategy = fc.constantFrom(...Strategy.all)
  const aGround = fc
    .tuple(candidates, aroundNoon, anOption(fc.constantFrom('account-0', 'account-2')))
    .chain(([all, now, active]) =>
      fc.subarray([...all]).map((available) => ({
        ground: { now, active, candidates: all, preferredTags: [] },
        available,
      })),
    )

  it('comes up with one of those that can serve whenever there is one', () => {
    fc.assert(
      fc.property(aStrategy, aGround, (strategy, { ground, available }) => {
        const first = O.toUndefined(Strategy.first(strategy, ground)(available))
        if (available.length === 0) return expect(first).toBeUndefined()
        return expect(available).toContain(first)
      }),
    )
  })

  it('takes from a reserve only when there is nothing else', () => {
    fc.assert(
      fc.property(aGround, ({ ground, available }) => {
        const isSpent = ({ quota }: Candidate) =>
          Snapshot.tightest(ground.now)(quota) < Snapshot.reserveShare
        const first = Strategy.first('hybrid', ground)(available)
        if (O.isNone(first) || !isSpent(first.value)) return
        const tier = available.filter((other) => other.tier === first.value.tier)
        expect(tier.filter(isSpent)).toEqual(tier)
      }),
    )
  })

  it('chooses none of less head-room than another of its kind', () => {
    fc.assert(
      fc.property(aGround, ({ ground, available }) => {
        const share = (one: Candidate) =>
          (Snapshot.headRoom(ground.now, one.plan)(one.quota) *
            one.weight *
            Standing.favour(ground.now)(one.standing)) /
          (1 + one.live + one.inFlight)
        const isSpent = ({ quota }: Candidate) =>
          Snapshot.tightest(ground.now)(quota) < Snapshot.reserveShare
        const first = Strategy.first('hybrid', ground)(available)
        if (O.isNone(first)) return
        const chosen = first.value
        const alike = available.filter(
          (other) => other.tier === chosen.tier && isSpent(other) === isSpent(chosen),
        )
        // Less a millionth, since scores are floating-point numbers.
        for (const other of alike) expect(share(chosen)).toBeGreaterThan(share(other) - 1e-6)
      }),
    )
  })
})
