/**
 * Whether an account can serve, and the first reason why it cannot. The order of the tests is the
 * order of blame: what only the person can mend comes before what time mends.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../accounts/account'
import type { AccountKey } from '../accounts/identity'
import * as Policy from '../accounts/policy'
import * as Circuit from '../health/circuit'
import * as Cooldown from '../health/cooldown'
import * as Standing from '../health/standing'
import * as Deferral from '../quota/deferral'
import type { Snapshot } from '../quota/snapshot'
import type { Kind } from '../quota/window'
import type { Instant } from '../time'
import type * as Binding from './binding'
import * as Capability from './capability'
import type { Terms } from './terms'

/** What the processes have seen of an account. */
export interface Seen {
  readonly cooldown: Cooldown.Cooldown
  readonly quota: O.Option<Snapshot>
  readonly standing: Standing.Standing
  readonly lacks: Capability.Lacks
  /** Conversations whose prompt cache is warm on it. */
  readonly live: number
  /** Requests under way on it, over all processes, of conversations that `live` does not count. */
  readonly inFlight: number
}

/** One account as routing sees it. */
export interface Candidate extends Seen, Policy.Policy {
  readonly key: AccountKey
  readonly enabled: boolean
  readonly invalidation: O.Option<Account.Invalidation>
  /** By the newest word. */
  readonly plan: O.Option<string>
}

export type Reason =
  | { readonly _tag: 'Disabled' }
  /** Set aside; it is no candidate at all. */
  | { readonly _tag: 'Flagged'; readonly because: string }
  | { readonly _tag: 'NeedsSignIn'; readonly code: string }
  | { readonly _tag: 'Paused' }
  /** It has none of the tags that the person asks for. */
  | { readonly _tag: 'OffPolicy' }
  /** It keeps what it has; this conversation would be new to it. */
  | { readonly _tag: 'Draining' }
  | { readonly _tag: 'RateLimited'; readonly window: O.Option<Kind>; readonly until: Instant }
  | { readonly _tag: 'Cooling'; readonly why: Cooldown.Why; readonly until: Instant }
  /** The little that is left is kept for when nobody else can serve. */
  | { readonly _tag: 'QuotaDeferred'; readonly window: Kind; readonly until: Instant }
  | { readonly _tag: 'CircuitOpen'; readonly until: Instant }
  | { readonly _tag: 'ModelNotEntitled'; readonly model: string; readonly until: Instant }
  /** Sign-ins of others were taken back one after the other, so no fresh account is asked. */
  | { readonly _tag: 'HeldBack'; readonly until: Instant }
  /** Refused this very request. */
  | { readonly _tag: 'AlreadyTried' }
  /** Another account was asked for, and nothing else will do. */
  | { readonly _tag: 'NotAskedFor' }
  /** What the request holds means something to another account alone. */
  | { readonly _tag: 'BoundElsewhere'; readonly to: AccountKey; readonly by: Binding.Kind }

export const unseen: Seen = {
  cooldown: Cooldown.ready,
  quota: O.none,
  standing: Standing.fresh,
  lacks: Capability.none,
  live: 0,
  inFlight: 0,
}

export const candidate = (
  account: Account.Account,
  given: Partial<Seen>,
  policy: Policy.Policy = Policy.standard,
): Candidate => {
  const seen = { ...unseen, ...given }
  const told = O.isSome(seen.quota) ? seen.quota.value.plan : O.none
  return {
    key: Account.key(account),
    enabled: account.enabled,
    invalidation: account.invalidation,
    plan: Account.planNow(told)(account),
    ...policy,
    ...seen,
  }
}

/** With what more is under way on each account that its `live` does not count. */
export const withInFlight =
  (inFlight: ReadonlyMap<AccountKey, number>) =>
  (candidates: ReadonlyArray<Candidate>): ReadonlyArray<Candidate> =>
    inFlight.size === 0
      ? candidates
      : candidates.map((candidate) => {
          const more = inFlight.get(candidate.key)
          return more === undefined
            ? candidate
            : { ...candidate, inFlight: candidate.inFlight + more }
        })

/** Why it serves nobody now, whatever is asked for. */
export const unavailable =
  (now: Instant, requiredTags: ReadonlyArray<string>) =>
  (candidate: Candidate): O.Option<Reason> => {
    const reason = barred(now, requiredTags, true, candidate)
    return reason === undefined ? O.none : O.some(reason)
  }

/** The same without a wrapper, for the loop of a selection; `isHome` where the conversation is at home. */
export const barred = (
  now: Instant,
  requiredTags: ReadonlyArray<string>,
  isHome: boolean,
  candidate: Candidate,
): Reason | undefined => {
  const { cooldown, invalidation } = candidate
  if (!candidate.enabled) return { _tag: 'Disabled' }
  if (invalidation._tag === 'Some') return { _tag: 'NeedsSignIn', code: invalidation.value.code }
  if (candidate.paused) return { _tag: 'Paused' }
  if (requiredTags.length > 0 && !Policy.hasOneOf(requiredTags)(candidate))
    return { _tag: 'OffPolicy' }
  if (candidate.draining && !isHome) return { _tag: 'Draining' }
  if (cooldown._tag === 'Ready' || Cooldown.isReady(now)(cooldown)) return undefined
  const { until, window, why } = cooldown
  if (why === 'provider') return undefined // No refusal of its own.
  return why === 'rate-limited'
    ? { _tag: 'RateLimited', window, until }
    : { _tag: 'Cooling', why, until }
}

/** Why it is put off while another can serve; it never keeps out the last that can. */
export const putOff = (
  now: Instant,
  deferral: Terms['deferral'],
  { quota }: Candidate,
): Reason | undefined => {
  if (deferral._tag === 'None' || quota._tag === 'None') return undefined
  const deferred = Deferral.of(deferral.value, now, quota.value)
  return deferred === undefined
    ? undefined
    : { _tag: 'QuotaDeferred', window: deferred.window, until: deferred.until }
}

/** Why it is left alone while another can serve; it never keeps out the last that can. */
export const ejected = (
  now: Instant,
  { cooldown, standing: { circuit } }: Candidate,
): Reason | undefined => {
  if (
    cooldown._tag === 'Cooling' &&
    cooldown.why === 'provider' &&
    !Cooldown.isReady(now)(cooldown)
  )
    return { _tag: 'Cooling', why: cooldown.why, until: cooldown.until }
  if (circuit._tag === 'Closed') return undefined
  const held = Circuit.heldUntil(now)(circuit)
  return held._tag === 'None' ? undefined : { _tag: 'CircuitOpen', until: held.value }
}

export const lacking = (
  now: Instant,
  model: O.Option<string>,
  { lacks }: Candidate,
): Reason | undefined => {
  if (model._tag === 'None' || lacks === Capability.none) return undefined
  const until = Capability.lackedUntil(model.value, now)(lacks)
  return until._tag === 'None'
    ? undefined
    : { _tag: 'ModelNotEntitled', model: model.value, until: until.value }
}

/** When the reason ends by itself; none where a person must act. */
export const endsAt = (reason: Reason): O.Option<Instant> =>
  'until' in reason ? O.some(reason.until) : O.none
