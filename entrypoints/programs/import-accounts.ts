/** Accounts of a file into the pool: what is there stays, and no sign-in gets older. */
import { ok, type ResultAsync } from 'neverthrow'
import * as Merging from '../../core/accounts/merging'
import type * as Pool from '../../core/accounts/pool'
import type { Layout } from '../../core/storage/layout'
import { readAccounts, type AccountFileError } from './account-file'
import { changePoolTelling, readPool, type PoolError } from './pool'
import type { Ports } from './ports'

export const importBytesMax = 4 * 1024 * 1024

export interface Imported extends Merging.Merged {
  /** What was found in the file that is no account. */
  readonly found: Pool.Pool['notices']
}

export const importAccounts =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  (path: string, isDry: boolean): ResultAsync<Imported, AccountFileError | PoolError> =>
    readAccounts(ports)(path, importBytesMax).andThen((file) => {
      const merging = Merging.merge(file)
      const merged: ResultAsync<Merging.Merged, PoolError> = isDry
        ? readPool(ports, layout).map(merging)
        : changePoolTelling(
            ports,
            layout,
          )((before) => {
            const { pool, taken } = merging(before)
            return ok({ pool, told: taken })
          }).map(({ pool, told: taken }) => ({ pool, taken }))
      return merged.map((done) => ({ ...done, found: file.notices }))
    })
