import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Snapshot from '../../../core/quota/snapshot'
import type { Candidate } from '../../../core/routing/eligibility'
import * as Strategy from '../../../core/routing/strategy'
import { anOption, aroundNoon, candidates, noon, quota, ready } from '../../support/routing'

const firstOf = (
  strategy: Strategy.Strategy,
  all: ReadonlyArray<Candidate>,
  active: string | undefined = undefined,
  available: ReadonlyArray<Candidate> = all,
): string | undefined => {
  const ground = { now: noon, active: O.fromNullable(active), candidates: all }
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

describe('laws', () => {
  const aStrategy = fc.constantFrom(...Strategy.all)
  const aGround = fc
    .tuple(candidates, aroundNoon, anOption(fc.constantFrom('account-0', 'account-2')))
    .chain(([all, now, active]) =>
      fc
        .subarray([...all])
        .map((available) => ({ ground: { now, active, candidates: all }, available })),
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
        if (O.isSome(first) && isSpent(first.value))
          expect(available.filter(isSpent)).toEqual(available)
      }),
    )
  })

  it('chooses none of less head-room than another of its kind', () => {
    fc.assert(
      fc.property(aGround, ({ ground, available }) => {
        const share = (one: Candidate) =>
          Snapshot.headRoom(ground.now, one.plan)(one.quota) / (1 + one.live)
        const isSpent = ({ quota }: Candidate) =>
          Snapshot.tightest(ground.now)(quota) < Snapshot.reserveShare
        const first = Strategy.first('hybrid', ground)(available)
        if (O.isNone(first)) return
        const chosen = first.value
        const alike = available.filter((other) => isSpent(other) === isSpent(chosen))
        // Less a millionth, since scores are floating-point numbers.
        for (const other of alike) expect(share(chosen)).toBeGreaterThan(share(other) - 1e-6)
      }),
    )
  })
})
