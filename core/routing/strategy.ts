/**
 * Which of the accounts that can serve is asked first when nothing ties the request to one.
 *
 * A strategy ranks; it never judges whether an account can serve. Order among equals is the pool's.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import * as Snapshot from '../quota/snapshot'
import type { Instant } from '../time'
import type { Candidate } from './eligibility'

/** `manual` is strict on the active account, so it ranks nothing. */
export type Strategy = 'hybrid' | 'sequential' | 'manual'

export const all: ReadonlyArray<Strategy> = ['hybrid', 'sequential', 'manual']

export interface Ground {
  readonly now: Instant
  readonly active: O.Option<AccountKey>
  /** Every account, in pool order. */
  readonly candidates: ReadonlyArray<Candidate>
}

/** Of those that can serve, the one that comes first. */
export const first =
  (strategy: Strategy, ground: Ground) =>
  (available: ReadonlyArray<Candidate>): O.Option<Candidate> =>
    strategy === 'hybrid'
      ? best(available, headRoomShared(ground.now))
      : nextInTurn(ground, available)

/** More than any plan's head-room, and little enough that two shares less it still differ. */
const afterAllOthers = 1_000

/**
 * Head-room of the tightest window in plan units, shared among the conversations that live there
 * and the new one. An account with less than the reserve left comes after all that have more.
 */
export const headRoomShared = (now: Instant): ((candidate: Candidate) => number) => {
  const tightest = Snapshot.tightest(now)
  return (candidate) => {
    const share = Snapshot.headRoom(now, candidate.plan)(candidate.quota) / (1 + candidate.live)
    const isSpent = tightest(candidate.quota) < Snapshot.reserveShare
    return isSpent ? share - afterAllOthers : share
  }
}

const best = (
  candidates: ReadonlyArray<Candidate>,
  score: (candidate: Candidate) => number,
): O.Option<Candidate> => {
  let top: Candidate | undefined
  let topScore = -Infinity
  for (const candidate of candidates) {
    const scored = score(candidate)
    if (scored > topScore) [top, topScore] = [candidate, scored]
  }
  return O.fromNullable(top)
}

/** The active account, else those after it in the pool, else those before it. */
const nextInTurn = (
  { active, candidates }: Ground,
  available: ReadonlyArray<Candidate>,
): O.Option<Candidate> => {
  const start = O.isNone(active) ? 0 : candidates.findIndex(({ key }) => key === active.value)
  const inTurn = [
    ...candidates.slice(Math.max(0, start)),
    ...candidates.slice(0, Math.max(0, start)),
  ]
  const serving = new Set(available)
  return O.fromNullable(inTurn.find((candidate) => serving.has(candidate)))
}
