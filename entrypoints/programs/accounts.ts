/** The pool as a long-lived process reads it: from memory until the file's stamp has changed. */
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type * as Pool from '../../core/accounts/pool'
import type { Layout } from '../../core/storage/layout'
import * as FileStamp from './file-stamp'
import { readPool, type PoolError } from './pool'
import type { Ports } from './ports'

export interface Accounts {
  readonly current: () => ResultAsync<Pool.Pool, PoolError>
}

export const openAccounts = (ports: Pick<Ports, 'files'>, layout: Layout): Accounts => {
  // A file that is missing is looked at too: its copies may stand in for it.
  let known: { readonly pool: Pool.Pool; readonly stamp: FileStamp.Seen } | undefined
  const current = async (): Promise<Result<Pool.Pool, PoolError>> => {
    const seen = await ports.files.stamp(layout.pool)
    if (seen.isErr()) return err(seen.error)
    if (known !== undefined && FileStamp.isSame(seen.value, known.stamp)) return ok(known.pool)
    const pool = await readPool(ports, layout)
    if (pool.isOk()) known = { pool: pool.value, stamp: seen.value }
    return pool
  }
  return { current: () => new ResultAsync(current()) }
}
