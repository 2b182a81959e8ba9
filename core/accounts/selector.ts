/**
 * How a person names an account: its number, e-mail, account id, key or label, or an unambiguous part of one.
 * Resolved inside the change it is meant for, against the pool of that moment.
 */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import * as Account from './account'
import type { AccountKey } from './identity'
import type { Pool } from './pool'

export type SelectorRefusal =
  | { readonly _tag: 'NoMatch'; readonly selector: string; readonly candidates: ReadonlyArray<string> }
  | {
      readonly _tag: 'SeveralMatch'
      readonly selector: string
      readonly candidates: ReadonlyArray<string>
    }

export const resolve =
  (selector: string) =>
  (pool: Pool): Result<AccountKey, SelectorRefusal> => {
    const wanted = selector.trim().toLowerCase()
    const numbered = /^\d+$/.test(wanted) ? pool.accounts[Number(wanted) - 1] : undefined
    if (numbered !== undefined) return ok(Account.key(numbered))
    const exact = wanted === '' ? [] : pool.accounts.filter(isCalled((name) => name === wanted))
    const matching =
      exact.length > 0 || wanted === ''
        ? exact
        : pool.accounts.filter(isCalled((name) => name.includes(wanted)))
    const [first, second] = matching
    if (first !== undefined && second === undefined) return ok(Account.key(first))
    return first === undefined
      ? err({ _tag: 'NoMatch', selector, candidates: pool.accounts.map(describe) })
      : err({ _tag: 'SeveralMatch', selector, candidates: matching.map(describe) })
  }

const isCalled =
  (matches: (name: string) => boolean) =>
  (account: Account.Account): boolean =>
    namesOf(account).some((name) => matches(name.toLowerCase()))

const present = <A>(option: O.Option<A>): ReadonlyArray<A> =>
  O.isSome(option) ? [option.value] : []

const namesOf = (account: Account.Account): ReadonlyArray<string> => [
  account.identity.accountId,
  Account.key(account),
  ...present(account.email),
  ...present(account.label),
]

/** As the person may type it back: e-mail and account id, which together are never ambiguous. */
const describe = (account: Account.Account): string =>
  [...present(account.email), account.identity.accountId].join(' ')
