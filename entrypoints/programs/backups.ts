/** Copies of the pool that a person has named: made, listed, and put back. */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, okAsync, ResultAsync } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import * as Elsewhere from '../../core/accounts/elsewhere'
import * as Merging from '../../core/accounts/merging'
import type * as Pool from '../../core/accounts/pool'
import * as BackupName from '../../core/storage/backup-name'
import type { Layout } from '../../core/storage/layout'
import type { Instant } from '../../core/time'
import { readBytesMax, type FileError } from '../../ports/file-system'
import { readAccounts, refused, writeAccounts, type AccountFileError } from './account-file'
import { changePoolTelling, ensurePoolFolder, holdingPool, readPool, type PoolError } from './pool'
import { besideOthers } from './other-pools'
import type { Ports } from './ports'

export type BackupError = AccountFileError | BackupName.BackupNameUnfit | PoolError

/** What a restore does was not agreed to. */
export interface RestoreUnconfirmed {
  readonly _tag: 'RestoreUnconfirmed'
  readonly name: string
  readonly dropped: ReadonlyArray<Account.Account>
}

export interface Backup {
  readonly name: string
  readonly path: string
  readonly modifiedAt: Instant
}

export interface BackedUp {
  readonly name: string
  readonly path: string
  readonly pool: Pool.Pool
}

export interface Restored extends Merging.Restored, BackedUp {
  /** Of the backup, those whose very sign-in another pool has. */
  readonly leftOut: ReadonlyArray<Account.Account>
}

type BackupPorts = Pick<Ports, 'files' | 'lock'>

/** Under the lock of the pool, whose next holder removes what a death here has left. */
export const backUp =
  (ports: BackupPorts, layout: Layout) =>
  (given: string): ResultAsync<BackedUp, BackupError> =>
    BackupName.parse(given).asyncAndThen((name) =>
      readPool(ports, layout).andThen((pool) => {
        const path = pathOf(layout, name)
        if (pool.accounts.length === 0) return errAsync(refused(layout.pool, 'empty'))
        return ensurePoolFolder(ports, layout)
          .andThen(() => ports.files.ensureFolder(layout.backups))
          .andThen(() => mustBeOurs(ports, layout, layout.backups))
          .andThen(() => holdingPool(ports, layout)(() => writeAccounts(ports)(path, pool, false)))
          .map(() => ({ name, path, pool }))
      }),
    )

const pathOf = ({ backups }: Layout, name: string): string =>
  `${backups}/${BackupName.fileOf(name)}`

/** A link in the place of the folder, or of a file in it, would lead tokens elsewhere, or bring others'. */
const mustBeOurs = (
  { files }: Pick<Ports, 'files'>,
  { root }: Layout,
  path: string,
): ResultAsync<void, AccountFileError> =>
  files
    .realPath(root)
    .andThen((realRoot) => files.realPath(path).map((real) => ({ realRoot, real })))
    .andThen(({ realRoot, real }) => {
      if (O.isNone(real) || O.isNone(realRoot)) return errAsync(refused(path, 'missing'))
      const isOurs = plain(real.value) === plain(realRoot.value) + path.slice(root.length)
      return isOurs ? okAsync(undefined) : errAsync(refused(path, 'link'))
    })

/** Windows has another separator. */
const plain = (path: string): string => path.replaceAll('\\', '/')

/** In the order of their names. */
export const listBackups = (
  { files }: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<ReadonlyArray<Backup>, FileError> =>
  files
    .list(layout.backups)
    .map(BackupName.among)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync([]) : errAsync(error)))
    .andThen((names) =>
      ResultAsync.combine(
        names.map((name) => {
          const path = pathOf(layout, name)
          return files
            .stamp(path)
            .map((stamp) =>
              O.isSome(stamp) ? [{ name, path, modifiedAt: stamp.value.modifiedAt }] : [],
            )
        }),
      ),
    )
    .map((found) => found.flat())

export const restoreBackup =
  (ports: BackupPorts, layout: Layout) =>
  (given: string, isConfirmed: boolean): ResultAsync<Restored, BackupError | RestoreUnconfirmed> =>
    BackupName.parse(given).asyncAndThen((name) => {
      const path = pathOf(layout, name)
      return mustBeOurs(ports, layout, path)
        .andThen(() => readAccounts(ports)(path, readBytesMax))
        .andThen((file) =>
          besideOthers(
            ports,
            layout,
          )((others) =>
            changePoolTelling(
              ports,
              layout,
            )((before) => {
              const divide = Elsewhere.leaveOut(Elsewhere.hasToken(others), before)
              const { leftOut, pool: backup } = divide(file)
              const { pool, dropped } = Merging.restore(backup)(before)
              return isConfirmed
                ? ok({ pool, told: { dropped, leftOut } })
                : err<never, RestoreUnconfirmed>({ _tag: 'RestoreUnconfirmed', name, dropped })
            }),
          ),
        )
        .map(({ pool, told }) => ({ name, path, pool, ...told }))
    })
