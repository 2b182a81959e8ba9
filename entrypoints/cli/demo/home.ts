/** A home for the moment: made for one run, and gone with everything in it afterwards. */
import { okAsync, type ResultAsync } from 'neverthrow'
import type { FileError } from '../../../ports/file-system'
import type { Ports } from '../../programs/ports'

export interface Home {
  readonly path: string
  /** Where the CLI is started: an empty folder. */
  readonly workspace: string
  readonly remove: () => ResultAsync<void, FileError>
}

export const makeHome = (
  ports: Pick<Ports, 'files' | 'random'>,
  parent: string,
): ResultAsync<Home, FileError> => {
  const name = Array.from(ports.random.bytes(6), (byte) => byte.toString(16).padStart(2, '0'))
  const path = `${parent}/codex-multi-auth-demo-${name.join('')}`
  const workspace = `${path}/workspace`
  return ports.files
    .ensureFolder(path)
    .andThen(() => ports.files.ensureFolder(workspace))
    .map(() => ({ path, workspace, remove: () => removeTree(ports, path) }))
}

/** A link is removed, never followed. */
const removeTree = (ports: Pick<Ports, 'files'>, path: string): ResultAsync<void, FileError> =>
  ports.files.remove(path).orElse(() =>
    ports.files
      .list(path)
      .andThen((names) =>
        names.reduce<ResultAsync<void, FileError>>(
          (before, name) => before.andThen(() => removeTree(ports, `${path}/${name}`)),
          okAsync(undefined),
        ),
      )
      .andThen(() => ports.files.removeFolder(path)),
  )
