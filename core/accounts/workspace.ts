/**
 * The workspaces of one person: accounts that differ in their ChatGPT account and share the user or
 * the e-mail. Each is an account of its own everywhere; here alone they are looked at together.
 */
import { err, ok, type Result } from 'neverthrow'
import * as Account from './account'
import type { AccountKey } from './identity'
import type { Pool } from './pool'
import * as Selector from './selector'

const isSamePerson =
  (one: Account.Account) =>
  (other: Account.Account): boolean =>
    Account.hasSameEmail(one, other) ||
    (Account.hasUserId(one) &&
      Account.hasUserId(other) &&
      one.identity.user === other.identity.user)

/** Of the person that a selector names. It may fit several accounts, if all of them are one person's. */
export const ofPerson =
  (selector: string) =>
  (pool: Pool): Result<ReadonlyArray<AccountKey>, Selector.SelectorRefusal> => {
    const found = Selector.matching(() => true)(selector)(pool)
    const [first] = found
    return first !== undefined && found.every(isSamePerson(first))
      ? ok(pool.accounts.filter(isSamePerson(first)).map(Account.key))
      : err(Selector.refusal(selector, found, pool.accounts)(pool))
  }

/** The one of the person's that a second selector names. */
export const resolve =
  (person: string, workspace: string) =>
  (pool: Pool): Result<AccountKey, Selector.SelectorRefusal> =>
    ofPerson(person)(pool).andThen((keys) =>
      Selector.resolveAmong((account) => keys.includes(Account.key(account)))(workspace)(pool),
    )
