/**
 * The decision which account serves, with its trace: for every account whether it was chosen or the
 * first reason why it was not. Whoever explains a decision renders this trace; nothing derives it anew.
 *
 * Order: what binds the request to an account; the strict account; the pin; a conversation's account
 * while its prompt cache is warm; the account of the last answer while the brake holds; then the
 * strategy, where a remembered but cold tie breaks a draw.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import { since, type Instant } from '../time'
import * as Affinity from './affinity'
import type * as Binding from './binding'
import * as Brake from './brake'
import * as Eligibility from './eligibility'
import * as Strategy from './strategy'
import type { Terms } from './terms'

export interface Snapshot {
  readonly now: Instant
  /** In pool order. */
  readonly candidates: ReadonlyArray<Eligibility.Candidate>
  readonly strategy: Strategy.Strategy
  readonly terms: Terms
  readonly active: O.Option<AccountKey>
  readonly pinned: O.Option<AccountKey>
  /** The only account that will do, asked for by name. */
  readonly strict: O.Option<AccountKey>
  /** What ties the request hard to one account. */
  readonly bound: O.Option<Binding.Binding>
  /** The tie of the request's conversation, or else of its parent; a flight may stand in for it. */
  readonly tie: O.Option<Affinity.Tie>
  /** The last answer of all, for the brake. */
  readonly latest: O.Option<Affinity.Tie>
  /** Sign-ins taken back lately. */
  readonly signInsLost: Brake.Losses
  /** What the request asks for, where it says. */
  readonly model: O.Option<string>
  /** Accounts that have refused this very request. */
  readonly tried: ReadonlyArray<AccountKey>
}

export type Because =
  'bound' | 'strict' | 'pinned' | 'warm-conversation' | 'rotation-brake' | Strategy.Strategy

export type Line =
  | { readonly _tag: 'Chosen'; readonly key: AccountKey; readonly because: Because }
  | { readonly _tag: 'Unavailable'; readonly key: AccountKey; readonly reason: Eligibility.Reason }
  /** It could have served; another was preferred. */
  | { readonly _tag: 'NotPreferred'; readonly key: AccountKey }

export interface Selection {
  readonly chosen: O.Option<{ readonly key: AccountKey; readonly because: Because }>
  /** One line an account, in pool order. */
  readonly trace: ReadonlyArray<Line>
}

export const select = (snapshot: Snapshot): Selection => {
  const judgements = snapshot.candidates.map(judgeIn(snapshot))
  const reasons = settled(judgements)
  const available = snapshot.candidates.filter((_, index) => reasons[index] === undefined)
  const chosen = choose(snapshot, available)
  const key = O.isSome(chosen) ? chosen.value.key : undefined
  const trace = snapshot.candidates.map((candidate, index): Line => {
    const reason = reasons[index]
    if (reason !== undefined) return { _tag: 'Unavailable', key: candidate.key, reason }
    return O.isSome(chosen) && candidate.key === key
      ? { _tag: 'Chosen', ...chosen.value }
      : { _tag: 'NotPreferred', key: candidate.key }
  })
  return { chosen, trace }
}

/** The soonest instant at which an account comes back by itself. */
export const soonest = (selection: Selection): O.Option<Instant> => {
  const ends = selection.trace.flatMap((line) => {
    const end = line._tag === 'Unavailable' ? Eligibility.endsAt(line.reason) : O.none
    return O.isSome(end) ? [end.value] : []
  })
  return ends.length === 0 ? O.none : O.some(Math.min(...ends))
}

const strictOf = (snapshot: Snapshot): O.Option<AccountKey> =>
  O.isNone(snapshot.strict) && snapshot.strategy === 'manual' ? snapshot.active : snapshot.strict

/**
 * Why an account cannot serve, in the order of blame. `deferred` and `ejected` hold only while another
 * account can serve; they stand before `late`, and hide it while they hold.
 */
interface Judgement {
  readonly early: Eligibility.Reason | undefined
  readonly deferred: Eligibility.Reason | undefined
  readonly ejected: Eligibility.Reason | undefined
  readonly late: Eligibility.Reason | undefined
}

type Judge = (candidate: Eligibility.Candidate) => Judgement

const free: Judgement = {
  early: undefined,
  deferred: undefined,
  ejected: undefined,
  late: undefined,
}

const alreadyTried: Eligibility.Reason = { _tag: 'AlreadyTried' }
const notAskedFor: Eligibility.Reason = { _tag: 'NotAskedFor' }

