/** Drafts of a file in the root that writes left which never ended. */
import { ResultAsync } from 'neverthrow'
import type { Layout } from '../../core/storage/layout'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

/** Only for who holds the lock on the file. Gives the names that were in the root. */
export const sweep = (
  { files }: Pick<Ports, 'files'>,
  { root }: Layout,
  path: string,
): ResultAsync<ReadonlyArray<string>, FileError> => {
  const start = `${path.slice(root.length + 1)}.`
  return files
    .list(root)
    .andThen((names) =>
      ResultAsync.combine(
        names
          .filter((name) => name.startsWith(start) && name.endsWith('.draft'))
          .map((name) => files.remove(`${root}/${name}`)),
      ).map(() => names),
    )
}
