/** What has become of one request so far: what it has used up, and whom it need not ask again. */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import type { Instant, Millis } from '../time'
import type * as Terms from './terms'

/** A model request may be refused in many ways; of any other one only the credential concerns us. */
export type Purpose = 'model' | 'other'

export interface Run {
  readonly purpose: Purpose
  /** Since when its accounts may have been silent. */
  readonly startedAt: Instant
  readonly sends: number
  readonly rounds: number
  /** For a backend that fails on every account. */
  readonly waited: Millis
  /** For an account that comes back in a moment. */
  readonly rested: Millis
  /** How often for one that comes back later. */
  readonly longRests: number
  /** Whose access token was refused: it is not sent again before it is renewed. */
  readonly unauthorized: ReadonlyArray<AccountKey>
  readonly refreshed: ReadonlyArray<AccountKey>
  readonly hasReasoning: boolean
  /** Refused this request for good. */
  readonly barred: ReadonlyArray<AccountKey>
  /** Refused this request until then. */
  readonly resting: ReadonlyArray<Rest>
  /** Could not read what it holds, also without reasoning. */
  readonly unreadable: ReadonlyArray<AccountKey>
  /** May not use the model it asks for now. */
  readonly lacking: ReadonlyArray<AccountKey>
  /** What stands in for the model it came with. */
  readonly standIn: O.Option<string>
  /** What may stand in next. */
  readonly standIns: O.Option<ReadonlyArray<string>>
  /** Failed in this round with nobody to blame yet. */
  readonly failed: ReadonlyArray<Failure>
  /** Could not be renewed in this round, as the issuer failed. */
  readonly unrenewed: ReadonlyArray<AccountKey>
  /** The last such failure, and the longest wait the backend asked for in this round. */
  readonly failure: string
  readonly hint: Millis
}

export interface Rest {
  readonly account: AccountKey
  readonly until: Instant
}

export interface Failure {
  readonly account: AccountKey
  readonly code: string
  /** How long the account rests once another answers; none where the fault was never its own. */
  readonly cooldown: O.Option<Millis>
}

export const begin = (purpose: Purpose, startedAt: Instant): Run => ({
  purpose,
  startedAt,
  sends: 0,
  rounds: 0,
  waited: 0,
  rested: 0,
  longRests: 0,
  unauthorized: [],
  refreshed: [],
  hasReasoning: true,
  barred: [],
  resting: [],
  unreadable: [],
  lacking: [],
  standIn: O.none,
  standIns: O.none,
  failed: [],
  unrenewed: [],
  failure: '',
  hint: 0,
})

/** Whom it does not ask at this moment. */
export const tried =
  (now: Instant) =>
  ({ barred, failed, lacking, resting, unreadable, unrenewed }: Run): ReadonlyArray<AccountKey> => [
    ...barred,
    ...unreadable,
    ...lacking,
    ...resting.filter(({ until }) => now < until).map(({ account }) => account),
    ...failed.map(({ account }) => account),
    ...unrenewed,
  ]

export const barring =
  (account: AccountKey) =>
  (run: Run): Run => ({ ...run, barred: [...run.barred, account] })

export const unreadableBy =
  (account: AccountKey) =>
  (run: Run): Run => ({ ...run, unreadable: [...run.unreadable, account] })

export const resting =
  (rest: Rest) =>
  (run: Run): Run => ({ ...run, resting: [...run.resting, rest] })

export const withoutModel =
  (account: AccountKey) =>
  (run: Run): Run => ({ ...run, lacking: [...run.lacking, account] })

/** With the next model of the chain for `model`, where there is one. */
export const withStandIn =
  (model: string, { fallbacks }: Terms.Terms) =>
  (run: Run): O.Option<Run> => {
    const chain = Object.hasOwn(fallbacks, model) ? fallbacks[model] : undefined
    const [next, ...standIns] = O.getOrElse(() => chain ?? [])(run.standIns)
    return next === undefined
      ? O.none
      : O.some({ ...run, lacking: [], standIn: O.some(next), standIns: O.some(standIns) })
  }

export const failing =
  (failure: Failure, hint: Millis) =>
  (run: Run): Run => ({
    ...run,
    failed: [...run.failed, failure],
    failure: failure.code,
    hint: Math.max(run.hint, hint),
  })

/** As it goes on after a wait: all that only failed may be asked again. */
export const anew = (run: Run): Run => ({ ...run, failed: [], unrenewed: [], hint: 0 })

/** After a wait of `span` for the accounts; none where so long a wait is not wanted. */
export const rested =
  (span: Millis, now: Instant, { longWait, shortWaitMax }: Terms.Terms) =>
  (run: Run): O.Option<Run> => {
    // The silence of accounts before the wait says nothing of them after it.
    const later = { ...run, rounds: run.rounds + 1, startedAt: now + span }
    if (run.rested + span <= shortWaitMax) return O.some({ ...later, rested: run.rested + span })
    if (O.isNone(longWait)) return O.none
    const { spanMax, timesMax } = longWait.value
    return span <= spanMax && run.longRests < timesMax
      ? O.some({ ...later, longRests: run.longRests + 1 })
      : O.none
  }
