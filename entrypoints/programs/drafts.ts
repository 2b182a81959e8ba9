/** Drafts that writes left which never ended. Those of accounts hold tokens. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import { minute, since, type Millis } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

/**
 * Removes drafts in a folder. For who holds the lock on them, or where a write that is lost costs nothing
 * that matters. Gives the names that were in it.
 */
export const sweep = (
  { files }: Pick<Ports, 'files'>,
  folder: string,
  isOurs: (draft: string) => boolean,
): ResultAsync<ReadonlyArray<string>, FileError> =>
  files
    .list(folder)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync([]) : errAsync(error)))
    .andThen((names) =>
      ResultAsync.combine(
        names
          .filter((name) => name.endsWith('.draft') && isOurs(`${folder}/${name}`))
          .map((name) => files.remove(`${folder}/${name}`)),
      ).map(() => names),
    )

export const isOf =
  (...paths: ReadonlyArray<string>) =>
  (draft: string): boolean =>
    paths.some((path) => draft.startsWith(`${path}.`))

/** A write takes milliseconds. */
const abandonedAfter: Millis = minute

/** Of a file that no lock is for: those that nobody can be at any more. What cannot be removed stays. */
export const sweepAbandoned = (
  { clock, files }: Pick<Ports, 'clock' | 'files'>,
  path: string,
): ResultAsync<void, never> => {
  const folder = /^(.*)[\\/][^\\/]*$/.exec(path)?.[1]
  const start = folder === undefined ? `./${path}` : path
  return files
    .list(folder ?? '.')
    .map((names) => names.map((name) => `${folder ?? '.'}/${name}`))
    .andThen((paths) =>
      ResultAsync.combine(
        paths
          .filter((one) => isOf(start)(one) && one.endsWith('.draft'))
          .map((one) =>
            files
              .stamp(one)
              .andThen((stamp) =>
                O.isSome(stamp) && since(stamp.value.modifiedAt, clock.now()) > abandonedAfter
                  ? files.remove(one)
                  : okAsync(undefined),
              ),
          ),
      ),
    )
    .map(() => undefined)
    .orElse(() => okAsync(undefined))
}
