/**
 * Whether an account can serve, and the first reason why it cannot. The order of the tests is the
 * order of blame: what only the person can mend comes before what time mends.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../accounts/account'
import type { AccountKey } from '../accounts/identity'
import * as Cooldown from '../health/cooldown'
import type { Snapshot } from '../quota/snapshot'
import type { Kind } from '../quota/window'
import type { Instant } from '../time'

/** One account as routing sees it. */
export interface Candidate {
  readonly key: AccountKey
  readonly enabled: boolean
  readonly invalidation: O.Option<Account.Invalidation>
  readonly cooldown: Cooldown.Cooldown
  readonly quota: O.Option<Snapshot>
  readonly plan: O.Option<string>
  /** Conversations whose prompt cache is warm on it. */
  readonly live: number
  /** The person gives it a rest. */
  readonly paused: boolean
}

export type Reason =
  | { readonly _tag: 'Disabled' }
  | { readonly _tag: 'NeedsSignIn'; readonly code: string }
  | { readonly _tag: 'Paused' }
  | { readonly _tag: 'RateLimited'; readonly window: O.Option<Kind>; readonly until: Instant }
  | { readonly _tag: 'Cooling'; readonly why: Cooldown.Why; readonly until: Instant }
  /** Refused this very request. */
  | { readonly _tag: 'AlreadyTried' }
  /** Another account was asked for, and nothing else will do. */
  | { readonly _tag: 'NotAskedFor' }

export const candidate = (
  account: Account.Account,
  seen: {
    readonly cooldown: Cooldown.Cooldown
    readonly quota: O.Option<Snapshot>
    readonly live: number
    readonly paused: boolean
  },
): Candidate => ({
  key: Account.key(account),
  enabled: account.enabled,
  invalidation: account.invalidation,
  plan: account.plan,
  ...seen,
})

export const unavailable =
  (now: Instant) =>
  (candidate: Candidate): O.Option<Reason> => {
    const { cooldown, invalidation } = candidate
    if (!candidate.enabled) return O.some({ _tag: 'Disabled' })
    if (O.isSome(invalidation))
      return O.some({ _tag: 'NeedsSignIn', code: invalidation.value.code })
    if (candidate.paused) return O.some({ _tag: 'Paused' })
    if (cooldown._tag === 'Ready' || cooldown.until <= now) return O.none
    const { until, window, why } = cooldown
    return O.some(
      why === 'rate-limited'
        ? { _tag: 'RateLimited', window, until }
        : { _tag: 'Cooling', why, until },
    )
  }

/** When the reason ends by itself; none where a person must act. */
export const endsAt = (reason: Reason): O.Option<Instant> =>
  reason._tag === 'RateLimited' || reason._tag === 'Cooling' ? O.some(reason.until) : O.none
