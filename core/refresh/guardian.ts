/**
 * The guardian renews tokens before a request needs them: whom next, and how long it leaves alone whom
 * it could not renew.
 *
 * One at each look and the one that ends soonest first: many renewals in a row have cost people whole
 * sets of accounts, and who is not reached in time is renewed by the request that needs it.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import type { AccountKey } from '../accounts/identity'
import type { Pool } from '../accounts/pool'
import * as Cooldown from '../health/cooldown'
import { after, minute, second, type Instant, type Millis } from '../time'

/** After renewals that failed one after the other. */
export interface Rest {
  readonly until: Instant
  readonly failures: number
}

export type Rests = ReadonlyMap<AccountKey, Rest>

/** The account to renew now: one that may serve and whose token ends within the buffer. */
export const next =
  (now: Instant, buffer: Millis, rests: Rests) =>
  (
    { accounts }: Pool,
    cooldownOf: (account: AccountKey) => Cooldown.Cooldown,
  ): O.Option<Account.Account> => {
    const isDue = (account: Account.Account): boolean => {
      const key = Account.key(account)
      return (
        account.enabled &&
        !Account.needsSignIn(account) &&
        O.isSome(account.credential.expiresAt) &&
        !Credential.isFresh(now, buffer)(account.credential) &&
        Cooldown.isReady(now)(cooldownOf(key)) &&
        (rests.get(key)?.until ?? now) <= now
      )
    }
    const [soonest] = accounts.filter(isDue).toSorted((left, right) => endOf(left) - endOf(right))
    return O.fromNullable(soonest)
  }

const endOf = ({ credential: { expiresAt } }: Account.Account): Instant =>
  O.getOrElse(() => Infinity)(expiresAt)

/** The issuer's status tells what was wrong; none is an issuer that was not reached. */
export const failed =
  (now: Instant, buffer: Millis, status: O.Option<number>) =>
  (rest: Rest | undefined): Rest => {
    const failures = (rest?.failures ?? 0) + 1
    return { until: after(now, spanOf(O.toUndefined(status), failures, buffer)), failures }
  }

const spanOf = (status: number | undefined, failures: number, buffer: Millis): Millis => {
  switch (status) {
    case 429:
      return minute
    case 400:
    case 401:
    case 403:
      return Math.min(buffer, 30 * second * failures)
    default:
      return 6 * second
  }
}
