/**
 * How hard an account has been used lately: a bucket of tokens that fills by itself, of which each
 * request takes one.
 *
 * It biases a choice between accounts that can serve. An empty one throttles nobody: the backend says
 * when an account has had enough.
 */
import * as t from 'io-ts'
import { minute, second, since, type Instant, type Millis } from '../time'

export interface TokenBucket {
  readonly tokens: number
  readonly at: Instant
}

export const capacity = 50
const tokensAMinute = 6
/** What a limit takes beside the request's own token. */
const ofALimit = 10
/** A failure this soon after the request gives its token back, as the account has done no work. */
const refundedWithin: Millis = 90 * second

export const full: TokenBucket = { tokens: capacity, at: 0 }

export const tokensAt =
  (now: Instant) =>
  ({ at, tokens }: TokenBucket): number =>
    clamp(tokens + (tokensAMinute * Math.max(0, since(at, now))) / minute)

const changed =
  (by: number, now: Instant) =>
  (bucket: TokenBucket): TokenBucket => ({ tokens: clamp(tokensAt(now)(bucket) + by), at: now })

export const taken = (now: Instant): ((bucket: TokenBucket) => TokenBucket) => changed(-1, now)
export const limited = (now: Instant): ((bucket: TokenBucket) => TokenBucket) =>
  changed(-ofALimit, now)

/** `bucket.at` is when the last request took its token. */
export const refunded =
  (now: Instant) =>
  (bucket: TokenBucket): TokenBucket =>
    Math.abs(since(bucket.at, now)) <= refundedWithin ? changed(1, now)(bucket) : bucket

const clamp = (tokens: number): number => Math.min(capacity, Math.max(0, tokens))

export const storedForm = t.type({ tokens: t.number, at: t.number }, 'TokenBucket')
