/**
 * What processes tell each other about the accounts between two requests: cooldowns, ties, quota,
 * where the backend of a workspace is. Volatile: a lost write costs a repeated refusal, no account.
 *
 * Changed by observations, each about one account or conversation, so that two processes' changes
 * meet without one undoing the other.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import * as Circuit from '../health/circuit'
import * as Cooldown from '../health/cooldown'
import * as Standing from '../health/standing'
import type * as Plan from '../quota/plan'
import * as Quota from '../quota/snapshot'
import * as Affinity from '../routing/affinity'
import * as Binding from '../routing/binding'
import * as Capability from '../routing/capability'
import type { Instant } from '../time'

export interface RuntimeState {
  readonly cooldowns: Readonly<Record<AccountKey, Cooldown.Cooldown>>
  readonly ties: Affinity.Ties
  readonly quotas: Readonly<Record<AccountKey, Quota.Snapshot>>
  readonly standings: Readonly<Record<AccountKey, Standing.Standing>>
  /** Models each account was refused. */
  readonly lacks: Readonly<Record<AccountKey, Capability.Lacks>>
  readonly bindings: Binding.Bindings
  /** Whose row of the existing tool was asked, and when. */
  readonly seeded: Readonly<Record<AccountKey, Instant>>
}

/** What the row of an account said of it. Counts once, and where nothing else is known of it. */
export interface Seeded {
  readonly _tag: 'Seeded'
  readonly account: AccountKey
  readonly at: Instant
  readonly cooldown: Cooldown.Cooldown
  /** 0 for never. */
  readonly usedAt: Instant
}

export type Observation =
  | Seeded
  | {
      readonly _tag: 'Cooled'
      readonly account: AccountKey
      readonly cooldown: Cooldown.Cooldown
      readonly at: Instant
    }
  /** A cooldown was looked at again; a longer one that came meanwhile stays. */
  | {
      readonly _tag: 'Rechecked'
      readonly account: AccountKey
      readonly before: Cooldown.Cooldown
      readonly left: Cooldown.Cooldown
    }
  | {
      readonly _tag: 'Tied'
      readonly conversation: string
      readonly tie: Affinity.Tie
      /** How much to remember; the standard when left out. */
      readonly memory?: Affinity.Memory
    }
  | { readonly _tag: 'QuotaSeen'; readonly account: AccountKey; readonly snapshot: Quota.Snapshot }
  /** A refusal told that one of its windows is spent, and when that resets. */
  | {
      readonly _tag: 'QuotaSpent'
      readonly account: AccountKey
      readonly resetsAt: Instant
      readonly at: Instant
    }
  /** A refusal named its plan. */
  | { readonly _tag: 'PlanTold'; readonly account: AccountKey; readonly plan: Plan.Told }
  | { readonly _tag: 'Sent'; readonly account: AccountKey; readonly at: Instant }
  | { readonly _tag: 'Served'; readonly account: AccountKey; readonly at: Instant }
  | {
      readonly _tag: 'Failed'
      readonly account: AccountKey
      readonly at: Instant
      readonly fault: Standing.Fault
      /** How many accounts the pool has, as at most half of it is ejected. */
      readonly among: number
    }
  | {
      readonly _tag: 'ModelRefused'
      readonly account: AccountKey
      readonly model: string
      readonly at: Instant
    }
  | { readonly _tag: 'Bound'; readonly id: string; readonly binding: Binding.Binding }

export const empty: RuntimeState = {
  cooldowns: {},
  ties: {},
  quotas: {},
  standings: {},
  lacks: {},
  bindings: {},
  seeded: {},
}

export const cooldownOf =
  (account: AccountKey) =>
  (state: RuntimeState): Cooldown.Cooldown =>
    own(state.cooldowns, account) ?? Cooldown.ready

export const quotaOf =
  (account: AccountKey) =>
  (state: RuntimeState): O.Option<Quota.Snapshot> =>
    O.fromNullable(own(state.quotas, account))

export const standingOf =
  (account: AccountKey) =>
  (state: RuntimeState): Standing.Standing =>
    own(state.standings, account) ?? Standing.fresh

export const lacksOf =
  (account: AccountKey) =>
  (state: RuntimeState): Capability.Lacks =>
    own(state.lacks, account) ?? Capability.none

const withStanding =
  (account: AccountKey, change: (standing: Standing.Standing) => Standing.Standing) =>
  (state: RuntimeState): RuntimeState => ({
    ...state,
    standings: { ...state.standings, [account]: change(standingOf(account)(state)) },
  })

export const apply =
  (observation: Observation) =>
  (state: RuntimeState): RuntimeState => {
    switch (observation._tag) {
      case 'Seeded':
        return isNews(observation)(state) ? applySeed(observation, state) : state
      case 'Cooled': {
        const { account, at, cooldown } = observation
        const extended = Cooldown.extend(at, cooldown)(cooldownOf(account)(state))
        return { ...state, cooldowns: { ...state.cooldowns, [account]: extended } }
      }
      case 'Rechecked': {
        const { account, before, left } = observation
        const isLonger = Cooldown.outlasts(before)(cooldownOf(account)(state))
        return isLonger ? state : { ...state, cooldowns: { ...state.cooldowns, [account]: left } }
      }
      case 'Tied':
        return applyTies([observation], state)
      case 'QuotaSeen': {
        const { account, snapshot } = observation
        const known = own(state.quotas, account)
        const newest = known === undefined ? snapshot : Quota.newest(known, snapshot)
        return { ...state, quotas: { ...state.quotas, [account]: newest } }
      }
      case 'QuotaSpent': {
        const { account, at, resetsAt } = observation
        const spent = Quota.spentUntil(resetsAt, at)(quotaOf(account)(state))
        return { ...state, quotas: { ...state.quotas, [account]: spent } }
      }
      case 'PlanTold': {
        const { account, plan } = observation
        const told = Quota.withPlan(plan)(quotaOf(account)(state))
        return { ...state, quotas: { ...state.quotas, [account]: told } }
      }
      case 'Sent':
        return withStanding(observation.account, Standing.sent(observation.at))(state)
      case 'Served':
        return withStanding(observation.account, Standing.served(observation.at))(state)
      case 'Failed': {
        const { account, among, at, fault } = observation
        const blame = Standing.blame(at, account, among, state.standings)
        return withStanding(account, Standing.failed(at, fault, blame))(state)
      }
      case 'ModelRefused': {
        const { account, at, model } = observation
        const lacks = Capability.refused(model, at)(lacksOf(account)(state))
        return { ...state, lacks: { ...state.lacks, [account]: lacks } }
      }
      case 'Bound': {
        const { binding, id } = observation
        return { ...state, bindings: Binding.bind(id, binding)(state.bindings) }
      }
    }
  }

