/**
 * How a person names an account: its number, e-mail, account id, key or label, or an unambiguous part of one.
 * Resolved inside the change it is meant for, against the pool of that moment.
 */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import * as Account from './account'
import type { AccountKey } from './identity'
import * as Pool from './pool'

/** An account that may have been meant. */
export interface Candidate {
  readonly key: AccountKey
  /** As the person sees it, from 1. */
  readonly number: number
  /** Label, else e-mail, else account id. */
  readonly name: string
  readonly email: O.Option<string>
  readonly accountId: string
}

export type SelectorRefusal =
  | {
      readonly _tag: 'NoMatch'
      readonly selector: string
      readonly candidates: ReadonlyArray<Candidate>
    }
  | {
      readonly _tag: 'SeveralMatch'
      readonly selector: string
      readonly candidates: ReadonlyArray<Candidate>
    }

export const resolve =
  (selector: string) =>
  (pool: Pool.Pool): Result<AccountKey, SelectorRefusal> => {
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
      ? err({ _tag: 'NoMatch', selector, candidates: pool.accounts.map(candidateOf(pool)) })
      : err({ _tag: 'SeveralMatch', selector, candidates: matching.map(candidateOf(pool)) })
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

const candidateOf =
  (pool: Pool.Pool) =>
  (account: Account.Account): Candidate => ({
    key: Account.key(account),
    number: Pool.numberOf(Account.key(account))(pool),
    name: Account.name(account),
    email: account.email,
    accountId: account.identity.accountId,
  })
