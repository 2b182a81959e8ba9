/**
 * The pool on disk. Nobody saves a snapshot: a change is a function, applied to what the file holds
 * at that moment, under the lock that every process of the user shares.
 */
import { errAsync, okAsync, type Result, type ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import { second } from '../../core/time'
import type { Layout } from '../../core/storage/layout'
import * as PoolFile from '../../core/storage/pool-file'
import type { FileError } from '../../ports/file-system'
import type { LockError, LockTerms } from '../../ports/lock'
import type { Ports } from './ports'

/** The pool's file says something that is no pool of ours. It is left alone. */
export interface PoolUnreadable {
  readonly _tag: 'PoolUnreadable'
  readonly path: string
  readonly because: PoolFile.PoolFileRefusal
}

export type PoolError = FileError | LockError | PoolUnreadable

/** Held for milliseconds; the wait is for a queue of others, the expiry for a process that was stopped. */
const terms: LockTerms = { waitMax: 20 * second, expiresAfter: 10 * second }

export const readPool =
  (ports: Pick<Ports, 'files'>, layout: Layout): ResultAsync<Pool.Pool, FileError | PoolUnreadable> =>
    ports.files
      .read(layout.pool)
      .andThen((text) =>
        PoolFile.parse(text).mapErr(
          (because): PoolUnreadable => ({ _tag: 'PoolUnreadable', path: layout.pool, because }),
        ),
      )
      .orElse((error) =>
        error._tag === 'NotFound' ? okAsync(Pool.empty) : errAsync(error),
      )

/** What a change makes of the pool, and what it has to tell about it. */
export interface Changed<A> {
  readonly pool: Pool.Pool
  readonly told: A
}

export const changePool =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  <E>(change: (pool: Pool.Pool) => Result<Pool.Pool, E>): ResultAsync<Pool.Pool, E | PoolError> =>
    changePoolTelling(ports, layout)((before) =>
      change(before).map((pool) => ({ pool, told: undefined })),
    ).map(({ pool }) => pool)

/** For a change whose answer is more than the pool it leaves, such as who a selector meant. */
export const changePoolTelling =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  <A, E>(
    change: (pool: Pool.Pool) => Result<Changed<A>, E>,
  ): ResultAsync<Changed<A>, E | PoolError> =>
    ports.files.ensureFolder(layout.root).andThen(() =>
      ports.lock.holding(layout.poolLock, terms, (held) =>
        readPool(ports, layout).andThen((before) =>
          change(before).asyncAndThen((changed) =>
            changed.pool === before
              ? okAsync<Changed<A>, E | PoolError>(changed)
              : held
                  .confirm()
                  .andThen(() => ports.files.replace(layout.pool, PoolFile.print(changed.pool)))
                  .map(() => changed),
          ),
        ),
      ),
    )
