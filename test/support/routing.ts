/** Accounts as routing sees them, and worlds of them, for tables and laws. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Policy from '../../core/accounts/policy'
import type { World } from '../../core/failover/moment'
import type * as FailoverTerms from '../../core/failover/terms'
import * as Cooldown from '../../core/health/cooldown'
import * as Standing from '../../core/health/standing'
import * as Deferral from '../../core/quota/deferral'
import type { Snapshot as Quota } from '../../core/quota/snapshot'
import * as Window from '../../core/quota/window'
import * as Capability from '../../core/routing/capability'
import * as Eligibility from '../../core/routing/eligibility'
import type { Candidate } from '../../core/routing/eligibility'
import type { Snapshot } from '../../core/routing/selection'
import * as Terms from '../../core/routing/terms'
import * as Strategy from '../../core/routing/strategy'
import { day, hour, minute, type Instant } from '../../core/time'

/** A Sunday afternoon; laws may use any other instant. */
export const noon: Instant = Date.UTC(2026, 10, 22, 12)

export const ready = (key: string, given: Partial<Candidate> = {}): Candidate => ({
  key,
  enabled: true,
  invalidation: O.none,
  plan: O.none,
  ...Policy.standard,
  ...Eligibility.unseen,
  ...given,
})

export const quota = (fiveHourUsed: number, weeklyUsed = 0): O.Option<Quota> =>
  O.some({
    observedAt: noon,
    source: 'headers',
    plan: O.none,
    windows: [
      Window.make(5 * hour, fiveHourUsed, O.some(noon + hour)),
      Window.make(7 * day, weeklyUsed, O.some(noon + day)),
    ],
  })

export const snapshotOf = (
  candidates: ReadonlyArray<Candidate>,
  given: Partial<Snapshot> = {},
): Snapshot => ({ ...worldOf(candidates), now: noon, tried: [], ...given })

/** As the catalogue has them when nothing is set. */
const failoverTerms: FailoverTerms.Terms = {
  shortWaitMax: 5_000,
  longWait: O.none,
  networkCooldown: 6_000,
  serverCooldown: 4_000,
  fallbacks: {},
}

export const worldOf = (
  candidates: ReadonlyArray<Candidate>,
  given: Partial<World> = {},
): World => ({
  candidates,
  strategy: 'hybrid',
  active: O.none,
  pinned: O.none,
  strict: O.none,
  bound: O.none,
  tie: O.none,
  latest: O.none,
  model: O.none,
  terms: Terms.standard,
  stale: new Set(),
  signInsLost: [],
  failover: failoverTerms,
  ...given,
})

export const anOption = <A>(value: fc.Arbitrary<A>): fc.Arbitrary<O.Option<A>> =>
  fc.option(value, { nil: undefined }).map(O.fromNullable)

export const aroundNoon: fc.Arbitrary<Instant> = fc.integer({ min: noon - day, max: noon + day })

export const aKind: fc.Arbitrary<Window.Kind> = fc.constantFrom(
  'five-hour',
  'weekly',
  'monthly',
  'other',
)

export const aCooldown: fc.Arbitrary<Cooldown.Cooldown> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(Cooldown.ready) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        aroundNoon,
        fc.constantFrom<Cooldown.Why>('rate-limited', 'credential', 'workspace', 'provider'),
        anOption(aKind),
      )
      .map(([until, why, window]) => Cooldown.cooling(until, why, window)),
  },
)

export const aWindow: fc.Arbitrary<Window.Window> = fc
  .tuple(
    fc.constantFrom(5 * hour, 7 * day, 30 * day, 20 * minute),
    fc.integer({ min: 0, max: 100 }),
    anOption(aroundNoon),
  )
  .map(([length, used, resetsAt]) => Window.make(length, used, resetsAt))

export const aQuota: fc.Arbitrary<Quota> = fc
  .array(aWindow, { maxLength: 3 })
  .map((windows) => ({ windows, observedAt: noon, source: 'headers', plan: O.none }))

const anEvent: fc.Arbitrary<(standing: Standing.Standing) => Standing.Standing> = aroundNoon.chain(
  (at) =>
    fc.constantFrom(
      Standing.sent(at),
      Standing.served(at),
      Standing.failed(at, 'limit', { isOwn: true, mayEject: true }),
      Standing.failed(at, 'provider', { isOwn: true, mayEject: true }),
      Standing.tookTurn(at),
    ),
)

/** As a life of answers and failures leaves it. */
export const aStanding: fc.Arbitrary<Standing.Standing> = fc.oneof(
  fc
    .array(anEvent, { maxLength: 6 })
    .map((events) =>
      events.reduce<Standing.Standing>((standing, event) => event(standing), Standing.fresh),
    ),
  fc.constant(
    [noon - 2_000, noon - 1_000, noon].reduce<Standing.Standing>(
      (standing, at) => Standing.failed(at, 'provider', { isOwn: true, mayEject: true })(standing),
      Standing.fresh,
    ),
  ),
)

