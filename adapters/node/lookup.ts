/**
 * Looking at a few files before a program has anything else to do. These calls block: for a handful
 * of them the thread pool behind the promises of node:fs costs more than the calls themselves, and
 * `codex --version` through us is measured against the official launcher, which blocks too.
 */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type { FileError, FileStamp, FileSystem } from '../../ports/file-system'
import { unfitness } from '../shared/plain-file'

export const nodeLookup = (): Pick<FileSystem, 'read' | 'stamp' | 'realPath'> => ({
  read: (path) => later(read(path)),
  stamp: (path) =>
    later(
      attempt(path, (): O.Option<FileStamp> => {
        const found = statSync(path, { throwIfNoEntry: false })
        return found === undefined
          ? O.none
          : O.some({
              bytes: found.size,
              modifiedAt: found.mtimeMs,
              inode: found.ino,
              mode: found.mode & 0o777,
            })
      }),
    ),
  realPath: (path) =>
    later(
      attempt(path, () =>
        // Asked first, as most paths of a search are not there and a throw is dear.
        statSync(path, { throwIfNoEntry: false }) === undefined
          ? O.none
          : O.some(realpathSync.native(path)),
      ),
    ),
})

const read = (path: string): Result<string, FileError> =>
  attempt(path, () => {
    const found = statSync(path, { throwIfNoEntry: false })
    const code = found === undefined ? undefined : unfitness(found)
    return code === undefined ? ok(readFileSync(path, 'utf8')) : err(code)
  }).andThen((text) => text.mapErr((code): FileError => ({ _tag: 'FileFault', path, code })))

const later = <A>(result: Result<A, FileError>): ResultAsync<A, FileError> =>
  new ResultAsync(Promise.resolve(result))

const attempt = <A>(path: string, run: () => A): Result<A, FileError> => {
  try {
    return ok(run())
  } catch (thrown) {
    const code = codeOf(thrown)
    return err(code === 'ENOENT' ? { _tag: 'NotFound', path } : { _tag: 'FileFault', path, code })
  }
}

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'
