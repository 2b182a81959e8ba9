/** What each strategy ranks accounts by, and that nothing else has a say. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Standing from '../../../core/health/standing'
import * as Snapshot from '../../../core/quota/snapshot'
import * as Window from '../../../core/quota/window'
import type { Candidate } from '../../../core/routing/eligibility'
import * as Strategy from '../../../core/routing/strategy'
import { day, hour, minute } from '../../../core/time'
import {
  aCandidate,
  aStanding,
  aroundNoon,
  candidates,
  inPoolOrder,
  noon,
  scored,
  scoreOf,
} from '../../support/routing'

const preferredTags = ['work']

it('has laws for every strategy', () => {
  expect(scored.map(({ strategy }) => strategy)).toEqual(['hybrid', 'reset-first', 'round-robin'])
  expect(inPoolOrder.map(({ strategy }) => strategy)).toEqual(['sequential', 'manual'])
})

/** Of two accounts that differ in one thing alone, the one that has less of it and the one that has more. */
type Pair = readonly [less: Candidate, more: Candidate]

const lengths = [20 * minute, 5 * hour, 7 * day, 30 * day]

/** With a quota of one to three windows, no two of one length. */
const metered: fc.Arbitrary<Candidate & { readonly windows: ReadonlyArray<Window.Window> }> = fc
  .tuple(
    aCandidate,
    fc.subarray(lengths, { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 14 })), {
      minLength: 3,
      maxLength: 3,
    }),
  )
  .map(([candidate, chosen, told]) => ({
    ...candidate,
    windows: chosen.map((length, index) => {
      const [used, resetsIn] = told[index] ?? [0, 1]
      return Window.make(length, used, O.some(noon + resetsIn * 6 * hour))
    }),
  }))

const having = (candidate: Candidate, windows: ReadonlyArray<Window.Window>): Candidate => ({
  ...candidate,
  quota: O.some({ windows, observedAt: noon, source: 'headers', plan: O.none }),
})

/** Two of it, the smaller first; equal ones are pairs too. */
const twoOf = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<readonly [number, number]> =>
  fc.tuple(arbitrary, arbitrary).map(([one, other]) => [Math.min(one, other), Math.max(one, other)])

/** One window changed; the longest with `isLongest`, else any other. */
const windowPair = (
  isLongest: boolean,
  values: fc.Arbitrary<number>,
  changed: (window: Window.Window, value: number) => Window.Window,
): fc.Arbitrary<Pair> =>
  fc.tuple(metered, twoOf(values), fc.nat(2)).map(([one, pair, place]) => {
    const longest = one.windows.length - 1
    const index = isLongest ? longest : place % Math.max(1, longest)
    const [less, more] = pair.map((value) =>
      having(
        one,
        one.windows.map((window, at) =>
          at === index && isLongest === (at === longest) ? changed(window, value) : window,
        ),
      ),
    )
    return [less ?? one, more ?? one]
  })

const byLeft = (window: Window.Window, left: number) =>
  Window.make(window.length, 100 - left, window.resetsAt)
const byNearness = (window: Window.Window, nearness: number) =>
  Window.make(window.length, window.usedPercent, O.some(noon + 8 * day - nearness))

const left = (isLongest: boolean) => windowPair(isLongest, fc.nat(100), byLeft)
const nearness = windowPair(true, fc.integer({ min: 0, max: 8 * day - minute }), byNearness)

/** One field changed. */
const fieldPair = (
  values: fc.Arbitrary<number>,
  changed: (value: number) => Partial<Candidate>,
): fc.Arbitrary<Pair> =>
  fc.tuple(metered, twoOf(values)).map(([one, [less, more]]): Pair => {
    const base = having(one, one.windows)
    return [
      { ...base, ...changed(less) },
      { ...base, ...changed(more) },
    ]
  })

const plans = ['free', 'plus', 'team', 'prolite', 'pro']
const plan = fieldPair(fc.nat(4), (size) => ({ plan: O.fromNullable(plans[size]) }))
const weight = fieldPair(fc.double({ min: 0, max: 10, noNaN: true }), (value) => ({
  weight: value,
}))
const tag = fieldPair(fc.nat(1), (count) => ({ tags: preferredTags.slice(0, count) }))
const absence = fieldPair(fc.nat(9), (more) => ({ live: 9 - more }))
const rest = fieldPair(fc.nat(9), (more) => ({ inFlight: 9 - more }))
const standingPair = (
  values: fc.Arbitrary<number>,
  changed: (value: number) => Partial<Standing.Standing>,
) => fieldPair(values, (value) => ({ standing: { ...Standing.fresh, ...changed(value) } }))
const answers = standingPair(fc.nat(100), (points) => ({ score: { points, at: noon } }))
const tokens = standingPair(fc.nat(50), (count) => ({ bucket: { tokens: count, at: noon } }))
const waiting = standingPair(fc.nat(day), (waited) => ({ turnAt: noon - waited }))

type Case = readonly [what: string, pair: fc.Arbitrary<Pair>]

