/**
 * The requests that are on their way to an account on which their conversation does not live yet, in
 * this process and in all others of the user, so that conversations that start together spread.
 *
 * No request waits for the disk: what begins is told by one small unsynced write beside it, and what
 * ends stays told until the tie that comes of it is on the disk.
 */
import { okAsync, ResultAsync } from 'neverthrow'
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../../core/accounts/identity'
import type { Layout } from '../../core/storage/layout'
import * as ProcessFile from '../../core/storage/process-file'
import type { Millis } from '../../core/time'
import type { Process } from '../../ports/process'
import * as FileStamp from './file-stamp'
import type { Ports } from './ports'

export interface Load {
  /** Of the other processes of the user that live. */
  readonly others: () => Promise<ProcessFile.Load>
  /** A request goes there; to be called when it is known whether its conversation lives there now. */
  readonly begin: (account: AccountKey) => () => void
  /** Of this process at this moment. */
  readonly own: () => ProcessFile.Load
  /** Takes back what was told. */
  readonly close: () => ResultAsync<void, never>
}

export type LoadPorts = Pick<Ports, 'files' | 'clock'> & {
  readonly process: Pick<Process, 'self' | 'isAlive'>
}

/** Longer than a tie takes to reach the disk: a conversation counts twice for a moment, and never not. */
const toldFor: Millis = 500

interface Seen {
  readonly stamp: FileStamp.Seen
  readonly file: O.Option<ProcessFile.ProcessFile>
}

const lookAtOthers = (
  { clock, files, process }: LoadPorts,
  layout: Layout,
  ownName: string,
): Pick<Load, 'others'> => {
  const known = new Map<string, Seen>()
  let looking: Promise<ProcessFile.Load> | undefined

  const seenAt = async (name: string): Promise<O.Option<ProcessFile.ProcessFile>> => {
    const path = `${layout.runtime}/${name}`
    const stamp = (await files.stamp(path)).unwrapOr(O.none)
    const before = known.get(name)
    if (before !== undefined && FileStamp.isSame(before.stamp, stamp)) return before.file
    const file = ProcessFile.parse((await files.read(path)).unwrapOr(''))
    known.set(name, { stamp, file })
    return file
  }

  /** What the dead had on its way came to nothing, so whoever finds its file takes it away. */
  const livingAt = async (name: string): Promise<ReadonlyArray<ProcessFile.ProcessFile>> => {
    const file = await seenAt(name)
    if (O.isNone(file)) return []
    const isAlive = (await process.isAlive(file.value.owner)).unwrapOr(true)
    if (isAlive) return ProcessFile.isTrusted(clock.now())(file.value) ? [file.value] : []
    known.delete(name)
    await files.remove(`${layout.runtime}/${name}`).unwrapOr(undefined)
    return []
  }

  const look = async (): Promise<ProcessFile.Load> => {
    const names = (await files.list(layout.runtime)).unwrapOr([])
    const theirs = names.filter((name) => ProcessFile.isName(name) && name !== ownName)
    for (const name of known.keys()) if (!theirs.includes(name)) known.delete(name)
    return ProcessFile.total((await Promise.all(theirs.map(livingAt))).flat())
  }

  return {
    // Requests that are decided together look together.
    others: () =>
      (looking ??= look().finally(() => {
        looking = undefined
      })),
  }
}

export const openLoad = (ports: LoadPorts, layout: Layout): Load => {
  const ownName = ProcessFile.nameOf(ports.process.self().pid)
  const own = new Map<AccountKey, number>()
  const told = new Map<AccountKey, number>()
  let writing: Promise<void> | undefined
  let isDue = false
  let isClosed = false

  const write = async (): Promise<void> => {
    while (isDue) {
      isDue = false
      await put(ports, layout, `${layout.runtime}/${ownName}`, isClosed ? new Map() : told)
    }
    writing = undefined
  }

  /** Once this is closed the file belongs to what its process opens next. */
  const tell = (): void => {
    if (isClosed) return
    isDue = true
    writing ??= write()
  }

  return {
    ...lookAtOthers(ports, layout, ownName),
    own: () => own,
    begin: (account) => {
      change(own, account, 1)
      change(told, account, 1)
      tell()
      return () => {
        change(own, account, -1)
        void ports.clock.sleep(toldFor, { lazy: true }).map(() => {
          change(told, account, -1)
          tell()
        })
      }
    },
    close: () => {
      if (told.size > 0) {
        told.clear()
        tell()
      }
      isClosed = true
      return writing === undefined ? okAsync(undefined) : ResultAsync.fromSafePromise(writing)
    },
  }
}

/** What cannot be told costs an even spread, and no request. */
const put = async (
  { clock, files, process }: LoadPorts,
  { runtime }: Layout,
  path: string,
  load: ProcessFile.Load,
): Promise<void> => {
  const text = ProcessFile.print(ProcessFile.of(process.self(), clock.now(), load))
  const stored =
    load.size === 0
      ? files.remove(path)
      : files.ensureFolder(runtime).andThen(() => files.replaceVolatile(path, text))
  await stored.unwrapOr(undefined)
}

const change = (load: Map<AccountKey, number>, account: AccountKey, by: number): void => {
  const count = (load.get(account) ?? 0) + by
  if (count > 0) load.set(account, count)
  else load.delete(account)
}
