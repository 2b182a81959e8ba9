/**
 * What sign-ins that were taken back do to a choice. A backend that has found several accounts of one
 * person may take back all that it sees in a short while, so a request that has to move goes where
 * accounts are in use already; else one fresh account is asked at a time, a second after the last loss;
 * and after the third loss within a minute none is.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import { after, second, since, type Instant, type Millis } from '../time'
import { endsAt, unavailable, type Candidate } from './eligibility'
import type { Terms } from './terms'

/** When sign-ins were taken back lately, over all processes, the latest last. */
export type Losses = ReadonlyArray<Instant>

/** So many within `lostWithin` hold back whoever has not answered lately. */
export const lostMax = 3
const lostWithin: Millis = 60 * second
/** Between a loss and the next fresh account. */
export const afterLoss: Millis = second

/** One from a clock that was far ahead is none of them. */
export const recent =
  (now: Instant) =>
  (losses: Losses): Losses =>
    losses.filter((at) => Math.abs(since(at, now)) < lostWithin).sort((left, right) => left - right)

/** Until when no fresh account is asked. */
export const heldUntil = (losses: Losses): O.Option<Instant> => {
  const first = losses[losses.length - lostMax]
  return first === undefined ? O.none : O.some(after(first, lostWithin))
}

/** It has not answered a conversation lately. */
export const isFresh = ({ live }: Candidate): boolean => live === 0

/** Those that serve somebody, or are just being asked, where there are any: never two fresh ones at once. */
export const inUse = (available: ReadonlyArray<Candidate>): ReadonlyArray<Candidate> => {
  const used = available.filter(isUsed)
  return used.length > 0 ? used : available
}

const isUsed = ({ inFlight, live }: Candidate): boolean => live + inFlight > 0

/** How long to wait before it is asked. */
export const waitFor =
  (now: Instant, losses: Losses) =>
  (candidate: Candidate): Millis => {
    const last = losses[losses.length - 1]
    return last === undefined || isUsed(candidate)
      ? 0
      : Math.max(0, Math.min(afterLoss, since(now, after(last, afterLoss))))
  }

/** When an account other than the lost one is asked again; none where all are left to the person. */
export const backAfter = (
  held: Instant,
  lost: AccountKey,
  now: Instant,
  { candidates, terms }: { readonly candidates: ReadonlyArray<Candidate>; readonly terms: Terms },
): O.Option<Instant> => {
  const backs = candidates.flatMap((candidate) => {
    if (candidate.key === lost) return []
    const reason = unavailable(now, terms.requiredTags)(candidate)
    if (O.isNone(reason)) return [held]
    const end = endsAt(reason.value)
    return O.isSome(end) ? [Math.max(held, end.value)] : []
  })
  return backs.length === 0 ? O.none : O.some(Math.min(...backs))
}
