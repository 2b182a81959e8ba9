/**
 * Two sets of accounts made one, by identity. Of two sign-ins of one account the newest stays, so no
 * file, however old, takes the place of a token that still works.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as Account from './account'
import * as Credential from './credential'
import * as Label from './label'
import * as Pool from './pool'

export const changes = ['added', 'updated', 'unchanged'] as const
export type Change = (typeof changes)[number]

export interface Taken {
  readonly account: Account.Account
  readonly change: Change
}

export interface Merged {
  readonly pool: Pool.Pool
  /** Those of the other set, as they are in the pool now. */
  readonly taken: ReadonlyArray<Taken>
}

/**
 * Takes the accounts of another pool. Nothing is chosen by it, but where nothing was chosen before.
 * A row that does not know its user is taken for whoever has its e-mail once all others are in: an
 * e-mail that its user has given up by then says no more who that row is.
 */
export const merge =
  (other: Pool.Pool) =>
  (pool: Pool.Pool): Merged =>
    joined(Credential.newest, other, pool)

/** Of a sign-in that is known and another of the same account. */
type Newest = (known: Credential.Credential, other: Credential.Credential) => Credential.Credential

const joined = (newest: Newest, other: Pool.Pool, pool: Pool.Pool): Merged => {
  const { left: nameless, right: named } = RA.partition(Account.hasUserId)(other.accounts)
  const merged = [...named, ...nameless].reduce<Merged>(
    ({ pool: before, taken }, account) => {
      const next = take(newest, account)(before)
      return { pool: next.pool, taken: [...taken, next.taken] }
    },
    { pool, taken: [] },
  )
  const { active } = merged.pool
  return O.isSome(active) || O.isNone(other.active)
    ? merged
    : { ...merged, pool: { ...merged.pool, active: other.active } }
}

const take =
  (newest: Newest, account: Account.Account) =>
  (pool: Pool.Pool): { readonly pool: Pool.Pool; readonly taken: Taken } => {
    const known = Pool.rowOf(account)(pool)
    if (O.isNone(known)) {
      const added = withFreeLabel(pool)(account)
      return { pool: Pool.put(known, added)(pool), taken: { account: added, change: 'added' } }
    }
    const row = joinedWith(newest, account)(known.value)
    return row === known.value
      ? { pool, taken: { account: row, change: 'unchanged' } }
      : { pool: Pool.put(known, row)(pool), taken: { account: row, change: 'updated' } }
  }

/** The account itself where the other has nothing newer to say. */
const joinedWith =
  (newest: Newest, other: Account.Account) =>
  (known: Account.Account): Account.Account => {
    const credential = newest(known.credential, other.credential)
    if (credential !== known.credential)
      return {
        ...Pool.identified(other)(Account.withCredential(credential)(known)),
        invalidation: other.invalidation,
      }
    const isMarked =
      O.isNone(known.invalidation) &&
      O.isSome(other.invalidation) &&
      Credential.sameSecret(known.credential.refresh, other.credential.refresh)
    // Or the next one with this e-mail, somebody else, would be taken for it.
    const named =
      Account.hasUserId(other) && !Account.hasUserId(known) ? Pool.identified(other)(known) : known
    return isMarked ? { ...named, invalidation: other.invalidation } : named
  }

/** A label tells accounts apart, so one that is taken is not taken twice. */
const withFreeLabel =
  ({ accounts }: Pool.Pool) =>
  (account: Account.Account): Account.Account => ({
    ...account,
    label: pipe(
      account.label,
      O.filter(
        (label) =>
          !accounts.some((row) => O.isSome(row.label) && Label.isSame(row.label.value, label)),
      ),
    ),
  })

export interface Restored {
  readonly pool: Pool.Pool
  /** Accounts that the backup does not have. */
  readonly dropped: ReadonlyArray<Account.Account>
}

/**
 * The backup in the place of the pool, with the sign-ins that are newer than those it holds. Where nothing
 * tells which is newer the pool's is, as it may have been renewed within a second of the backup.
 */
export const restore =
  (backup: Pool.Pool) =>
  (pool: Pool.Pool): Restored => {
    const isIn = (account: Account.Account): boolean => O.isSome(Pool.rowOf(account)(backup))
    const { pool: renewed } = joined(
      (known, other) => Credential.newest(other, known),
      { ...pool, accounts: pool.accounts.filter(isIn) },
      backup,
    )
    return {
      pool: {
        ...renewed,
        affinityGeneration: pool.affinityGeneration + 1,
        notices: pool.notices,
      },
      dropped: Pool.missingFrom(backup)(pool),
    }
  }
