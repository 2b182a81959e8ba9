/** What is known of the accounts when a request is decided: the pool, the runtime state, the settings. */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Policy from '../../core/accounts/policy'
import * as Pool from '../../core/accounts/pool'
import * as Machine from '../../core/failover/machine'
import type { Snapshot as Quota } from '../../core/quota/snapshot'
import type * as Cooldown from '../../core/health/cooldown'
import type { Conversation } from '../../core/request/conversation'
import * as Affinity from '../../core/routing/affinity'
import * as Eligibility from '../../core/routing/eligibility'
import type { Settings } from '../../core/settings/catalogue'
import * as RuntimeState from '../../core/storage/runtime-state'
import { second, since, type Instant, type Millis } from '../../core/time'
import type { Accounts } from './accounts'
import type { WatchedPolicies } from './policies'
import type { PoolError } from './pool'
import type { Ports } from './ports'
import type { Runtime } from './runtime'
import type { LiveSettings } from './settings'

export interface Known {
  readonly pool: Pool.Pool
  readonly settings: Settings
  readonly world: Machine.World
}

export interface WorldView {
  readonly look: (conversation: O.Option<Conversation>) => ResultAsync<Known, PoolError>
  readonly coolDown: (account: AccountKey, cooldown: Cooldown.Cooldown) => void
  readonly tie: (conversation: O.Option<Conversation>, account: AccountKey, known: Known) => void
  readonly seeQuota: (account: AccountKey, snapshot: Quota) => void
}

export const openWorld = (
  ports: Pick<Ports, 'clock'>,
  accounts: Accounts,
  runtime: Runtime,
  settings: LiveSettings,
  policies: WatchedPolicies,
  strict: O.Option<AccountKey>,
): WorldView => {
  const view = openView()
  return {
    look: (conversation) =>
      new ResultAsync(
        look(ports, accounts, runtime, { settings, policies, strict }, view, conversation),
      ),
    coolDown: (account, cooldown) => runtime.observe({ _tag: 'Cooled', account, cooldown }),
    tie: (conversation, account, { pool }) => {
      if (O.isNone(conversation)) return
      const tie = { account, servedAt: ports.clock.now(), generation: pool.affinityGeneration }
      runtime.observe({ _tag: 'Tied', conversation: conversation.value.id, tie })
    },
    seeQuota: (account, snapshot) => runtime.observe({ _tag: 'QuotaSeen', account, snapshot }),
  }
}

/** What is the same for every conversation. */
type View = Pick<Machine.World, 'candidates' | 'stale' | 'signInsLost'>

/** What time alone changes in a view, warm conversations and tokens that end, is a matter of minutes. */
const viewFor: Millis = second

type Viewed = (
  now: Instant,
  pool: Pool.Pool,
  state: RuntimeState.RuntimeState,
  settings: Settings,
  policies: Policy.Policies,
) => View

/** The view is kept while nothing has changed: a busy process asks for it with every request. */
const openView = (): Viewed => {
  let last:
    | {
        readonly at: Instant
        readonly pool: Pool.Pool
        readonly state: RuntimeState.RuntimeState
        readonly settings: Settings
        readonly policies: Policy.Policies
        readonly view: View
      }
    | undefined
  return (now, pool, state, settings, policies) => {
    if (
      last?.pool === pool &&
      last.state === state &&
      last.settings === settings &&
      last.policies === policies &&
      Math.abs(since(last.at, now)) < viewFor
    )
      return last.view
    const view: View = {
      candidates: candidatesOf(now, pool, state, policies),
      stale: staleOf(now, pool, settings.tokenRefreshSkewMs),
      signInsLost: Pool.invalidatedSince(now - Machine.signInsLostWithin)(pool),
    }
    last = { at: now, pool, state, settings, policies, view }
    return view
  }
}

const look = async (
  ports: Pick<Ports, 'clock'>,
  accounts: Accounts,
  runtime: Runtime,
  {
    settings: live,
    policies: watched,
    strict,
  }: {
    readonly settings: LiveSettings
    readonly policies: WatchedPolicies
    readonly strict: O.Option<AccountKey>
  },
  viewed: Viewed,
  conversation: O.Option<Conversation>,
): Promise<Result<Known, PoolError>> => {
  const read = await accounts.current()
  if (read.isErr()) return err(read.error)
  const pool = read.value
  const state = await runtime.current()
  const settings = await live.current()
  const policies = await watched.current()
  const now = ports.clock.now()
  const world: Machine.World = {
    ...viewed(now, pool, state, settings, policies),
    strategy: settings.schedulingStrategy,
    active: pool.active,
    pinned: pool.pinned,
    strict,
    tie: tieOf(now, pool, state, conversation),
  }
  return ok({ pool, settings, world })
}

export const candidatesOf = (
  now: Instant,
  pool: Pool.Pool,
  state: RuntimeState.RuntimeState,
  policies: Policy.Policies = {},
): ReadonlyArray<Eligibility.Candidate> => {
  const live = Affinity.liveBy(now)(state.ties)
  return pool.accounts.map((account) => {
    const key = Account.key(account)
    return Eligibility.candidate(account, {
      ...Policy.of(key)(policies),
      cooldown: RuntimeState.cooldownOf(key)(state),
      quota: RuntimeState.quotaOf(key)(state),
      live: live.get(key) ?? 0,
    })
  })
}

/** The conversation's own tie, else its parent's: a title or sub-agent thread starts where that is. */
const tieOf = (
  now: Instant,
  pool: Pool.Pool,
  state: RuntimeState.RuntimeState,
  conversation: O.Option<Conversation>,
): O.Option<Affinity.Tie> => {
  const tied = (id: string): O.Option<Affinity.Tie> =>
    Affinity.tieOf(id, pool.affinityGeneration, now)(state.ties)
  if (O.isNone(conversation)) return O.none
  const { id, parent } = conversation.value
  const own = tied(id)
  return O.isNone(own) && O.isSome(parent) ? tied(parent.value) : own
}

const staleOf = (now: Instant, pool: Pool.Pool, skew: Millis): ReadonlySet<AccountKey> => {
  const isFresh = Credential.isFresh(now, skew)
  return new Set(pool.accounts.filter(({ credential }) => !isFresh(credential)).map(Account.key))
}
