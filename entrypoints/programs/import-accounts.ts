/** Accounts of a file into the pool: what is there stays, and no sign-in gets older. */
import { ok, type ResultAsync } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import * as Elsewhere from '../../core/accounts/elsewhere'
import * as Merging from '../../core/accounts/merging'
import * as Pool from '../../core/accounts/pool'
import { isOfProject, type Layout } from '../../core/storage/layout'
import { readAccounts, type AccountFileError } from './account-file'
import { changePoolTelling, readPool, type PoolError } from './pool'
import { besideOthers } from './other-pools'
import type { Ports } from './ports'

export const importBytesMax = 4 * 1024 * 1024

export interface Imported extends Merging.Merged {
  /** What was found in the file that is no account. */
  readonly found: Pool.Pool['notices']
  /** Of the file, those that another pool has a sign-in of. */
  readonly leftOut: ReadonlyArray<Account.Account>
}

/** What one change does to the pool, and what of the file it leaves out. */
interface Joined extends Merging.Merged {
  readonly leftOut: Imported['leftOut']
}

export const importAccounts =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  (path: string, isDry: boolean): ResultAsync<Imported, AccountFileError | PoolError> =>
    readAccounts(ports)(path, importBytesMax).andThen((file) =>
      besideOthers(
        ports,
        layout,
      )((others) => {
        // What a project is given was, as a rule, exported from the user's pool, and may be an older token
        // of a sign-in that has been renewed since. The user's pool mostly gets back what was its own.
        const isElsewhere = isOfProject(layout)
          ? Elsewhere.hasAccount(others)
          : Elsewhere.hasToken(others)
        const joining = joinedWith(file, isElsewhere)
        const joined: ResultAsync<Joined, PoolError> = isDry
          ? readPool(ports, layout).map(joining)
          : changePoolTelling(
              ports,
              layout,
            )((before) => {
              const { pool, ...told } = joining(before)
              return ok({ pool, told })
            }).map(({ pool, told }) => ({ pool, ...told }))
        return joined.map((done) => ({ ...done, found: file.notices }))
      }),
    )

const joinedWith =
  (file: Pool.Pool, isElsewhere: (account: Account.Account) => boolean) =>
  (before: Pool.Pool): Joined => {
    const { leftOut, pool } = Elsewhere.leaveOut(isElsewhere, Pool.empty)(file)
    return { ...Merging.merge(pool)(before), leftOut }
  }
