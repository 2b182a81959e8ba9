/** Changes of the accounts that are set aside, on the disk, under the lock of the pool. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync, type Result } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import type * as Flagged from '../../core/accounts/flagged'
import * as FlaggedFile from '../../core/storage/flagged-file'
import type { Layout } from '../../core/storage/layout'
import type { PoolFileRefusal } from '../../core/storage/pool-file'
import { flaggedFiles } from './flagged-reading'
import { holdingPool, type PoolError } from './pool'
import type { Ports } from './ports'

type SetAsidePorts = Pick<Ports, 'files' | 'lock'>

/** Stored for good: what it holds may be the only good token of the account. */
export const setAside = (
  ports: SetAsidePorts,
  layout: Layout,
  flagged: Flagged.Flagged,
): ResultAsync<void, PoolError> =>
  holdingPool(
    ports,
    layout,
  )(() => change(ports, layout.flagged, (text) => FlaggedFile.put(flagged)(text).map(O.some)))

/** Removes what is set aside of an account. */
export const noLongerSetAside = (
  ports: SetAsidePorts,
  layout: Layout,
  account: Account.Account,
): ResultAsync<void, PoolError> =>
  holdingPool(
    ports,
    layout,
  )(() =>
    ResultAsync.combine(
      flaggedFiles(layout).map((path) => change(ports, path, FlaggedFile.without(account))),
    ).map(() => undefined),
  )

const change = (
  { files }: Pick<Ports, 'files'>,
  path: string,
  by: (text: string) => Result<O.Option<string>, PoolFileRefusal>,
): ResultAsync<void, PoolError> =>
  files
    .read(path)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync(FlaggedFile.none) : errAsync(error)))
    .andThen((text) =>
      by(text).mapErr((because): PoolError => ({ _tag: 'PoolUnreadable', path, because })),
    )
    .andThen((text) => (O.isSome(text) ? files.replace(path, text.value) : okAsync(undefined)))
