/**
 * What to make of the pool's file and its copies. The journal stands while the file may be older than
 * it, or copies older than the file; else the copy that we alone write says what was stored, whoever
 * has written the file since.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import type { AccountKey } from '../accounts/identity'
import * as Pool from '../accounts/pool'
import type { Notice } from './notice'
import * as PoolFile from './pool-file'

/** A text that may be a pool, and where it was found. */
export interface Copy {
  readonly path: string
  readonly text: string
}

/** A copy that is a pool takes the place of the file at `path`; none when it is no pool. */
export const ofCopy =
  (path: string, tag: 'Recovered' | 'FoundElsewhere') =>
  (copy: Copy): O.Option<Pool.Pool> =>
    PoolFile.parse(copy.text).match(
      (pool) =>
        O.some({ ...pool, notices: [{ _tag: tag, path, from: copy.path }, ...pool.notices] }),
      () => O.none,
    )

/**
 * The pool with what it once held and we did not take away: accounts that are gone from the file, and
 * sign-ins in whose place it has older ones. `setAside` are accounts that are gone for another file.
 */
export const withStored =
  (stored: Pool.Pool, setAside: ReadonlyArray<Account.Account>) =>
  (pool: Pool.Pool): Pool.Pool => {
    const renewed = withSignIns(isOlder, stored, pool)
    const present = new Set<AccountKey>(pool.accounts.map(Account.key))
    const others = [...pool.accounts, ...setAside]
    const gone = stored.accounts.filter(
      (account) =>
        !present.has(Account.key(account)) &&
        !others.some((other) => Account.isSame(other, account)),
    )
    const notices: ReadonlyArray<Notice> = [
      ...gone.map((account) => ({ _tag: 'Restored' as const, name: Account.name(account) })),
      ...namesOfRenewed(renewed, pool).map((name) => ({ _tag: 'SignInKept' as const, name })),
    ]
    return notices.length === 0
      ? pool
      : { ...pool, accounts: [...renewed, ...gone], notices: [...pool.notices, ...notices] }
  }

/**
 * The pool with the sign-ins of a save that its file does not have yet, and never gets when the save has
 * died: a token that was spent for one of them is worth nothing any more, and the new one stands in the
 * journal alone. Whatever else the save was to change was not acknowledged, and may be done again.
 */
export const withJournalled =
  (journalled: Pool.Pool) =>
  (pool: Pool.Pool): Pool.Pool => {
    const accounts = withSignIns(isBehind, journalled, pool)
    const notices = namesOfRenewed(accounts, pool).map((name): Notice => ({
      _tag: 'SignInJournalled',
      name,
    }))
    return notices.length === 0
      ? pool
      : { ...pool, accounts, notices: [...pool.notices, ...notices] }
  }

/** The accounts of the pool, each with the other sign-in where its own comes before that. */
const withSignIns = (
  comesBefore: (account: Account.Account, other: Account.Account) => boolean,
  other: Pool.Pool,
  { accounts }: Pool.Pool,
): ReadonlyArray<Account.Account> => {
  const known = new Map(other.accounts.map((account) => [Account.key(account), account]))
  return accounts.map((account) => {
    const theirs = known.get(Account.key(account))
    return theirs !== undefined && comesBefore(account, theirs)
      ? Account.withCredential(theirs.credential)(account)
      : account
  })
}

const namesOfRenewed = (
  renewed: ReadonlyArray<Account.Account>,
  { accounts }: Pool.Pool,
): ReadonlyArray<string> =>
  renewed.filter((account, index) => account !== accounts[index]).map(Account.name)

const isOlder = (account: Account.Account, known: Account.Account): boolean =>
  Credential.newest(account.credential, known.credential) !== account.credential

/** Where nothing tells which is newer it is the journal's: it is made before the file is. */
const isBehind = ({ credential: own }: Account.Account, { credential }: Account.Account): boolean =>
  !Credential.sameSecret(own.refresh, credential.refresh) &&
  Credential.newest(credential, own) === credential
