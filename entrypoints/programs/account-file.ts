/** Accounts in a file of a person's own: what an export writes, and what an import or a restore reads. */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import type * as Pool from '../../core/accounts/pool'
import * as FlaggedFile from '../../core/storage/flagged-file'
import * as PoolFile from '../../core/storage/pool-file'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

export interface AccountFileRefused {
  readonly _tag: 'AccountFileRefused'
  readonly path: string
  readonly because:
    | 'empty'
    | 'there'
    | 'missing'
    /** Nor is the folder it is to lie in. */
    | 'nowhere'
    | 'folder'
    | 'too-large'
    | 'no-accounts'
    | 'flagged'
    | 'newer'
    | 'link'
}

export type AccountFileError = AccountFileRefused | FileError

export const refused = (
  path: string,
  because: AccountFileRefused['because'],
): AccountFileRefused => ({ _tag: 'AccountFileRefused', path, because })

/** It holds tokens, and is for its owner alone. */
export const writeAccounts =
  ({ files }: Pick<Ports, 'files'>) =>
  (path: string, pool: Pool.Pool, mayReplace: boolean): ResultAsync<void, AccountFileError> => {
    const isFree = (): ResultAsync<void, AccountFileError> =>
      mayReplace
        ? okAsync(undefined)
        : files
            .stamp(path)
            .andThen((stamp) =>
              O.isNone(stamp) ? okAsync(undefined) : errAsync(refused(path, 'there')),
            )
    // Before there is a draft with tokens too.
    return isFree()
      .andThen(() => files.replaceWhile(path, PoolFile.print(pool), 'forced', isFree))
      .mapErr((error) => (error._tag === 'NotFound' ? refused(path, 'nowhere') : ofFolder(error)))
  }

/** A person's own folder is not to be moved away. */
const ofFolder = (error: AccountFileError): AccountFileError =>
  error._tag === 'FileFault' && error.code === 'EISDIR' ? refused(error.path, 'folder') : error

export const readAccounts =
  ({ files }: Pick<Ports, 'files'>) =>
  (path: string, bytesMax: number): ResultAsync<Pool.Pool, AccountFileError> =>
    files
      .stamp(path)
      .andThen((stamp): ResultAsync<string, AccountFileError> => {
        if (O.isNone(stamp)) return errAsync(refused(path, 'missing'))
        return stamp.value.bytes > bytesMax
          ? errAsync(refused(path, 'too-large'))
          : files.read(path)
      })
      .mapErr(ofFolder)
      .andThen((text) => (FlaggedFile.isIt(text) ? err(refused(path, 'flagged')) : ok(text)))
      .andThen((text) =>
        PoolFile.parse(text).mapErr((refusal) =>
          refused(path, refusal._tag === 'UnknownVersion' ? 'newer' : 'no-accounts'),
        ),
      )
