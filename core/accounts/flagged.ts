/**
 * An account set aside: it is kept with its sign-in and the reason, and serves nobody until that was
 * tried again. Another tool sets them aside; ours marks a lost sign-in in the pool.
 */
import * as O from 'fp-ts/Option'
import type { Instant } from '../time'
import * as Account from './account'

export interface Flagged {
  /** Without what is said here of it. */
  readonly account: Account.Account
  readonly at: O.Option<Instant>
  /** Why, as the file names it: `token-invalid`. */
  readonly because: string
  /** What the issuer said last. */
  readonly lastError: O.Option<string>
}

/** The account as one that needs a new sign-in, for as long as nobody has tried the one it has. */
export const marked = ({ account, at, because }: Flagged): Account.Account =>
  Account.needsSignIn(account)
    ? account
    : Account.invalidated({ at: O.getOrElse(() => 0)(at), code: because })(account)

export const isOf =
  (account: Account.Account) =>
  (flagged: Flagged): boolean =>
    Account.isSame(flagged.account, account)

/** Of rows that are of one account the first counts. */
export const oneOfEach = (all: ReadonlyArray<Flagged>): ReadonlyArray<Flagged> =>
  all.filter((one, index) => all.findIndex(isOf(one.account)) === index)
