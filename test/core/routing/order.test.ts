/** In which order accounts are asked: what decides it by each strategy, and who has no say in it. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Standing from '../../../core/health/standing'
import type { Candidate } from '../../../core/routing/eligibility'
import { select, type Selection, type Snapshot as Given } from '../../../core/routing/selection'
import * as Strategy from '../../../core/routing/strategy'
import { day, hour, minute, second } from '../../../core/time'
import {
  aCandidate,
  aSnapshot,
  candidates,
  inPoolOrder,
  noon,
  ready,
  scored,
  scoreOf,
  snapshotOf,
  strategies,
} from '../../support/routing'

const chosenOf = ({ chosen }: Selection) => O.toUndefined(chosen)

/** Some of them like the first but for the name, so that there are equals. */
const withTwins = (snapshot: Given, copied: ReadonlyArray<boolean>): Given => {
  const [first] = snapshot.candidates
  const candidates = snapshot.candidates.map((one, index) =>
    first !== undefined && copied[index] === true ? { ...first, key: one.key } : one,
  )
  return { ...snapshot, candidates }
}

const anOrder = fc
  .tuple(aSnapshot, fc.array(fc.boolean(), { maxLength: 8 }))
  .map(([snapshot, copied]) => withTwins(snapshot, copied))
  .chain((snapshot) => {
    const { candidates: all } = snapshot
    return fc.record({
      snapshot: fc.constant(snapshot),
      shuffled: fc.shuffledSubarray([...all], { minLength: all.length }),
      turnedBy: fc.nat(Math.max(0, all.length - 1)),
      active: fc.nat(Math.max(0, all.length - 1)),
    })
  })