export const aCandidate: fc.Arbitrary<Candidate> = fc.record({
  key: fc.constant(''),
  enabled: fc.constant(true),
  invalidation: anOption(fc.constant({ at: noon, code: 'token_revoked' })),
  cooldown: aCooldown,
  quota: anOption(aQuota),
  plan: anOption(fc.constantFrom('plus', 'pro', 'team', 'free', 'unheard-of')),
  live: fc.integer({ min: 0, max: 5 }),
  inFlight: fc.integer({ min: 0, max: 3 }),
  standing: aStanding,
  lacks: fc.oneof(
    { weight: 1, arbitrary: fc.constant(Capability.none) },
    // Most are over by the instant of a law, so that few of them hold.
    { weight: 2, arbitrary: aroundNoon.map((at) => Capability.refused('gpt-5.5', at)({})) },
  ),
  tags: fc.subarray(['work', 'home']),
  note: fc.constant(''),
  weight: fc.constantFrom(1, 1, 0.5, 3, 0),
  tier: fc.constantFrom(0, 0, 1),
  paused: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  draining: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
})

/** Up to eight accounts with keys of their own, some of them barred. */
export const candidates: fc.Arbitrary<ReadonlyArray<Candidate>> = fc
  .array(fc.tuple(aCandidate, fc.integer({ min: 0, max: 9 })), { maxLength: 8 })
  .map((rows) =>
    rows.map(([row, dice], index) => ({
      ...row,
      key: `account-${index}`,
      enabled: dice > 1,
      invalidation: dice > 3 ? O.none : row.invalidation,
    })),
  )

const aKey = fc.integer({ min: 0, max: 8 }).map((index) => `account-${index}`)

const aTie = fc.record({ account: aKey, servedAt: aroundNoon, generation: fc.constant(0) })

export const aWorld: fc.Arbitrary<World> = fc.record({
  candidates,
  strategy: fc.constantFrom(...Strategy.all),
  active: anOption(aKey),
  pinned: anOption(aKey),
  strict: fc.oneof(
    { weight: 5, arbitrary: fc.constant(O.none) },
    { weight: 1, arbitrary: anOption(aKey) },
  ),
  bound: fc.oneof(
    { weight: 8, arbitrary: fc.constant(O.none) },
    {
      weight: 1,
      arbitrary: anOption(
        fc.record({ account: aKey, kind: fc.constant('compaction' as const), at: aroundNoon }),
      ),
    },
  ),
  tie: anOption(aTie),
  latest: anOption(aTie),
  model: anOption(fc.constant('gpt-5.5')),
  terms: fc.record({
    deferral: anOption(fc.constant(Deferral.standard)),
    preferredTags: fc.subarray(['work']),
    requiredTags: fc.constantFrom([], [], [], ['home']),
    minRotationInterval: fc.constantFrom(0, 0, minute),
  }),
  stale: fc.array(aKey, { maxLength: 3 }).map((keys) => new Set(keys)),
  signInsLost: fc.constantFrom<ReadonlyArray<Instant>>(
    [],
    [],
    [],
    [noon],
    [noon - minute, noon],
    [noon - minute, noon - 2_000, noon],
  ),
  failover: fc.record({
    shortWaitMax: fc.constantFrom(0, 5_000, 5_000),
    longWait: anOption(
      fc.record({
        spanMax: fc.constantFrom(hour, Infinity),
        timesMax: fc.constantFrom(1, Infinity),
      }),
    ),
    networkCooldown: fc.constant(6_000),
    serverCooldown: fc.constant(4_000),
    fallbacks: fc.constantFrom({}, { 'gpt-5.5': ['gpt-5.4', 'gpt-5.3'] }),
  }),
})

/** While a circuit that opened at noon is open. */
const justAfterNoon = fc.integer({ min: noon, max: noon + 20_000 })

export const aSnapshot: fc.Arbitrary<Snapshot> = fc
  .tuple(aWorld, fc.oneof(aroundNoon, justAfterNoon), fc.array(aKey, { maxLength: 3 }))
  .map(([world, now, tried]) => ({ ...world, now, tried }))

interface Named {
  readonly strategy: Strategy.Strategy
}

const isScored = ({ strategy }: Named): boolean =>
  Strategy.scoreBy(strategy, { now: noon, preferredTags: [] }) !== undefined

export const strategies: ReadonlyArray<Named> = Strategy.all.map((strategy) => ({ strategy }))
/** Those that rank by a score, and those that go by the order of the pool. */
export const scored = strategies.filter(isScored)
export const inPoolOrder = strategies.filter((one) => !isScored(one))

/** Not a number where the strategy has none. */
export const scoreOf =
  (strategy: Strategy.Strategy, now: Instant, preferredTags: ReadonlyArray<string>) =>
  (candidate: Candidate): number =>
    Strategy.scoreBy(strategy, { now, preferredTags })?.(candidate) ?? NaN
