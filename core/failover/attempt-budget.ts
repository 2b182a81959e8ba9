/**
 * How much one request may try. It never shrinks below the number of accounts: six accounts of
 * which five are broken still answer.
 */
import { second, type Millis } from '../time'

export interface Budget {
  readonly sendsMax: number
  /** Waits for a backend that fails on every account: as long as a hiccup lasts, not an outage. */
  readonly roundsMax: number
  readonly waitedMax: Millis
  /** No new round so long after the request came: accounts that are silent have used up the patience. */
  readonly roundsWithin: Millis
}

/** Enough rounds that chance alone cannot use them up before `waitedMax` is. */
const roundsMax = 16

export const of = (accounts: number): Budget => ({
  sendsMax: accounts * (roundsMax + 1) + accounts + 1,
  roundsMax,
  waitedMax: 2 * second,
  roundsWithin: 30 * second,
})