describe('the order of accounts', () => {
  it.each(scored)('decides between equals alone by $strategy', ({ strategy }) => {
    const met = { same: 0, equals: 0 }
    fc.assert(
      fc.property(anOrder, ({ shuffled, snapshot }) => {
        const given: Given = { ...snapshot, strategy }
        const there = chosenOf(select(given))
        const back = chosenOf(select({ ...given, candidates: shuffled }))
        expect(back?.because).toBe(there?.because)
        if (there?.key === back?.key) {
          if (there?.because === strategy) met.same += 1
          return
        }
        met.equals += 1
        expect(there?.because).toBe(strategy)
        const scores = shuffled
          .filter(({ key }) => key === there?.key || key === back?.key)
          .map(scoreOf(strategy, given.now, given.terms.preferredTags))
        expect(scores[0]).toBe(scores[1])
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(...Object.values(met))).toBeGreaterThan(0)
  })

  it.each(inPoolOrder)('goes round from the active one by $strategy', ({ strategy }) => {
    let chosen = 0
    fc.assert(
      fc.property(anOrder, ({ active, shuffled, snapshot, turnedBy }) => {
        const { candidates: all } = snapshot
        const key = O.fromNullable(all[active]?.key)
        const given: Given = { ...snapshot, strategy, active: key }
        const there = chosenOf(select(given))
        const turned = [...all.slice(turnedBy), ...all.slice(0, turnedBy)]
        expect(chosenOf(select({ ...given, candidates: turned }))).toEqual(there)
        if (there === undefined) return
        chosen += 1
        if (there.key === O.toUndefined(key))
          expect(chosenOf(select({ ...given, candidates: shuffled }))).toEqual(there)
      }),
      { numRuns: 500 },
    )
    expect(chosen).toBeGreaterThan(0)
  })

  it.each(inPoolOrder)('alone decides within a tier by $strategy', ({ strategy }) => {
    fc.assert(
      fc.property(
        candidates,
        fc.array(aCandidate, { minLength: 8 }),
        fc.nat(7),
        (all, lives, n) => {
          const others = all.map((one, index) => ({ ...one, ...lives[index], ...rankOf(one) }))
          const [one, other] = [all, others].map((pool) => {
            const ground = { now: noon, active: O.some(`account-${n}`), preferredTags: [] }
            return Strategy.first(strategy, { ...ground, candidates: pool })(pool)
          })
          const keyOf = O.map(({ key }: Candidate) => key)
          expect(keyOf(other ?? O.none)).toEqual(keyOf(one ?? O.none))
        },
      ),
    )
  })
  const rankOf = ({ key, tier }: Candidate) => ({ key, tier })
})

const withAdded = (
  all: ReadonlyArray<Candidate>,
  added: Candidate,
  place: number,
): ReadonlyArray<Candidate> => [...all.slice(0, place), added, ...all.slice(place)]

describe('an account that cannot serve', () => {
  it.each(strategies)('changes nothing for the others by $strategy', ({ strategy }) => {
    const met = { chosenByIt: 0, nobody: 0 }
    fc.assert(
      fc.property(aSnapshot, aCandidate, fc.nat(8), (snapshot, life, place) => {
        const given: Given = { ...snapshot, strategy }
        const added = { ...life, key: 'added' }
        const more = select({ ...given, candidates: withAdded(given.candidates, added, place) })
        const line = more.trace.find(({ key }) => key === 'added')
        if (line?._tag !== 'Unavailable') return
        const without = select(given)
        expect(more.trace.filter((other) => other !== line)).toEqual(without.trace)
        expect(more.chosen).toEqual(without.chosen)
        const because = chosenOf(without)?.because
        if (because === undefined) met.nobody += 1
        if (because === strategy) met.chosenByIt += 1
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(...Object.values(met))).toBeGreaterThan(0)
  })

  /** Whom each of so many new conversations goes to, a minute apart, with what that leaves behind. */
  const played = (
    strategy: Strategy.Strategy,
    pool: ReadonlyArray<Candidate>,
    times: number,
    active: O.Option<string>,
  ): ReadonlyArray<string | undefined> => {
    const asked: Array<string | undefined> = []
    let now = pool
    for (let turn = 0; turn < times; turn += 1) {
      const at = noon + turn * minute
      const key = chosenOf(select(snapshotOf(now, { now: at, strategy, active })))?.key
      asked.push(key)
      now = now.map((one) =>
        one.key === key
          ? {
              ...one,
              live: one.live + 1,
              standing: Standing.tookTurn(at + 20 * second)(Standing.sent(at)(one.standing)),
            }
          : one,
      )
    }
    return asked
  }

  const out: fc.Arbitrary<Partial<Candidate>> = fc.constantFrom(
    { enabled: false },
    { paused: true },
    { draining: true },
    { invalidation: O.some({ at: noon, code: 'token_revoked' }) },
  )

  const serving = candidates.map((all) =>
    all.map((one) => ready(one.key, { quota: one.quota, tier: one.tier, weight: one.weight })),
  )
  const spreading = ['hybrid', 'round-robin']

  it.each(strategies)('changes no turn of a row of decisions by $strategy', ({ strategy }) => {
    const met = { none: 0, one: 0, several: 0 }
    fc.assert(
      fc.property(
        fc.oneof(candidates, serving),
        fc.tuple(aCandidate, out, fc.nat(8)),
        fc.nat(7),
        (all, [life, reason, place], n) => {
          const added = { ...life, ...reason, key: 'added' }
          const active = O.fromNullable(all[n]?.key)
          const without = played(strategy, all, 12, active)
          expect(played(strategy, withAdded(all, added, place), 12, active)).toEqual(without)
          const asked = new Set(without.filter((key) => key !== undefined)).size
          met[asked === 0 ? 'none' : asked === 1 ? 'one' : 'several'] += 1
        },
      ),
      { numRuns: 200 },
    )
    expect(met.none).toBeGreaterThan(0)
    expect(met.one).toBeGreaterThan(0)
    if (spreading.includes(strategy)) expect(met.several).toBeGreaterThan(20)
  })

  it('leaves even turns to the others by round-robin, wherever the clock has been', () => {
    const before = fc.oneof(
      fc.constant(0),
      fc.integer({ min: noon - day, max: noon }),
      fc.integer({ min: noon + hour, max: noon + day }),
    )
    fc.assert(
      fc.property(fc.array(before, { minLength: 1, maxLength: 6 }), (turns) => {
        const pool = turns.map((turnAt, index) =>
          ready(`account-${index}`, { standing: { ...Standing.fresh, turnAt } }),
        )
        const rounds = [0, 1, 2].map((round) => round * pool.length)
        const asked = played('round-robin', pool, 3 * pool.length, O.none)
        const keys = pool.map(({ key }) => key)
        for (const start of rounds)
          expect([...asked.slice(start, start + pool.length)].sort()).toEqual(keys)
      }),
    )
  })
})
