/**
 * A probe asks one account, and no other, whether it serves. What it learns is what a request would
 * have learnt: the notes are the machine's own, and what the machine would do next is left undone.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import type { Kind } from '../quota/window'
import * as Brake from '../routing/brake'
import type { Reason } from '../routing/eligibility'
import * as Selection from '../routing/selection'
import type { Instant } from '../time'
import * as Machine from './machine'
import type * as Moment from './moment'
import * as Run from './run'
import * as Verdict from './verdict'

export type Outcome =
  | { readonly _tag: 'Served' }
  | { readonly _tag: 'Limited'; readonly until: Instant; readonly window: O.Option<Kind> }
  | { readonly _tag: 'SignInLost'; readonly code: string }
  /** A refresh may mend it, and a probe makes none. */
  | { readonly _tag: 'TokenRefused' }
  | { readonly _tag: 'Barred'; readonly code: string; readonly until: Instant }
  | { readonly _tag: 'ModelRefused' }
  /** The request, or the place it comes from, is at fault. */
  | { readonly _tag: 'RequestRefused' }
  | { readonly _tag: 'BackendFailed'; readonly code: string }
  /** Not asked: its access token has ended, and the next request renews it. */
  | { readonly _tag: 'TokenEnded' }
  /** Not asked, as routing would not ask it either. */
  | { readonly _tag: 'Skipped'; readonly reason: Reason }

/** Why the account is not to be asked, by all that routing knows of it. */
export const skipped = (
  account: AccountKey,
  { at, world }: Omit<Moment.Moment, 'draw'>,
): O.Option<Reason> => {
  const { trace } = Selection.select({ ...world, ...alone(account), now: at, tried: [] })
  const line = trace.find(({ key }) => key === account)
  if (line?._tag === 'Unavailable') return O.some(line.reason)
  // A strict account is spared the brake; one of many that are asked one after the other is not.
  const held = Brake.heldUntil(world.signInsLost)
  const candidate = world.candidates.find(({ key }) => key === account)
  return O.isSome(held) && candidate !== undefined && Brake.isFresh(candidate)
    ? O.some({ _tag: 'HeldBack', until: held.value })
    : O.none
}

const alone = (
  account: AccountKey,
): Pick<Moment.World, 'strict' | 'bound' | 'tie' | 'latest' | 'pinned'> => ({
  strict: O.some(account),
  bound: O.none,
  tie: O.none,
  latest: O.none,
  pinned: O.none,
})

export const outcomeOf =
  (now: Instant) =>
  (refusal: Verdict.Refusal): Outcome => {
    const verdict = Verdict.of(now)(refusal)
    switch (verdict._tag) {
      case 'Limited':
      case 'SignInLost':
      case 'ModelRefused':
        return verdict
      case 'CredentialRefused':
        return { _tag: 'TokenRefused' }
      case 'AccountBarred':
        return { _tag: 'Barred', code: verdict.code, until: verdict.until }
      case 'ProviderFault':
        return { _tag: 'BackendFailed', code: verdict.code }
      case 'PassOn':
      case 'ForeignReasoning':
        return { _tag: 'RequestRefused' }
    }
  }

/** What a refusal teaches of the account. */
export const lessons = (
  account: AccountKey,
  moment: Moment.Moment,
  refusal: Verdict.Refusal,
): ReadonlyArray<Machine.Lesson> => {
  const world = { ...moment.world, ...alone(account) }
  const run = Run.begin('model', moment.at)
  return Machine.lessons(run, account, { ...moment, world, _tag: 'Refused', refusal })
}

/**
 * What came of all probes: whether an account can serve, and who must act where none can. A token that
 * has ended keeps nobody from serving; what the person has taken out of service counts for nothing.
 */
export type Sum = 'serving' | 'needs-sign-in' | 'none'

export const sum = (outcomes: ReadonlyArray<Outcome>): Sum => {
  if (outcomes.some(({ _tag }) => _tag === 'Served' || _tag === 'TokenEnded')) return 'serving'
  const willing = outcomes.filter((one) => !isTakenOut(one))
  const isNobody = willing.length === 0 && outcomes.length > 0
  return !isNobody && willing.every(needsSignIn) ? 'needs-sign-in' : 'none'
}

const isTakenOut = (outcome: Outcome): boolean =>
  outcome._tag === 'Skipped' &&
  (outcome.reason._tag === 'Disabled' ||
    outcome.reason._tag === 'Paused' ||
    outcome.reason._tag === 'OffPolicy')

const needsSignIn = (outcome: Outcome): boolean =>
  outcome._tag === 'SignInLost' ||
  (outcome._tag === 'Skipped' && outcome.reason._tag === 'NeedsSignIn')

/** When an account that was asked, or left alone, may be asked again; none where that is not known. */
export const backAt = (outcome: Outcome): O.Option<Instant> => {
  const told = outcome._tag === 'Skipped' ? outcome.reason : outcome
  return 'until' in told ? O.some(told.until) : O.none
}
