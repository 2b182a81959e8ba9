/**
 * Sign-ins that belong to another pool. A refresh token works once: in two pools it would be spent
 * twice, and that ends the sign-in for both.
 */
import * as O from 'fp-ts/Option'
import * as Account from './account'
import * as Credential from './credential'
import * as Pool from './pool'

/** Of the accounts of other pools, those set aside among them. */
export type Others = ReadonlyArray<Account.Account>

type IsElsewhere = (account: Account.Account) => boolean

/** Whether the very sign-in is elsewhere. */
export const hasToken =
  (others: Others): IsElsewhere =>
  ({ credential }) =>
    others.some((other) => Credential.sameSecret(other.credential.refresh, credential.refresh))

/**
 * Whether the account has any sign-in elsewhere: one from a file may be an older state of that, which
 * nobody can tell from its token.
 */
export const hasAccount =
  (others: Others): IsElsewhere =>
  (account) =>
    hasToken(others)(account) || others.some((other) => Account.isSame(other, account))

export interface Divided {
  readonly pool: Pool.Pool
  readonly leftOut: ReadonlyArray<Account.Account>
}

/** Those from a file that stay out; what the pool itself holds of one stays as it is. */
export const leaveOut =
  (isElsewhere: IsElsewhere, own: Pool.Pool) =>
  (file: Pool.Pool): Divided => {
    const leftOut = file.accounts.filter(isElsewhere)
    return { leftOut, pool: leftOut.reduce((pool, account) => withOwn(own, account)(pool), file) }
  }

const withOwn =
  (own: Pool.Pool, account: Account.Account) =>
  (pool: Pool.Pool): Pool.Pool => {
    const known = Pool.rowOf(account)(own)
    return O.isSome(known)
      ? Pool.put(O.some(account), known.value)(pool)
      : Pool.remove(Account.key(account))(pool).unwrapOr(pool)
  }
