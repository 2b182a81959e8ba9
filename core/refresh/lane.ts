/**
 * The one lane that all refreshes of the user pass: how far apart they are, and which failure is worth
 * another try. Renewals of several accounts close to each other have cost people whole sets of them.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { Result } from 'neverthrow'
import type { AccountKey } from '../accounts/identity'
import { decode, parseJson, type Malformed } from '../result'
import { second, since, type Instant, type Millis } from '../time'

/** The last token that was spent, whatever came of it. */
export interface Spending {
  readonly account: AccountKey
  readonly at: Instant
}

/**
 * How long to wait before a token of this account is spent. Only accounts are kept apart: who goes on
 * for an owner that died has nothing to wait for.
 */
export const waitBefore =
  (account: AccountKey, now: Instant, spacing: Millis) =>
  (last: O.Option<Spending>): Millis => {
    if (O.isNone(last) || last.value.account === account) return 0
    const passed = since(last.value.at, now)
    // One from the future was written before the clock was set back: it says nothing.
    return passed < 0 ? 0 : Math.max(0, spacing - passed)
  }

/** Before the second and the third try of a token that the issuer failed over and did not refuse. */
export const pauses: ReadonlyArray<Millis> = [0.5 * second, 2 * second]

/** An answer like this says that the token was not spent; no answer at all does not. */
export const isWorthAnother = (status: number): boolean => status >= 500

const form = t.type({ version: t.literal(1), account: t.string, at: t.number }, 'Spending')

export const parse = (text: string): Result<Spending, Malformed> =>
  parseJson(text)
    .andThen(decode(form))
    .map(({ account, at }) => ({ account, at }))

export const print = (spending: Spending): string => JSON.stringify({ version: 1, ...spending })
