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
      /** Who is meant, and set aside: until they are back they can be removed, and nothing else. */
      readonly flagged: ReadonlyArray<Candidate>
    }
  | {
      readonly _tag: 'SeveralMatch'
      readonly selector: string
      readonly candidates: ReadonlyArray<Candidate>
    }

export const resolve = (
  selector: string,
): ((pool: Pool.Pool) => Result<AccountKey, SelectorRefusal>) => resolveAmong(() => true)(selector)

/** Of those that are set aside too, for what is done to any account that is known here. */
export const resolveAny =
  (selector: string) =>
  (pool: Pool.Pool): Result<AccountKey, SelectorRefusal> =>
    resolve(selector)(Pool.withFlagged(pool))

/** For a choice between some of the accounts, which have the numbers that they have in the pool. */
export const resolveAmong =
  (isMeant: (account: Account.Account) => boolean) =>
  (selector: string) =>
  (pool: Pool.Pool): Result<AccountKey, SelectorRefusal> => {
    const found = matching(isMeant)(selector)(pool)
    const [first, second] = found
    return first !== undefined && second === undefined
      ? ok(Account.key(first))
      : err(refusal(selector, found, pool.accounts.filter(isMeant))(pool))
  }

/** All that it fits, in the most exact way that fits any. */
export const matching =
  (isMeant: (account: Account.Account) => boolean) =>
  (selector: string) =>
  ({ accounts }: Pool.Pool): ReadonlyArray<Account.Account> => {
    const wanted = selector.trim().toLowerCase()
    if (wanted === '') return []
    const numbered = /^\d+$/.test(wanted) ? accounts[Number(wanted) - 1] : undefined
    if (numbered !== undefined) return [numbered].filter(isMeant)
    const meant = accounts.filter(isMeant)
    const exact = meant.filter(isCalled((name) => name === wanted))
    return exact.length > 0 ? exact : meant.filter(isCalled((name) => name.includes(wanted)))
  }

/** Of one that fits none of `all`, or several. */
export const refusal =
  (selector: string, found: ReadonlyArray<Account.Account>, all: ReadonlyArray<Account.Account>) =>
  (pool: Pool.Pool): SelectorRefusal =>
    found.length === 0
      ? {
          _tag: 'NoMatch',
          selector,
          candidates: all.map(candidateOf(pool)),
          flagged: flaggedAs(selector)(pool).map(candidateOf(pool)),
        }
      : { _tag: 'SeveralMatch', selector, candidates: found.map(candidateOf(pool)) }

const flaggedAs =
  (selector: string) =>
  (pool: Pool.Pool): ReadonlyArray<Account.Account> =>
    matching((account) => pool.flagged.some((one) => one.account === account))(selector)(
      Pool.withFlagged(pool),
    )

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