/** What more of it raises a score by, and what leaves the score as it is. */
const leanings: Readonly<
  Record<string, { readonly rising: ReadonlyArray<Case>; readonly idle: ReadonlyArray<Case> }>
> = {
  hybrid: {
    rising: [
      ['what is left of the longest window', left(true)],
      ['what is left of a shorter window', left(false)],
      ['the plan', plan],
      ['the weight', weight],
      ['a preferred tag', tag],
      ['conversations that live elsewhere', absence],
      ['requests that are not under way', rest],
      ['answers', answers],
      ['rest', tokens],
    ],
    idle: [
      ['the wait since the last turn', waiting],
      ['the nearness of the reset', nearness],
    ],
  },
  'reset-first': {
    rising: [
      ['what is left of the longest window', left(true)],
      ['what is left of a shorter window, but for the reserve', left(false)],
      ['the nearness of the reset', nearness],
      ['the plan', plan],
      ['the weight', weight],
    ],
    idle: [
      ['a preferred tag', tag],
      ['conversations', absence],
      ['requests under way', rest],
      ['answers', answers],
      ['rest', tokens],
      ['the wait since the last turn', waiting],
    ],
  },
  'round-robin': {
    rising: [
      ['the wait since the last turn', waiting],
      ['requests that are not under way', rest],
    ],
    idle: [
      ['what is left of the longest window', left(true)],
      ['what is left of a shorter window', left(false)],
      ['the nearness of the reset', nearness],
      ['the plan', plan],
      ['the weight', weight],
      ['a preferred tag', tag],
      ['conversations', absence],
      ['answers', answers],
      ['rest', tokens],
    ],
  },
}

const casesOf = (kind: 'rising' | 'idle') =>
  scored.flatMap(({ strategy }) =>
    (leanings[strategy]?.[kind] ?? []).map(([what, pair]) => ({ strategy, what, pair })),
  )

describe('scores', () => {
  const score = (strategy: Strategy.Strategy) => scoreOf(strategy, noon, preferredTags)

  it.each(casesOf('rising'))('of $strategy never fall by $what, and rise by it', (given) => {
    const { pair, strategy } = given
    let risen = 0
    fc.assert(
      fc.property(pair, ([less, more]) => {
        const [low, high] = [less, more].map(score(strategy))
        expect(high).toBeGreaterThanOrEqual(low ?? NaN)
        if ((high ?? 0) > (low ?? 0)) risen += 1
      }),
      { numRuns: 300 },
    )
    expect(risen).toBeGreaterThan(0)
  })

  it.each(casesOf('idle'))('of $strategy are the same by $what', ({ pair, strategy }) => {
    let differed = 0
    fc.assert(
      fc.property(pair, ([less, more]) => {
        expect(score(strategy)(more)).toBe(score(strategy)(less))
        if (JSON.stringify(less) !== JSON.stringify(more)) differed += 1
      }),
    )
    expect(differed).toBeGreaterThan(0)
  })

  /** Whatever stands in a file: a number of JSON may be beyond all others. */
  const anyNumber = fc.oneof(
    fc.double({ noNaN: true, min: 0, maxExcluded: false }),
    fc.constantFrom(0, noon, Number.MAX_VALUE, Infinity),
  )
  const odd: fc.Arbitrary<Candidate> = fc
    .tuple(aCandidate, anyNumber, anyNumber, anyNumber, aStanding)
    .map(([candidate, used, resetsAt, turnAt, standing]) => ({
      ...candidate,
      quota: O.some({
        windows: [Window.make(7 * day, used, O.some(resetsAt))],
        ...{ observedAt: noon, source: 'headers', plan: O.none },
      }),
      standing: { ...standing, turnAt },
    }))

  it.each(scored)('of $strategy are finite, whatever is known of an account', ({ strategy }) => {
    fc.assert(
      fc.property(fc.oneof(aCandidate, odd), aroundNoon, (candidate, now) => {
        expect(Number.isFinite(scoreOf(strategy, now, preferredTags)(candidate))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it.each(scored)('of $strategy put the highest of the lowest tier first', ({ strategy }) => {
    fc.assert(
      fc.property(candidates, aroundNoon, (all, now) => {
        const ground = { now, active: O.none, candidates: all, preferredTags }
        const first = O.toUndefined(Strategy.first(strategy, ground)(all))
        const lowest = Math.min(...all.map(({ tier }) => tier))
        const tier = all.filter((one) => one.tier === lowest)
        const scores = tier.map(scoreOf(strategy, now, preferredTags))
        expect(first).toBe(tier[scores.indexOf(Math.max(...scores))])
      }),
    )
  })

  it('of reset-first leave a reserve to the last', () => {
    let met = 0
    fc.assert(
      fc.property(metered, metered, (one, other) => {
        const [near, far] = [having(one, one.windows), having(other, other.windows)]
        const isSpent = ({ quota }: Candidate) => Snapshot.tightest(noon)(quota) < 0.1
        if (!isSpent(near) || isSpent(far)) return
        met += 1
        expect(score('reset-first')(near)).toBeLessThan(score('reset-first')(far))
      }),
      { numRuns: 500 },
    )
    expect(met).toBeGreaterThan(0)
  })
})
