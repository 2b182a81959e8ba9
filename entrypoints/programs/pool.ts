/**
 * The pool on disk. Nobody saves a snapshot: a change is a function, applied to what the file holds
 * at that moment, under the lock that every process of the user shares.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type Result, type ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import { second } from '../../core/time'
import * as BackupName from '../../core/storage/backup-name'
import * as Layout from '../../core/storage/layout'
import * as PoolFile from '../../core/storage/pool-file'
import type { FileError } from '../../ports/file-system'
import type { Held, LockError, LockTerms } from '../../ports/lock'
import { flaggedFiles } from './flagged-reading'
import { openToOthers, readPoolTelling, type ReadError, type Reading } from './pool-reading'
import { copyAgain, dropFromCopy, save } from './pool-saving'
import type { Ports } from './ports'
import { isOf, sweep } from './drafts'

export { readPool, type PoolUnreadable } from './pool-reading'

export type PoolError = ReadError | LockError

/** Held for milliseconds; the wait is for a queue of others, the expiry for a process that was stopped. */
const terms: LockTerms = { waitMax: 20 * second, expiresAfter: 10 * second }

const retriesMax = 2

/** For what must not meet a change of the pool. Its folder is there. */
export const holdingPool =
  (ports: Pick<Ports, 'lock'>, layout: Layout.Layout) =>
  <A, E>(work: (held: Held) => ResultAsync<A, E>): ResultAsync<A, E | LockError> =>
    ports.lock.holding(layout.poolLock, terms, work)

/**
 * For what ends the journal. By then nothing stands in it alone: a process that died in a save may have
 * left a sign-in there, since the pool was changed last.
 */
export const holdingWholePool =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout.Layout) =>
  <A, E>(work: (held: Held) => ResultAsync<A, E>): ResultAsync<A, E | PoolError> =>
    holdingPool(
      ports,
      layout,
    )((held) =>
      sweepDrafts(ports, layout)
        .andThen(() => readPoolTelling(ports, layout))
        .andThen((reading) => completeSave(ports, layout, held, reading))
        .andThen(() => work(held)),
    )

/** What a change makes of the pool, and what it has to tell about it. */
export interface Changed<A> {
  readonly pool: Pool.Pool
  readonly told: A
}

export const changePool =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout.Layout) =>
  <E>(change: (pool: Pool.Pool) => Result<Pool.Pool, E>): ResultAsync<Pool.Pool, E | PoolError> =>
    changePoolTelling(
      ports,
      layout,
    )((before) => change(before).map((pool) => ({ pool, told: undefined }))).map(({ pool }) => pool)

/** For a change whose answer is more than the pool it leaves, such as who a selector meant. */
export const changePoolTelling =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout.Layout) =>
  <A, E>(
    change: (pool: Pool.Pool) => Result<Changed<A>, E>,
  ): ResultAsync<Changed<A>, E | PoolError> => {
    const attempt = (triesLeft: number): ResultAsync<Result<Changed<A>, E>, PoolError> =>
      holdingPool(
        ports,
        layout,
      )((held) => changeHeld(ports, layout, held, change)).orElse((error) =>
        // Who has lost the lock has written nothing, and may begin again.
        error._tag === 'LockLost' && triesLeft > 0 ? attempt(triesLeft - 1) : errAsync(error),
      )
    return openToOthers(ports, layout).andThen((open) =>
      ensurePoolFolder(ports, layout)
        .andThen(() => attempt(retriesMax))
        .andThen((changed) =>
          changed.map(telling(open.filter(({ path }) => path === layout.poolFolder))),
        ),
    )
  }

/** Each folder on the way to it is for its owner alone. */
export const ensurePoolFolder = (
  { files }: Pick<Ports, 'files'>,
  layout: Layout.Layout,
): ResultAsync<void, FileError> =>
  Layout.poolFolders(layout).reduce<ResultAsync<void, FileError>>(
    (before, folder) => before.andThen(() => files.ensureFolder(folder)),
    okAsync(undefined),
  )

/** What was put in order before the pool was read. */
const telling =
  (more: Pool.Pool['notices']) =>
  <A>({ pool, told }: Changed<A>): Changed<A> => ({
    told,
    pool: more.length === 0 ? pool : { ...pool, notices: [...pool.notices, ...more] },
  })

const changeHeld = <A, E>(
  ports: Pick<Ports, 'files'>,
  layout: Layout.Layout,
  held: Held,
  change: (pool: Pool.Pool) => Result<Changed<A>, E>,
): ResultAsync<Result<Changed<A>, E>, PoolError> =>
  sweepDrafts(ports, layout)
    .andThen((isCutShort) =>
      readPoolTelling(ports, layout).map((reading) => ({ ...reading, isCutShort })),
    )
    .andThen((reading) => completeSave(ports, layout, held, reading).map(() => reading))
    .andThen(({ pool: before, isDamaged, isCutShort }) => {
      const changed = change(before)
      if (changed.isErr()) return okAsync<Result<Changed<A>, E>, PoolError>(changed)
      // What was recovered, or left half done by a death, is put in order in any case.
      const isInOrder = before.notices.length === 0 && !isCutShort
      if (changed.value.pool === before && isInOrder)
        return okAsync<Result<Changed<A>, E>, PoolError>(changed)
      const { pool } = changed.value
      return dropFromCopy(ports, layout, held, Pool.missingFrom(pool)(before))
        .andThen(() => save(ports, layout, held, PoolFile.print(pool), isDamaged))
        .map(() => changed)
    })

/**
 * What a save that died has left undone. Its journal must not be written over while it alone says that
 * a copy is out of date, or holds a sign-in: the change that comes next may take the account away, and
 * die before the file is without it.
 */
const completeSave = (
  ports: Pick<Ports, 'files'>,
  layout: Layout.Layout,
  held: Held,
  { isUnsaved, pool, uncopied }: Reading,
): ResultAsync<void, LockError> => {
  if (isUnsaved) return save(ports, layout, held, PoolFile.print(pool), false)
  return O.isSome(uncopied) ? copyAgain(ports, layout, held, uncopied.value) : okAsync(undefined)
}

/**
 * Removes what a write that never ended has left of the pool, of the accounts set aside and of the
 * backups: a draft holds tokens. Only the holder of the lock
 * writes, so any draft there is belongs to one that died, or that stood still until its lock ran out.
 * The latter asks for its lock after it has made its draft: it either finds the lock gone, or had a
 * draft there before we came, and then its rename fails. So it cannot undo what comes after it.
 * Tells whether a save was cut short: its journal still holds something.
 */
const sweepDrafts = (
  ports: Pick<Ports, 'files'>,
  layout: Layout.Layout,
): ResultAsync<boolean, FileError> =>
  sweep(ports, layout.backups, (path) => BackupName.isDraft(path.slice(layout.backups.length + 1)))
    // A folder of backups that cannot be listed is no reason to change nothing.
    .orElse(() => okAsync([]))
    .andThen(() => sweep(ports, layout.poolFolder, isOf(layout.pool, ...flaggedFiles(layout))))
    .andThen(() => ports.files.stamp(layout.poolJournal))
    .map((journal) => O.isSome(journal) && journal.value.bytes > 0)
