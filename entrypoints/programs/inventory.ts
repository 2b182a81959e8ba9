/** Every file below our root, and the official one we may write. Only looked at. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Contents from '../../core/storage/contents'
import type { Layout } from '../../core/storage/layout'
import type { Ports } from './ports'

export interface StoredFile {
  readonly path: string
  readonly bytes: number
  /** As `0o600`. */
  readonly mode: number
  readonly holds: string
}

export interface Inventory {
  readonly ours: ReadonlyArray<StoredFile>
  /** Of the official CLI: those we write when they are missing. */
  readonly official: ReadonlyArray<{ readonly path: string; readonly isThere: boolean }>
}

/** Nothing of ours lies deeper, and a link that leads upward ends here. */
const depthMax = 4

export const takeInventory = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<Inventory, never> =>
  filesBelow(ports, layout, layout.root, depthMax).andThen((ours) =>
    ports.files
      .stamp(layout.authFile)
      .map(O.isSome)
      .orElse(() => okAsync(true))
      .map((isThere) => ({ ours, official: [{ path: layout.authFile, isThere }] })),
  )

const filesBelow = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  folder: string,
  depthLeft: number,
): ResultAsync<ReadonlyArray<StoredFile>, never> =>
  ports.files
    .list(folder)
    .map((names): ReadonlyArray<string> => names)
    .orElse(() => okAsync([]))
    .andThen((names) =>
      ResultAsync.combine(names.map((name) => at(ports, layout, `${folder}/${name}`, depthLeft))),
    )
    .map((found) => found.flat())

/** What cannot be listed is a file. */
const at = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  path: string,
  depthLeft: number,
): ResultAsync<ReadonlyArray<StoredFile>, never> =>
  ports.files
    .list(path)
    .andThen(() => (depthLeft > 0 ? filesBelow(ports, layout, path, depthLeft - 1) : okAsync([])))
    .orElse(() =>
      ports.files
        .stamp(path)
        .map((stamp) =>
          O.isSome(stamp)
            ? [
                {
                  path,
                  bytes: stamp.value.bytes,
                  mode: stamp.value.mode,
                  holds: Contents.holds(layout, path),
                },
              ]
            : [],
        )
        .orElse(() => okAsync([])),
    )
