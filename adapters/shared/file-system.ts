/** The file-system port over the calls of `node:fs/promises`: one way of writing files, real or simulated. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { FileError, FileStamp, FileSystem } from '../../ports/file-system'

export interface OpenFile {
  readonly writeFile: (text: string) => Promise<void>
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The part of `node:fs/promises` used here. */
export interface Calls {
  readonly readFile: (path: string, encoding: 'utf8') => Promise<string>
  readonly open: (path: string, flags: 'r' | 'wx' | 'a', mode?: number) => Promise<OpenFile>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly unlink: (path: string) => Promise<void>
  readonly stat: (path: string) => Promise<{
    readonly size: number
    readonly mtimeMs: number
    readonly ino: number
    readonly mode: number
  }>
  readonly readdir: (path: string) => Promise<Array<string>>
  readonly mkdir: (
    path: string,
    options: { readonly recursive: true; readonly mode: number },
  ) => Promise<unknown>
  readonly rmdir: (path: string) => Promise<void>
  readonly chmod: (path: string, mode: number) => Promise<void>
  readonly realpath: (path: string) => Promise<string>
}

/** `tag` makes draft names: two processes, or two writes of one, may replace a file at once. */
export const overCalls = (calls: Calls, tag: () => string): FileSystem => ({
  read: (path) => attempt(path, () => calls.readFile(path, 'utf8')),
  replace: (path, text) =>
    attempt(path, async () => {
      await exchange(calls, path, `${path}.${tag()}.draft`, text, forced)
      await force(calls, parentOf(path))
    }),
  replaceVolatile: (path, text) =>
    attempt(path, () => exchange(calls, path, `${path}.${tag()}.draft`, text, unforced)),
  create: (path, text) => attempt(path, () => write(calls, path, 'wx', text, unforced)),
  append: (path, text) => attempt(path, () => write(calls, path, 'a', text, unforced)),
  rename: (from, to) =>
    attempt(from, () => calls.rename(from, to)).mapErr((error) =>
      error._tag === 'AlreadyThere' ? { ...error, path: to } : error,
    ),
  remove: (path) =>
    unlessMissing(
      attempt(path, () => calls.unlink(path)),
      undefined,
    ),
  removeFolder: (folder) =>
    unlessMissing(
      attempt(folder, () => calls.rmdir(folder)),
      undefined,
    ),
  stamp: (path) =>
    unlessMissing(
      attempt(path, () => calls.stat(path)).map(
        ({ size, mtimeMs, ino, mode }): O.Option<FileStamp> =>
          O.some({ bytes: size, modifiedAt: mtimeMs, inode: ino, mode: mode & 0o777 }),
      ),
      O.none,
    ),
  list: (folder) => attempt(folder, () => calls.readdir(folder)).map((names) => names.sort()),
  ensureFolder: (folder) =>
    attempt(folder, async () => {
      await calls.mkdir(folder, { recursive: true, mode: folderMode })
      await calls.chmod(folder, folderMode) // It may have been there already, open to others.
    }),
  realPath: (path) =>
    unlessMissing(
      attempt(path, () => calls.realpath(path)).map((real): O.Option<string> => O.some(real)),
      O.none,
    ),
})

const fileMode = 0o600
const folderMode = 0o700

/** Whether the disk itself must have it before we go on. */
type Forcing = boolean
const forced: Forcing = true
const unforced: Forcing = false

const write = async (
  calls: Calls,
  path: string,
  flags: 'wx' | 'a',
  text: string,
  forcing: Forcing,
): Promise<void> => {
  const file = await calls.open(path, flags, fileMode)
  try {
    await file.writeFile(text)
    if (forcing) await file.sync()
  } finally {
    await file.close()
  }
}

/** Through a sibling, as rename is one step only within a volume. */
const exchange = async (
  calls: Calls,
  path: string,
  draft: string,
  text: string,
  forcing: Forcing,
): Promise<void> => {
  try {
    await write(calls, draft, 'wx', text, forcing)
    await calls.rename(draft, path)
  } catch (thrown) {
    await calls.unlink(draft).catch(() => undefined) // The reason of the failure is told, not this.
    throw thrown
  }
}

/** Some systems cannot open a folder, or cannot force one; there, rename is as durable as it gets. */
const cannotForce: ReadonlyArray<string> = [
  'EISDIR',
  'EPERM',
  'EACCES',
  'EINVAL',
  'ENOTSUP',
  'EBADF',
]

const force = async (calls: Calls, folder: string): Promise<void> => {
  try {
    const opened = await calls.open(folder, 'r')
    try {
      await opened.sync()
    } finally {
      await opened.close()
    }
  } catch (thrown) {
    if (!cannotForce.includes(codeOf(thrown))) throw thrown
  }
}

/** Either separator: on Windows both are in use, elsewhere nobody writes a file name with a `\` here. */
export const parentOf = (path: string): string => {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  if (at < 0) return '.'
  return at === 0 ? path.slice(0, 1) : path.slice(0, at)
}

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'

const attempt = <A>(path: string, run: () => Promise<A>): ResultAsync<A, FileError> =>
  ResultAsync.fromThrowable(run, (thrown): FileError => {
    const code = codeOf(thrown)
    if (code === 'ENOENT') return { _tag: 'NotFound', path }
    if (code === 'EEXIST' || code === 'ENOTEMPTY') return { _tag: 'AlreadyThere', path }
    return { _tag: 'FileFault', path, code }
  })()

const unlessMissing = <A>(
  result: ResultAsync<A, FileError>,
  missing: A,
): ResultAsync<A, FileError> =>
  result.orElse((error) => (error._tag === 'NotFound' ? okAsync(missing) : errAsync(error)))
