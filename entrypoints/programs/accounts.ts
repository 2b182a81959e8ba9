/** The pool as a long-lived process reads it: from memory until the file's stamp has changed. */
import * as O from 'fp-ts/Option'
import { okAsync, type ResultAsync } from 'neverthrow'
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
  return {
    current: () =>
      ports.files.stamp(layout.pool).andThen((seen) =>
        FileStamp.isSame(seen, stamp)
          ? okAsync(known)
          : readPool(ports, layout).map((pool) => {
              stamp = seen
              known = pool
              return pool
            }),
      ),
  }
}
