/**
 * A lease is an expiring claim by one process on one thing, such as a refresh.
 *
 * A claim ends in one of three ways: its owner lets go, its owner dies, or its time runs out. Here is
 * only the judgement of a claim somebody found; finding, making and ending claims is the lock's work.
 */
import * as t from 'io-ts'
import type { Result } from 'neverthrow'
import { decode, parseJson, type Malformed } from '../result'
import { after, since, type Instant, type Millis } from '../time'

export interface Claim {
  /** One run of one process; `startedAt` is opaque. */
  readonly owner: { readonly pid: number; readonly startedAt: string }
  /** Tells this claim from every other, those of the same owner included. */
  readonly nonce: string
  readonly expiresAt: Instant
}

export type Judgement = 'Held' | 'OwnerDead' | 'Expired'

/** A claim is whole before others can see it; a file system shared by machines may still show it late. */
const writingMax: Millis = 1_000

/** A lock is held for milliseconds, so the first look back is soon; a long holder is asked 10 times a second. */
export const firstPoll: Millis = 2
const pollMax: Millis = 100

export const nextPoll = (span: Millis): Millis => Math.min(pollMax, span * 1.5)

export const hasExpired =
  (now: Instant) =>
  (claim: Claim): boolean =>
    claim.expiresAt <= now

/** Whether the claim stands, unbroken, until `remaining` after now. */
export const standsFor =
  (now: Instant, remaining: Millis) =>
  (claim: Claim): boolean =>
    !hasExpired(after(now, remaining))(claim)

/** Death comes first: it is certain, and what ran out may only be late. */
export const judge =
  (now: Instant, isOwnerAlive: boolean) =>
  (claim: Claim): Judgement => {
    if (!isOwnerAlive) return 'OwnerDead'
    return hasExpired(now)(claim) ? 'Expired' : 'Held'
  }

/** A claim that cannot be read was cut short by a power cut, or is just being written. */
export const judgeUnreadable =
  (now: Instant) =>
  (modifiedAt: Instant): Judgement => {
    const age = since(modifiedAt, now)
    // A time far ahead of the clock is damage too: it must not hold the lock until the clock is there.
    return age < writingMax && age > -writingMax ? 'Held' : 'OwnerDead'
  }

export const codec: t.Type<Claim, unknown> = t.strict(
  {
    owner: t.strict({ pid: t.number, startedAt: t.string }),
    nonce: t.string,
    expiresAt: t.number,
  },
  'Claim',
)

export const parse = (text: string): Result<Claim, Malformed> =>
  parseJson(text).andThen(decode(codec))

export const print = (claim: Claim): string => JSON.stringify(codec.encode(claim))
