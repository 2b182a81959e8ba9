/**
 * Whether an account has come that was not there to serve: by a sign-in, or because a person enabled
 * it. What time or a refresh brings back is no arrival.
 */
import * as Account from './account'
import type { Pool } from './pool'

export const hasArrival =
  (before: Pool) =>
  (after: Pool): boolean => {
    const there = new Set(before.accounts.filter(mayServe).map(Account.key))
    return after.accounts.some((account) => mayServe(account) && !there.has(Account.key(account)))
  }

const mayServe = (account: Account.Account): boolean =>
  account.enabled && !Account.needsSignIn(account)
