/**
 * How an account has been doing, as all processes have seen it: its score, how hard it was used, its
 * circuit, and when it last got a conversation that was new to it.
 */
import * as t from 'io-ts'
import { minute, second, since, type Instant, type Millis } from '../time'
import * as Circuit from './circuit'
import * as Score from './score'
import * as TokenBucket from './token-bucket'

export interface Standing {
  readonly score: Score.Score
  readonly bucket: TokenBucket.TokenBucket
  readonly circuit: Circuit.Circuit
  /** When the backend last failed for it alone; 0 for never. */
  readonly failedAt: Instant
  /** When it last got a conversation that was new to it; 0 for never. */
  readonly turnAt: Instant
}

/** A fault of the account; what a host or the whole backend does is not its own. */
export type Fault = 'limit' | 'credential' | 'provider'

export const fresh: Standing = {
  score: Score.full,
  bucket: TokenBucket.full,
  circuit: Circuit.closed,
  failedAt: 0,
  turnAt: 0,
}

export const sent =
  (now: Instant) =>
  (standing: Standing): Standing => ({
    ...standing,
    bucket: TokenBucket.taken(now)(standing.bucket),
    circuit: Circuit.sent(now)(standing.circuit),
  })

export const served =
  (now: Instant) =>
  (standing: Standing): Standing => ({
    ...standing,
    score: Score.changed(Score.answered, now)(standing.score),
    circuit: Circuit.closed,
  })

/** `isOwn` is false in a burst, where others fail alike: such a failure is held against nobody. */
export const failed =
  (now: Instant, fault: Fault, { isOwn, mayEject }: Blame) =>
  (standing: Standing): Standing => {
    if (fault === 'limit')
      return {
        ...standing,
        score: Score.changed(Score.limited, now)(standing.score),
        bucket: TokenBucket.limited(now)(standing.bucket),
      }
    const bucket = TokenBucket.refunded(now)(standing.bucket)
    const failedAt = fault === 'provider' ? now : standing.failedAt
    return isOwn
      ? {
          ...standing,
          bucket,
          failedAt,
          score: Score.changed(Score.failed, now)(standing.score),
          circuit: Circuit.failed(now, mayEject)(standing.circuit),
        }
      : { ...standing, bucket, failedAt }
  }

export interface Blame {
  readonly isOwn: boolean
  readonly mayEject: boolean
}

export const tookTurn =
  (now: Instant) =>
  (standing: Standing): Standing => ({
    ...standing,
    turnAt: Math.max(lastTurn(now)(standing), now),
  })

/** How much later than now a turn may be that is told out of order. */
const toldWithin: Millis = minute

/** One from a clock that was ahead is none: it would stay the last until that clock's time has come. */
export const lastTurn =
  (now: Instant) =>
  ({ turnAt }: Standing): Instant =>
    since(now, turnAt) > toldWithin ? 0 : turnAt

const burstWithin: Millis = 10 * second
const burstOf = 3

/**
 * Whose fault the next failure of `account` is, of a pool of `among`. Three accounts that fail within
 * 10 s, or both of two, fail by a fault that is not theirs; and of a pool at most half is ejected.
 */
export const blame = (
  now: Instant,
  account: string,
  among: number,
  standings: Readonly<Record<string, Standing>>,
): Blame => {
  const others = Object.entries(standings).flatMap(([key, other]) =>
    key === account ? [] : [other],
  )
  const failing = others.filter(({ failedAt }) => Math.abs(since(failedAt, now)) < burstWithin)
  const ejected = others.filter(({ circuit }) => Circuit.isOpen(now)(circuit))
  return {
    isOwn: failing.length + 1 < Math.min(burstOf, Math.max(2, among)),
    mayEject: ejected.length + 1 <= Math.max(1, Math.floor(among / 2)),
  }
}

/** How much of its share a strategy leaves an account, above 0 and at most 1. */
export const favour =
  (now: Instant) =>
  ({ bucket, score }: Standing): number => {
    const answering = Score.pointsAt(now)(score) / 100
    const rested = TokenBucket.tokensAt(now)(bucket) / TokenBucket.capacity
    return (1 - scoreWeight * (1 - answering)) * (1 - bucketWeight * (1 - rested))
  }

/** Small, so that head-room decides: as measured they cost no goodput (docs/routing.md). */
const scoreWeight = 0.3
const bucketWeight = 0.1

/** How often an ordinary answer is worth telling the others. */
const notedFor: Millis = second

/** Whether an answer, or a request, would change anything of note. */
export const isNews =
  (now: Instant) =>
  ({ bucket, circuit, score }: Standing): boolean =>
    circuit !== Circuit.closed ||
    Score.pointsAt(now)(score) < 100 ||
    Math.abs(since(bucket.at, now)) >= notedFor

export const storedForm = t.type(
  {
    score: Score.storedForm,
    bucket: TokenBucket.storedForm,
    circuit: Circuit.storedForm,
    failedAt: t.number,
    turnAt: t.number,
  },
  'Standing',
)