const judgeIn = (snapshot: Snapshot): Judge => {
  const { model, now, pinned, terms, tried } = snapshot
  const elsewhere = elsewhereOf(snapshot)
  const home = O.toUndefined(homeOf(snapshot))
  const sentTo = O.toUndefined(pinned)
  const heldBack = heldBackIn(snapshot)
  return (candidate) => {
    const { key } = candidate
    const isHome = key === home
    const early = elsewhere(key) ?? Eligibility.barred(now, terms.requiredTags, isHome, candidate)
    if (early !== undefined)
      return { early, deferred: undefined, ejected: undefined, late: undefined }
    // Who has a warm cache there, or was sent there by the person, spends what is left.
    const isExempt = isHome || key === sentTo
    const deferred = isExempt ? undefined : Eligibility.putOff(now, terms.deferral, candidate)
    const ejected = Eligibility.ejected(now, candidate)
    const late =
      Eligibility.lacking(now, model, candidate) ??
      (tried.length > 0 && tried.includes(key) ? alreadyTried : undefined) ??
      (isExempt || !Brake.isFresh(candidate) ? undefined : heldBack)
    return deferred === undefined && ejected === undefined && late === undefined
      ? free
      : { early, deferred, ejected, late }
  }
}

/** Why no fresh account is asked; a person who asks for one gets it. */
const heldBackIn = (snapshot: Snapshot): Eligibility.Reason | undefined => {
  const until = Brake.heldUntil(snapshot.signInsLost)
  return O.isNone(until) || O.isSome(strictOf(snapshot))
    ? undefined
    : { _tag: 'HeldBack', until: until.value }
}

/** Where the request cannot go, as something ties it to another account. */
const elsewhereOf = (snapshot: Snapshot): ((key: AccountKey) => Eligibility.Reason | undefined) => {
  const { bound } = snapshot
  if (O.isSome(bound)) {
    const { account: to, kind: by } = bound.value
    return (key) => (key === to ? undefined : { _tag: 'BoundElsewhere', to, by })
  }
  const strict = strictOf(snapshot)
  return (key) => (O.isSome(strict) && strict.value !== key ? notAskedFor : undefined)
}

/** The account on which the conversation has a warm cache, or which holds what it cannot do without. */
const homeOf = ({ bound, now, tie }: Snapshot): O.Option<AccountKey> => {
  if (O.isSome(bound)) return O.some(bound.value.account)
  return O.isSome(tie) && Affinity.isWarm(now)(tie.value) ? O.some(tie.value.account) : O.none
}

/** The first reason of each that holds: what only puts off is waived where it would leave nobody. */
const settled = (
  judgements: ReadonlyArray<Judgement>,
): ReadonlyArray<Eligibility.Reason | undefined> => {
  const strictly = judgements.map(
    ({ deferred, early, ejected, late }) => early ?? deferred ?? ejected ?? late,
  )
  if (strictly.includes(undefined)) return strictly
  const withDeferred = judgements.map(({ early, ejected, late }) => early ?? ejected ?? late)
  return withDeferred.includes(undefined)
    ? withDeferred
    : judgements.map(({ early, late }) => early ?? late)
}

const choose = (
  snapshot: Snapshot,
  available: ReadonlyArray<Eligibility.Candidate>,
): Selection['chosen'] => {
  const canServe = (key: AccountKey): boolean => available.some((other) => other.key === key)
  const { bound, latest, now, pinned, strategy, terms, tie } = snapshot
  const isStrict = O.isSome(strictOf(snapshot))
  if (O.isSome(bound))
    return canServe(bound.value.account)
      ? O.some({ key: bound.value.account, because: 'bound' })
      : O.none
  if (O.isSome(pinned) && !isStrict && canServe(pinned.value))
    return O.some({ key: pinned.value, because: 'pinned' })
  if (O.isSome(tie) && !isStrict && Affinity.isWarm(now)(tie.value) && canServe(tie.value.account))
    return O.some({ key: tie.value.account, because: 'warm-conversation' })
  if (
    O.isSome(latest) &&
    !isStrict &&
    Math.abs(since(latest.value.servedAt, now)) < terms.minRotationInterval &&
    canServe(latest.value.account)
  )
    return O.some({ key: latest.value.account, because: 'rotation-brake' })
  const ground: Strategy.Ground = { ...snapshot, preferredTags: terms.preferredTags }
  const among = snapshot.signInsLost.length > 0 ? Brake.inUse(available) : available
  const ranked = Strategy.first(strategy, ground)(tiedFirst(tie, among))
  return O.isNone(ranked)
    ? O.none
    : O.some({ key: ranked.value.key, because: isStrict ? 'strict' : strategy })
}

const tiedFirst = (
  tie: O.Option<Affinity.Tie>,
  candidates: ReadonlyArray<Eligibility.Candidate>,
): ReadonlyArray<Eligibility.Candidate> => {
  if (O.isNone(tie)) return candidates
  const isTied = ({ key }: Eligibility.Candidate): boolean => key === tie.value.account
  return [...candidates.filter(isTied), ...candidates.filter((other) => !isTied(other))]
}
