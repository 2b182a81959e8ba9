/** The file-system port over the calls of `node:fs/promises`: one way of writing files, real or simulated. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { Millis } from '../../core/time'
import type { Clock } from '../../ports/clock'
import type { FileError, FileStamp, FileSystem } from '../../ports/file-system'
import { unfitness } from './plain-file'

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
  /** Tells the first folder it made; undefined where all were there. */
  readonly mkdir: (
    path: string,
    options: { readonly recursive: true; readonly mode: number },
  ) => Promise<string | undefined>
  readonly rmdir: (path: string) => Promise<void>
  readonly chmod: (path: string, mode: number) => Promise<void>
  readonly realpath: (path: string) => Promise<string>
}

/** `tag` makes draft names: two processes, or two writes of one, may replace a file at once. */
export const overCalls = (
  given: Calls,
  tag: () => string,
  clock: Pick<Clock, 'sleep'>,
): FileSystem => {
  const calls = persistent(given, (span) => clock.sleep(span).unwrapOr(undefined))
  return { ...texts(calls, tag), ...folders(calls) }
}

const texts = (
  calls: Persistent,
  tag: () => string,
): Omit<FileSystem, 'removeFolder' | 'list' | 'ensureFolder' | 'realPath'> => ({
  read: (path) => attempt(path, () => readPlain(calls, path)),
  replace: (path, text, mode) =>
    attempt(path, async () => {
      await exchange(calls, path, `${path}.${tag()}.draft`, text, { forcing: forced, mode })
      await force(calls, parentOf(path))
    }),
  replaceWhile: (path, text, forcing, holds) =>
    replaceWhile(calls, path, `${path}.${tag()}.draft`, text, forcing === 'forced', holds),
  replaceVolatile: (path, text) =>
    attempt(path, () =>
      exchange(calls, path, `${path}.${tag()}.draft`, text, { forcing: unforced }),
    ),
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
  stamp: (path) =>
    unlessMissing(
      attempt(path, () => calls.stat(path)).map(
        ({ size, mtimeMs, ino, mode }): O.Option<FileStamp> =>
          O.some({ bytes: size, modifiedAt: mtimeMs, inode: ino, mode: mode & 0o777 }),
      ),
      O.none,
    ),
})

const folders = (
  calls: Calls,
): Pick<FileSystem, 'removeFolder' | 'list' | 'ensureFolder' | 'realPath'> => ({
  removeFolder: (folder) =>
    unlessMissing(
      attempt(folder, () => calls.rmdir(folder)),
      undefined,
    ),
  list: (folder) => attempt(folder, () => calls.readdir(folder)).map((names) => names.sort()),
  ensureFolder: (folder) =>
    attempt(folder, async () => {
      const made = await calls.mkdir(folder, { recursive: true, mode: folderMode })
      // It may have been open to others.
      if (made === undefined) await calls.chmod(folder, folderMode)
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

interface Exchange {
  readonly forcing: Forcing
  readonly mode?: number | undefined
  /** Throws when the draft must not take the place. */
  readonly check?: () => Promise<void>
}

/** Through a sibling, as rename is one step only within a volume. */
const exchange = async (
  calls: Persistent,
  path: string,
  draft: string,
  text: string,
  { forcing, mode, check }: Exchange,
): Promise<void> => {
  try {
    await write(calls, draft, 'wx', text, forcing)
    if (mode !== undefined) await calls.chmod(draft, mode)
    await check?.()
    await calls.swap(draft, path)
  } catch (thrown) {
    await calls.unlink(draft).catch(() => undefined) // The reason of the failure is told, not this.
    throw thrown
  }
}

/** The refusal goes out by another way than a fault of the disk. */
const replaceWhile = <E>(
  calls: Persistent,
  path: string,
  draft: string,
  text: string,
  forcing: Forcing,
  holds: () => ResultAsync<void, E>,
): ResultAsync<void, FileError | E> => {
  let refusal: O.Option<E> = O.none
  const check = async (): Promise<void> => {
    const held = await holds()
    if (held.isOk()) return
    refusal = O.some(held.error)
    throw new Error('refused')
  }
  return attempt(path, async () => {
    await exchange(calls, path, draft, text, { forcing, check })
    if (forcing) await force(calls, parentOf(path))
  }).mapErr((error): FileError | E => (O.isSome(refusal) ? refusal.value : error))
}

const readPlain = async (calls: Calls, path: string): Promise<string> => {
  const code = unfitness(await calls.stat(path))
  if (code !== undefined) throw faultOf(code)
  return calls.readFile(path, 'utf8')
}

const faultOf = (code: string): Error => Object.assign(new Error(code), { code })

/** Another program, such as a search or a virus scanner, has the file for a moment (Windows). */
const passing: ReadonlyArray<string> = ['EBUSY', 'EPERM', 'EAGAIN', 'ENOTEMPTY', 'EACCES']

export const isPassing = (error: FileError): boolean =>
  error._tag === 'FileFault' && passing.includes(error.code)

/** Where nothing passes the reason is told after this, so it is short. */
const pauses: ReadonlyArray<Millis> = [10, 20, 40, 80, 160]

type Pause = (span: Millis) => Promise<void>

const withRetry = async <A>(pause: Pause, run: () => Promise<A>): Promise<A> => {
  for (const span of pauses) {
    try {
      return await run()
    } catch (thrown) {
      if (!passing.includes(codeOf(thrown))) throw thrown
      await pause(span)
    }
  }
  return run()
}

const removeWithRetry = (calls: Calls, pause: Pause, path: string): Promise<void> =>
  withRetry(pause, () => calls.unlink(path))

interface Persistent extends Calls {
  /** A rename of a file into the place of a file. */
  readonly swap: (from: string, to: string) => Promise<void>
}

/**
 * What is done to a file is tried again, and the making of a folder. Not a rename or a removal of a
 * folder: that somebody is in it, or has taken its place, is an answer, and the lock lives by it.
 */
const persistent = (calls: Calls, pause: Pause): Persistent => ({
  ...calls,
  readFile: (path, encoding) => withRetry(pause, () => calls.readFile(path, encoding)),
  // A folder is opened to force it, and where that cannot be it never can.
  open: (path, flags, mode) =>
    flags === 'r' ? calls.open(path, flags) : withRetry(pause, () => calls.open(path, flags, mode)),
  stat: (path) => withRetry(pause, () => calls.stat(path)),
  chmod: (path, mode) => withRetry(pause, () => calls.chmod(path, mode)),
  mkdir: (path, options) => withRetry(pause, () => calls.mkdir(path, options)),
  unlink: (path) => removeWithRetry(calls, pause, path),
  swap: (from, to) => withRetry(pause, () => calls.rename(from, to)),
})

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
