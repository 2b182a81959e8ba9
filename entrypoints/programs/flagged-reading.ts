/** Reading the accounts that are set aside. They are beside the pool, and none of it fails for them. */
import { okAsync, ResultAsync } from 'neverthrow'
import type * as Flagged from '../../core/accounts/flagged'
import * as FlaggedFile from '../../core/storage/flagged-file'
import type { Layout } from '../../core/storage/layout'
import type { Ports } from './ports'

export interface SetAside {
  readonly flagged: ReadonlyArray<Flagged.Flagged>
  /** Files that are there, and are none of accounts set aside. */
  readonly unread: ReadonlyArray<string>
}

export const flaggedFiles = ({ flagged, flaggedOnce }: Layout): ReadonlyArray<string> => [
  flagged,
  flaggedOnce,
]

export const readFlagged = (
  { files }: { readonly files: Pick<Ports['files'], 'read'> },
  layout: Layout,
): ResultAsync<SetAside, never> =>
  ResultAsync.combine(
    flaggedFiles(layout).map((path) =>
      files
        .read(path)
        .andThen(FlaggedFile.parse)
        .map((flagged): SetAside => ({ flagged, unread: [] }))
        .orElse((error) =>
          okAsync<SetAside>({ flagged: [], unread: error._tag === 'NotFound' ? [] : [path] }),
        ),
    ),
  ).map((found) => ({
    flagged: found.flatMap(({ flagged }) => flagged),
    unread: found.flatMap(({ unread }) => unread),
  }))
