/** The pool as a long-lived process reads it: from memory until the file's stamp has changed. */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import type { Layout } from '../../core/storage/layout'
import * as FileStamp from './file-stamp'
import { readPool, type PoolError } from './pool'
import type { Ports } from './ports'

export interface Accounts {
  readonly current: () => ResultAsync<Pool.Pool, PoolError>
}

export const openAccounts = (ports: Pick<Ports, 'files'>, layout: Layout): Accounts => {
  let known = Pool.empty
  let stamp: FileStamp.Seen = O.none
  const current = async (): Promise<Result<Pool.Pool, PoolError>> => {
    const seen = await ports.files.stamp(layout.pool)
    if (seen.isErr()) return err(seen.error)
    if (FileStamp.isSame(seen.value, stamp)) return ok(known)
    const pool = await readPool(ports, layout)
    if (pool.isErr()) return pool
    stamp = seen.value
    known = pool.value
    return pool
  }
  return { current: () => new ResultAsync(current()) }
}
