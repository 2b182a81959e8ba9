/**
 * The whole port for a program that starts: it looks without the thread pool, which costs more than the
 * looks do. What another program bars at that moment is asked for again as patiently as ever.
 */
import { errAsync, type ResultAsync } from 'neverthrow'
import type { FileError, FileSystem } from '../../ports/file-system'
import { nodeFileSystem } from './file-system'
import { nodeLookup } from './lookup'

export const nodeQuickFiles = (): FileSystem => {
  const [whole, quick] = [nodeFileSystem(), nodeLookup()]
  const look =
    <A>(
      first: (path: string) => ResultAsync<A, FileError>,
      then: (path: string) => ResultAsync<A, FileError>,
    ) =>
    (path: string): ResultAsync<A, FileError> =>
      first(path).orElse((error) => (error._tag === 'FileFault' ? then(path) : errAsync(error)))
  return {
    ...whole,
    read: look(quick.read, whole.read),
    stamp: look(quick.stamp, whole.stamp),
    realPath: look(quick.realPath, whole.realPath),
  }
}
