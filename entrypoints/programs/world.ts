/** What is known of the accounts when a request is decided: the pool, the runtime state, the settings. */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Policy from '../../core/accounts/policy'
import * as Pool from '../../core/accounts/pool'
import type { World } from '../../core/failover/moment'
import type * as FailoverTerms from '../../core/failover/terms'
import type * as Plan from '../../core/quota/plan'
import type { Snapshot as Quota } from '../../core/quota/snapshot'
import * as Cooldown from '../../core/health/cooldown'
import type * as Standing from '../../core/health/standing'
import { isAmbient, type Conversation } from '../../core/request/conversation'
import * as Affinity from '../../core/routing/affinity'
import * as Binding from '../../core/routing/binding'
import * as Brake from '../../core/routing/brake'
import * as Eligibility from '../../core/routing/eligibility'
import * as Flights from '../../core/routing/flights'
import * as Terms from '../../core/routing/terms'
import type { Settings } from '../../core/settings/catalogue'
import * as RuntimeState from '../../core/storage/runtime-state'
import * as Seeding from '../../core/storage/seeding'
import { second, since, type Instant, type Millis } from '../../core/time'
import type { Accounts } from './accounts'
import type { Load } from './load'
import type { WatchedPolicies } from './policies'
import type { PoolError } from './pool'
import type { Ports } from './ports'
import type { Runtime } from './runtime'
import type { LiveSettings } from './settings'

export interface Known {
  readonly pool: Pool.Pool
  readonly settings: Settings
  readonly world: World
}

/** A request on its way. */
export interface Flight {
  /** It is known whether its conversation lives there now. */
  readonly land: () => void
  /** It is refused or over, and others of its conversation follow it no more. */
  readonly end: () => void
}

export interface WorldView {
  readonly look: (
    conversation: O.Option<Conversation>,
    model: O.Option<string>,
  ) => ResultAsync<Known, PoolError>
  /** With what is under way in this process at this very moment. */
  readonly present: (conversation: O.Option<Conversation>, known: Known) => Known
  readonly coolDown: (account: AccountKey, cooldown: Cooldown.Cooldown, known: Known) => void
  readonly sent: (conversation: O.Option<Conversation>, account: AccountKey, known: Known) => Flight
  /** It is to be sent once the account's token is renewed. */
  readonly renewing: (
    conversation: O.Option<Conversation>,
    account: AccountKey,
    known: Known,
  ) => Flight
  readonly served: (account: AccountKey) => void
  readonly refuseModel: (account: AccountKey, model: string) => void
  /** From now on the conversation can be read there alone. */
  readonly bind: (conversation: O.Option<Conversation>, account: AccountKey) => void
  readonly tie: (conversation: O.Option<Conversation>, account: AccountKey, known: Known) => void
  readonly seeSpent: (account: AccountKey, resetsAt: Instant) => void
  readonly seePlan: (account: AccountKey, plan: Plan.Told) => void
  readonly seeQuota: (account: AccountKey, snapshot: Quota) => void
}

/** Each is looked at anew for every request, and read again when it has changed. */
export interface Sources {
  readonly accounts: Accounts
  readonly policies: WatchedPolicies
  readonly runtime: Runtime
  readonly settings: LiveSettings
  readonly load: Load
}

export const openWorld = (
  ports: Pick<Ports, 'clock'>,
  sources: Sources,
  strict: O.Option<AccountKey>,
): WorldView => {
  const { load, runtime } = sources
  const view = openView()
  const sow = openSowing(sources)
  const following = openFollowing()
  return {
    look: (conversation, model) =>
      new ResultAsync(look(ports, { ...sources, sow }, { strict, conversation, model }, view)),
    present: (conversation, known) => ({
      ...known,
      world: withLoad(load.own(), following.at(ports.clock.now(), conversation, known)),
    }),
    coolDown: (account, given, { pool }) => {
      const at = ports.clock.now()
      const cooldown = Cooldown.clamped(at)(given)
      runtime.observe({ _tag: 'Cooled', account, cooldown, at })
      const fault = cooldown._tag === 'Cooling' ? faults[cooldown.why] : undefined
      if (fault !== undefined)
        runtime.observe({ _tag: 'Failed', account, at, fault, among: pool.accounts.length })
    },
    sent: (conversation, account, known) => {
      const now = ports.clock.now()
      runtime.observe({ _tag: 'Sent', account, at: now })
      const isLive = O.exists((tie: Affinity.Tie) => tie.account === account)(warmTie(now, known))
      return {
        land: isLive ? () => undefined : load.begin(account),
        end: following.begin(conversation, account, known),
      }
    },
    renewing: (conversation, account, known) => ({
      land: () => undefined,
      end: following.begin(conversation, account, known),
    }),
    served: (account) => runtime.observe({ _tag: 'Served', account, at: ports.clock.now() }),
    refuseModel: (account, model) =>
      runtime.observe({ _tag: 'ModelRefused', account, model, at: ports.clock.now() }),
    bind: (conversation, account) => {
      if (O.isNone(conversation) || isAmbient(conversation.value.id)) return
      const binding = { account, kind: 'compaction' as const, at: ports.clock.now() }
      runtime.observe({ _tag: 'Bound', id: conversation.value.id, binding })
    },
    tie: (conversation, account, { pool, settings }) => {
      if (O.isNone(conversation)) return
      const tie = { account, servedAt: ports.clock.now(), generation: pool.affinityGeneration }
      const memory = memoryOf(settings)
      runtime.observe({ _tag: 'Tied', conversation: conversation.value.id, tie, memory })
    },
    seeSpent: (account, resetsAt) =>
      runtime.observe({ _tag: 'QuotaSpent', account, resetsAt, at: ports.clock.now() }),
    seePlan: (account, plan) => runtime.observe({ _tag: 'PlanTold', account, plan }),
    seeQuota: (account, snapshot) => runtime.observe({ _tag: 'QuotaSeen', account, snapshot }),
  }
}

