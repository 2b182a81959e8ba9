/** The choice of an account, with its trace, beside the least that any choice costs: the largest of as many numbers. */
import * as O from 'fp-ts/Option'
import * as Policy from '../../core/accounts/policy'
import * as Cooldown from '../../core/health/cooldown'
import * as Standing from '../../core/health/standing'
import * as Window from '../../core/quota/window'
import * as Capability from '../../core/routing/capability'
import * as Eligibility from '../../core/routing/eligibility'
import { select, type Snapshot } from '../../core/routing/selection'
import * as Terms from '../../core/routing/terms'
import { day, hour, minute } from '../../core/time'
import { us, type Measure, type Row } from '../figure'
import { inTurn, median } from '../statistics'

const now = Date.UTC(2026, 0, 1)

/** One in ten is cooling, one in ten unknown; the others are spent to some part. */
const candidate = (index: number): Eligibility.Candidate => ({
  key: `51a00000-0000-4000-8000-${String(index).padStart(12, '0')}/user-${index}`,
  enabled: true,
  invalidation: O.none,
  cooldown: index % 10 === 3 ? Cooldown.cooling(now + hour, 'rate-limited') : Cooldown.ready,
  quota:
    index % 10 === 7
      ? O.none
      : O.some({
          observedAt: now,
          source: 'headers',
          plan: O.none,
          windows: [
            Window.make(5 * hour, (index * 37) % 100, O.some(now + hour)),
            Window.make(7 * day, (index * 61) % 100, O.some(now + day)),
          ],
        }),
  plan: O.some(index % 2 === 0 ? 'plus' : 'pro'),
  ...Policy.standard,
  standing: {
    ...Standing.fresh,
    score: { points: 80, at: now - minute },
    bucket: { tokens: index % 50, at: now - minute },
  },
  lacks: Capability.none,
  live: index % 3,
  inFlight: index % 2,
})

const snapshotOf = (accounts: number): Snapshot => ({
  now,
  candidates: Array.from({ length: accounts }, (_, index) => candidate(index)),
  strategy: 'hybrid',
  active: O.none,
  pinned: O.none,
  strict: O.none,
  bound: O.none,
  latest: O.none,
  signInsLost: [],
  model: O.some('gpt-5.5'),
  terms: Terms.standard,
  tie: O.none,
  tried: [],
})

const largest = (numbers: ReadonlyArray<number>): number => {
  let at = 0
  for (let index = 1; index < numbers.length; index += 1)
    if ((numbers[index] ?? 0) > (numbers[at] ?? 0)) at = index
  return at
}

/** Of one call, in microseconds; as many calls as make a few milliseconds. */
const timed = (calls: number, work: () => unknown): number => {
  const began = performance.now()
  let last: unknown
  for (let call = 0; call < calls; call += 1) last = work()
  const tookMs = performance.now() - began
  if (last === undefined) throw new Error('The work was left out.')
  return (tookMs * 1_000) / calls
}

interface Cost {
  readonly accounts: number
  readonly ours: number
  readonly reference: number
}

const costOf = async (accounts: number): Promise<Cost> => {
  const snapshot = snapshotOf(accounts)
  const numbers = snapshot.candidates.map((_, index) => (index * 7919) % 10_007)
  const calls = Math.max(10, Math.round(100_000 / accounts))
  const seen = await inTurn(
    21,
    10,
    async () => timed(calls, () => select(snapshot)),
    async () => timed(calls * 30, () => largest(numbers)),
  )
  return { accounts, ours: median(seen.ours), reference: median(seen.reference) }
}

export const selection: Measure = async () => {
  const costs: Array<Cost> = []
  for (const accounts of [10, 100, 1_000, 10_000]) costs.push(await costOf(accounts))
  const rows = costs.map(({ accounts, ours, reference }): Row => ({
    figure: `selection among ${accounts} accounts / largest number`,
    ours: us(ours),
    reference: us(reference),
    ratio: ours / reference,
    bound: { most: 300 },
  }))
  const each = costs.map(({ accounts, ours }) => ours / accounts)
  const [small, large] = [each[1] ?? NaN, each[3] ?? NaN]
  return [
    ...rows,
    {
      figure: 'selection, an account of 10,000 / of 100',
      ours: us(large),
      reference: us(small),
      ratio: large / small,
      bound: { most: 1.5 },
    },
  ]
}
