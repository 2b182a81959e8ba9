/**
 * The decision which account serves, with its trace: for every account whether it was chosen or the
 * first reason why it was not. Whoever explains a decision renders this trace; nothing derives it anew.
 *
 * Order: the strict account; the pin; a conversation's account while its prompt cache is warm; then
 * the strategy, where a remembered but cold tie breaks a draw.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import type { Instant } from '../time'
import * as Affinity from './affinity'
import * as Eligibility from './eligibility'
import * as Strategy from './strategy'

export interface Snapshot {
  readonly now: Instant
  /** In pool order. */
  readonly candidates: ReadonlyArray<Eligibility.Candidate>
  readonly strategy: Strategy.Strategy
  readonly active: O.Option<AccountKey>
  readonly pinned: O.Option<AccountKey>
  /** The only account that will do, asked for by name. */
  readonly strict: O.Option<AccountKey>
  /** The tie of the request's conversation, or else of its parent. */
  readonly tie: O.Option<Affinity.Tie>
  /** Accounts that have refused this very request. */
  readonly tried: ReadonlyArray<AccountKey>
}

export type Because = 'strict' | 'pinned' | 'warm-conversation' | Strategy.Strategy

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
  const strict = strictOf(snapshot)
  const reasons = snapshot.candidates.map(reasonIn(snapshot, strict))
  const available = snapshot.candidates.filter((_, index) => O.isNone(at(reasons, index)))
  const chosen = choose(snapshot, O.isSome(strict), available)
  const trace = snapshot.candidates.map(({ key }, index): Line => {
    const reason = at(reasons, index)
    if (O.isSome(reason)) return { _tag: 'Unavailable', key, reason: reason.value }
    return O.isSome(chosen) && chosen.value.key === key
      ? { _tag: 'Chosen', key, because: chosen.value.because }
      : { _tag: 'NotPreferred', key }
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

type Judge = (candidate: Eligibility.Candidate) => O.Option<Eligibility.Reason>

const reasonIn = (snapshot: Snapshot, strict: O.Option<AccountKey>): Judge => {
  const unavailable = Eligibility.unavailable(snapshot.now)
  return (candidate) => {
    if (O.isSome(strict) && strict.value !== candidate.key) return O.some({ _tag: 'NotAskedFor' })
    const reason = unavailable(candidate)
    return O.isNone(reason) && snapshot.tried.includes(candidate.key)
      ? O.some({ _tag: 'AlreadyTried' })
      : reason
  }
}

const choose = (
  snapshot: Snapshot,
  isStrict: boolean,
  available: ReadonlyArray<Eligibility.Candidate>,
): Selection['chosen'] => {
  const canServe = (key: AccountKey): boolean => available.some((other) => other.key === key)
  const { now, pinned, strategy, tie } = snapshot
  if (O.isSome(pinned) && !isStrict && canServe(pinned.value))
    return O.some({ key: pinned.value, because: 'pinned' })
  if (O.isSome(tie) && !isStrict && Affinity.isWarm(now)(tie.value) && canServe(tie.value.account))
    return O.some({ key: tie.value.account, because: 'warm-conversation' })
  const ranked = Strategy.first(strategy, snapshot)(tiedFirst(tie, available))
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

const at = (
  reasons: ReadonlyArray<O.Option<Eligibility.Reason>>,
  index: number,
): O.Option<Eligibility.Reason> => reasons[index] ?? O.none