interface Following {
  /** What is remembered and warm goes before what is under way, and that before what is cold. */
  readonly at: (now: Instant, conversation: O.Option<Conversation>, known: Known) => World
  readonly begin: (
    conversation: O.Option<Conversation>,
    account: AccountKey,
    known: Known,
  ) => () => void
}

/** Requests of one conversation that are under way together go to one account. */
const openFollowing = (): Following => {
  let flights = Flights.none
  return {
    at: (now, conversation, known) => {
      const { pool, settings, world } = known
      if (O.isNone(conversation) || !settings.sessionAffinity || O.isSome(warmTie(now, known)))
        return world
      const tie = Flights.tieOf(conversation.value, pool.affinityGeneration, now)(flights)
      return O.isNone(tie) ? world : { ...world, tie }
    },
    begin: (conversation, account, { pool }) => {
      // What belongs to no conversation has no prompt cache to follow.
      if (O.isNone(conversation) || isAmbient(conversation.value.id)) return () => undefined
      const generation = pool.affinityGeneration
      const flight = { conversation: conversation.value.id, account, generation }
      flights = Flights.begin(flight)(flights)
      return () => {
        flights = Flights.end(flight)(flights)
      }
    },
  }
}

const warmTie = (now: Instant, { world }: Known): O.Option<Affinity.Tie> =>
  O.filter(Affinity.isWarm(now))(world.tie)

type Sowing = (now: Instant, pool: Pool.Pool) => Promise<void>

/** What rows of the existing tool say is asked for once a pool, and observed as if it were seen now. */
const openSowing = ({ runtime }: Pick<Sources, 'runtime'>): Sowing => {
  let last: Pool.Pool | undefined
  return async (now, pool) => {
    if (pool === last) return
    last = pool
    const state = await runtime.current()
    Seeding.seedsOf(now, pool.accounts)(state).forEach(runtime.observe)
  }
}

const withLoad = (load: ReadonlyMap<AccountKey, number>, world: World): World => ({
  ...world,
  candidates: Eligibility.withInFlight(load)(world.candidates),
})

/** What an account's cooldown says of how it does; a workspace that may not do something does well. */
const faults: Readonly<Record<Cooldown.Why, Standing.Fault | undefined>> = {
  'rate-limited': 'limit',
  credential: 'credential',
  provider: 'provider',
  workspace: undefined,
}

/** What is the same for every conversation. */
type View = Pick<World, 'candidates' | 'stale' | 'signInsLost' | 'latest'>

/** What time alone changes in a view, warm conversations and tokens that end, is a matter of minutes. */
const viewFor: Millis = second

interface Ground {
  readonly now: Instant
  readonly pool: Pool.Pool
  readonly state: RuntimeState.RuntimeState
  readonly settings: Settings
  readonly policies: Policy.Policies
}

type Viewed = (ground: Ground) => View

/** The view is kept while nothing has changed: a busy process asks for it with every request. */
const openView = (): Viewed => {
  let last: { readonly ground: Ground; readonly view: View } | undefined
  return (ground) => {
    if (last !== undefined && isSameGround(last.ground, ground)) return last.view
    const { now, policies, pool, settings, state } = ground
    const view: View = {
      candidates: candidatesOf(now, pool, state, policies),
      latest: Affinity.latest(state.ties),
      stale: staleOf(now, pool, settings.tokenRefreshSkewMs),
      signInsLost: Brake.recent(now)(Pool.losses(pool)),
    }
    last = { ground, view }
    return view
  }
}

const isSameGround = (left: Ground, right: Ground): boolean =>
  left.pool === right.pool &&
  left.state === right.state &&
  left.settings === right.settings &&
  left.policies === right.policies &&
  Math.abs(since(left.now, right.now)) < viewFor

interface Asked {
  readonly strict: O.Option<AccountKey>
  readonly conversation: O.Option<Conversation>
  readonly model: O.Option<string>
}