const applySeed = (
  { account, at, cooldown, usedAt }: Seeded,
  state: RuntimeState,
): RuntimeState => {
  const seeded = { ...state, seeded: { ...state.seeded, [account]: at } }
  const isKnown = [state.cooldowns, state.standings, state.quotas].some((known) =>
    Object.hasOwn(known, account),
  )
  if (isKnown) return seeded
  const used = usedAt > 0 ? withStanding(account, Standing.tookTurn(usedAt))(seeded) : seeded
  return apply({ _tag: 'Cooled', account, cooldown, at })(used)
}

type Tied = Extract<Observation, { readonly _tag: 'Tied' }>

/** Remembers who serves what, and who got something new to it. */
const applyTies = (all: ReadonlyArray<Tied>, state: RuntimeState): RuntimeState => ({
  ...state,
  ties: Affinity.rememberAll(
    all.map(({ conversation, tie }) => [conversation, tie]),
    all[all.length - 1]?.memory ?? Affinity.standard,
  )(state.ties),
  standings: all
    .filter(({ conversation, tie }) => Affinity.isTurn(conversation, tie)(state.ties))
    .reduce(
      (before, { tie }) => withStanding(tie.account, Standing.tookTurn(tie.servedAt))(before),
      state,
    ).standings,
})

/** One after the other. A burst of ties is remembered in one go, as there may be hundreds of them. */
export const applyAll =
  (observations: ReadonlyArray<Observation>) =>
  (state: RuntimeState): RuntimeState => {
    const ties = observations.filter((one) => one._tag === 'Tied')
    const others = observations
      .filter((one) => one._tag !== 'Tied')
      .reduce((before, one) => apply(one)(before), state)
    return ties.length === 0 ? others : applyTies(ties, others)
  }

/** Without anything on the account. */
export const forget =
  (account: AccountKey) =>
  (state: RuntimeState): RuntimeState => {
    const isOther = ([key]: readonly [string, unknown]): boolean => key !== account
    return {
      standings: Object.fromEntries(Object.entries(state.standings).filter(isOther)),
      lacks: Object.fromEntries(Object.entries(state.lacks).filter(isOther)),
      bindings: Object.fromEntries(
        Object.entries(state.bindings).filter(([, binding]) => binding.account !== account),
      ),
      cooldowns: Object.fromEntries(Object.entries(state.cooldowns).filter(isOther)),
      ties: Object.fromEntries(
        Object.entries(state.ties).filter(([, tie]) => tie.account !== account),
      ),
      quotas: Object.fromEntries(Object.entries(state.quotas).filter(isOther)),
      seeded: Object.fromEntries(Object.entries(state.seeded).filter(isOther)),
    }
  }

/** Without what keeps these accounts from serving for a while, and without their quota. */
export const withoutLimits =
  (accounts: ReadonlyArray<AccountKey>, at: Instant) =>
  (state: RuntimeState): RuntimeState => {
    const ofOthers = <A>(record: Readonly<Record<string, A>>): Readonly<Record<string, A>> =>
      Object.fromEntries(Object.entries(record).filter(([key]) => !accounts.includes(key)))
    const standings = Object.entries(state.standings).map(
      ([key, standing]): readonly [string, Standing.Standing] => [
        key,
        accounts.includes(key) ? { ...standing, circuit: Circuit.closed } : standing,
      ],
    )
    return {
      ...state,
      cooldowns: ofOthers(state.cooldowns),
      quotas: ofOthers(state.quotas),
      lacks: ofOthers(state.lacks),
      standings: Object.fromEntries(standings),
      // What their rows say is not to come back.
      seeded: { ...state.seeded, ...Object.fromEntries(accounts.map((key) => [key, at])) },
    }
  }

/** Whether it says more than is known: a busy process notes the same things with every request. */
export const isNews =
  (observation: Observation) =>
  (state: RuntimeState): boolean => {
    switch (observation._tag) {
      case 'Seeded':
        return own(state.seeded, observation.account) === undefined
      case 'Cooled':
      case 'Rechecked':
      case 'Failed':
      case 'ModelRefused':
      case 'QuotaSpent':
      case 'PlanTold':
      case 'Bound':
        return true
      case 'Sent':
      case 'Served': {
        const { account, at } = observation
        return Standing.isNews(at)(standingOf(account)(state))
      }
      case 'Tied':
        return Affinity.isNews(observation.conversation, observation.tie)(state.ties)
      case 'QuotaSeen': {
        const known = own(state.quotas, observation.account)
        return known === undefined || Quota.isNews(known)(observation.snapshot)
      }
    }
  }

const own = <A>(record: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