const look = async (
  ports: Pick<Ports, 'clock'>,
  sources: Sources & { readonly sow: Sowing },
  { conversation, model, strict }: Asked,
  viewed: Viewed,
): Promise<Result<Known, PoolError>> => {
  const read = await sources.accounts.current()
  if (read.isErr()) return err(read.error)
  const pool = read.value
  await sources.sow(ports.clock.now(), pool)
  const [state, settings, policies] = await Promise.all([
    sources.runtime.current(),
    sources.settings.current(),
    sources.policies.current(),
  ])
  const now = ports.clock.now()
  const world: World = {
    ...viewed({ now, pool, state, settings, policies }),
    strategy: settings.schedulingStrategy,
    active: pool.active,
    pinned: pool.pinned,
    strict,
    bound: boundOf(now, state, conversation),
    model,
    tie: settings.sessionAffinity
      ? tieOf(now, pool, state, memoryOf(settings), conversation)
      : O.none,
    terms: termsOf(settings),
    failover: failoverOf(settings),
  }
  return ok({ pool, settings, world: await loadedByOthers(now, sources.load, world) })
}

/** Who stays where the cache is warm need not know how busy the accounts are. */
const loadedByOthers = async (now: Instant, load: Load, world: World): Promise<World> => {
  const { tie } = world
  const stays =
    O.isSome(tie) &&
    Affinity.isWarm(now)(tie.value) &&
    world.candidates.some(
      (candidate) =>
        candidate.key === tie.value.account &&
        Eligibility.ejected(now, candidate) === undefined &&
        O.isNone(Eligibility.unavailable(now, world.terms.requiredTags)(candidate)),
    )
  return stays ? world : withLoad(await load.others(), world)
}

const memoryOf = (settings: Settings): Affinity.Memory => ({
  span: settings.sessionAffinityTtlMs,
  tiesMax: settings.sessionAffinityMaxEntries,
})

export const termsOf = (settings: Settings): Terms.Terms => ({
  ...Terms.standard,
  deferral: settings.preemptiveQuotaEnabled
    ? O.some({
        fiveHourPercent: settings.preemptiveQuotaRemainingPercent5h,
        longerPercent: settings.preemptiveQuotaRemainingPercent7d,
        longest: settings.preemptiveQuotaMaxDeferralMs,
      })
    : O.none,
  minRotationInterval: settings.minRotationIntervalMs,
  preferredTags: settings.preferredTags.map(Policy.normal),
  requiredTags: settings.requiredTags.map(Policy.normal),
})

const failoverOf = (settings: Settings): FailoverTerms.Terms => ({
  shortWaitMax: settings.rateLimitShortRetryThresholdMs,
  longWait: settings.retryAllAccountsRateLimited
    ? O.some({
        spanMax: orUnbounded(settings.retryAllAccountsMaxWaitMs),
        timesMax: orUnbounded(settings.retryAllAccountsMaxRetries),
      })
    : O.none,
  networkCooldown: settings.networkErrorCooldownMs,
  serverCooldown: settings.serverErrorCooldownMs,
  fallbacks:
    settings.unsupportedCodexPolicy === 'fallback' ? settings.unsupportedCodexFallbackChain : {},
})

const orUnbounded = (bound: number): number => (bound === 0 ? Infinity : bound)

export const candidatesOf = (
  now: Instant,
  pool: Pool.Pool,
  state: RuntimeState.RuntimeState,
  policies: Policy.Policies = {},
): ReadonlyArray<Eligibility.Candidate> => {
  const live = Affinity.liveBy(now)(state.ties)
  return pool.accounts.map((account) => {
    const key = Account.key(account)
    const seen = {
      cooldown: RuntimeState.cooldownOf(key)(state),
      quota: RuntimeState.quotaOf(key)(state),
      standing: RuntimeState.standingOf(key)(state),
      lacks: RuntimeState.lacksOf(key)(state),
      live: live.get(key) ?? 0,
    }
    return Eligibility.candidate(account, seen, Policy.of(key)(policies))
  })
}

/** A conversation that an account has compacted can be read there alone. */
const boundOf = (
  now: Instant,
  { bindings }: RuntimeState.RuntimeState,
  conversation: O.Option<Conversation>,
): O.Option<Binding.Binding> =>
  O.isSome(conversation)
    ? Binding.bindingOf('compaction', conversation.value.id, now)(bindings)
    : O.none

/** The conversation's own tie, else its parent's: a title or sub-agent thread starts where that is. */
const tieOf = (
  now: Instant,
  pool: Pool.Pool,
  state: RuntimeState.RuntimeState,
  memory: Affinity.Memory,
  conversation: O.Option<Conversation>,
): O.Option<Affinity.Tie> => {
  const tied = (id: string): O.Option<Affinity.Tie> =>
    Affinity.tieOf(id, pool.affinityGeneration, now, memory)(state.ties)
  if (O.isNone(conversation)) return O.none
  const { id, parent } = conversation.value
  const own = tied(id)
  return O.isNone(own) && O.isSome(parent) ? tied(parent.value) : own
}

const staleOf = (now: Instant, pool: Pool.Pool, skew: Millis): ReadonlySet<AccountKey> => {
  const isFresh = Credential.isFresh(now, skew)
  return new Set(pool.accounts.filter(({ credential }) => !isFresh(credential)).map(Account.key))
}
