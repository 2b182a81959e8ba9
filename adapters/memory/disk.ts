/**
 * A disk that simulated processes share.
 *
 * Beside what processes see it keeps what has reached the medium: texts forced by `sync`, names forced
 * by the `sync` of their folder. `powerCut` falls back to that, thing by thing as the dice fall, for the
 * system may have written more than it was made to.
 */
import { Volume } from 'memfs'
import type { Instant } from '../../core/time'
import type { Dice } from './dice'

type Descriptor = number

/** All at once and without waiting: when, and in whose name, is for the scheduler to say. */
export interface Disk {
  readonly read: (path: string) => string
  readonly open: (path: string, flags: 'r' | 'wx' | 'a', mode: number, at: Instant) => Descriptor
  readonly write: (descriptor: Descriptor, text: string, at: Instant) => void
  readonly sync: (descriptor: Descriptor) => void
  readonly close: (descriptor: Descriptor) => void
  readonly rename: (from: string, to: string, at: Instant) => void
  readonly unlink: (path: string, at: Instant) => void
  readonly stat: (path: string) => { size: number; mtimeMs: Instant; ino: number; mode: number }
  readonly readdir: (path: string) => Array<string>
  readonly mkdir: (path: string, mode: number, at: Instant) => string | undefined
  readonly rmdir: (path: string, at: Instant) => void
  readonly chmod: (path: string, mode: number) => void
  readonly realpath: (path: string) => string
  /** For the test's eyes. An empty folder shows as null. */
  readonly snapshot: () => Readonly<Record<string, string | null>>
  readonly modeOf: (path: string) => number
  readonly link: (target: string, path: string) => void
  /** All processes have ended before. */
  readonly powerCut: (throwDice: Dice) => void
}

interface Medium {
  readonly volume: InstanceType<typeof Volume>
  /** memfs gives the number of a removed file to the next one, which is another file all the same. */
  readonly inodes: Map<number, number>
  made: number
  readonly modifiedAt: Map<number, Instant>
  /** What each open file was opened as, and which it is. */
  readonly opened: Map<Descriptor, { readonly path: string; readonly inode: number }>
  /** The files there are, by path. */
  readonly present: Map<string, number>
  /** Forced texts by inode, and forced names of files. */
  readonly texts: Map<number, string>
  names: Map<string, number>
}

const inodeOf = ({ inodes }: Medium, ino: number | bigint): number =>
  inodes.get(Number(ino)) ?? Number(ino)

/** Beyond all numbers of memfs. */
const inodesFrom = 1_000_000

export const memoryDisk = (files: Readonly<Record<string, string | null>> = {}): Disk => {
  const volume = Volume.fromJSON({ ...files })
  const medium: Medium = {
    volume,
    inodes: new Map(),
    made: 0,
    modifiedAt: new Map(),
    opened: new Map(),
    present: new Map(),
    texts: new Map(),
    names: new Map(),
  }
  for (const [path, text] of Object.entries(volume.toJSON())) {
    if (text !== null) forceFile(medium, path)
    // As we keep what is ours.
    volume.chmodSync(path, text === null ? 0o700 : 0o600)
    volume.chmodSync(parentOf(path), 0o700)
  }
  return {
    ...onFiles(medium),
    ...onFolders(medium),
    snapshot: () => volume.toJSON(),
    modeOf: (path) => Number(volume.statSync(path).mode) & 0o777,
    link: (target, path) => volume.symlinkSync(target, path),
    powerCut: (throwDice) => powerCut(medium, throwDice),
  }
}

const onFiles = (
  medium: Medium,
): Pick<Disk, 'read' | 'open' | 'write' | 'sync' | 'close' | 'unlink' | 'stat'> => {
  const { volume } = medium
  return {
    read: (path) => textOf(volume, path),
    open: (path, flags, mode, at) => {
      const isNew = flags !== 'r' && !volume.existsSync(path)
      const descriptor = volume.openSync(path, flags, mode)
      const { ino } = volume.fstatSync(descriptor)
      if (isNew) medium.inodes.set(Number(ino), inodesFrom + (medium.made += 1))
      const inode = inodeOf(medium, ino)
      medium.opened.set(descriptor, { path, inode })
      if (isNew) {
        medium.present.set(path, inode)
        medium.modifiedAt.set(inode, at)
        touchParent(medium, path, at)
      }
      return descriptor
    },
    write: (descriptor, text, at) => {
      volume.writeSync(descriptor, text)
      const inode = medium.opened.get(descriptor)?.inode
      if (inode !== undefined) medium.modifiedAt.set(inode, at)
    },
    sync: (descriptor) => {
      const opened = medium.opened.get(descriptor)
      if (opened === undefined) return
      const stat = volume.fstatSync(descriptor)
      if (stat.isDirectory()) forceNames(medium, opened.path)
      // A file that has lost its name is nowhere on the medium.
      else if (medium.present.get(opened.path) === opened.inode)
        medium.texts.set(opened.inode, bytesOf(volume, descriptor, Number(stat.size)))
    },
    close: (descriptor) => {
      medium.opened.delete(descriptor)
      volume.closeSync(descriptor)
    },
    unlink: (path, at) => {
      volume.unlinkSync(path)
      medium.present.delete(path)
      touchParent(medium, path, at)
    },
    stat: (path) => {
      // Most are looked for and not there, and an error of memfs takes its time.
      const found = volume.statSync(path, { throwIfNoEntry: false })
      if (found === undefined) throw faultOf('ENOENT')
      const { size, ino, mode } = found
      return {
        size: Number(size),
        ino: inodeOf(medium, ino),
        mode: Number(mode),
        mtimeMs: medium.modifiedAt.get(inodeOf(medium, ino)) ?? 0,
      }
    },
  }
}

const onFolders = (
  medium: Medium,
): Pick<Disk, 'rename' | 'readdir' | 'mkdir' | 'rmdir' | 'chmod' | 'realpath'> => {
  const { volume } = medium
  return {
    rename: (from, to, at) => {
      const fault = refusalOf(volume, from, to)
      if (fault !== undefined) throw faultOf(fault)
      volume.renameSync(from, to)
      movePresent(medium, from, to)
      touchParent(medium, from, at)
      touchParent(medium, to, at)
    },
    readdir: (path) => volume.readdirSync(path).map(String),
    mkdir: (path, mode, at) => {
      const found = volume.statSync(path, { throwIfNoEntry: false })
      if (found?.isDirectory() === true) return undefined
      const made = volume.mkdirSync(path, { recursive: true, mode })
      medium.modifiedAt.set(inodeOf(medium, volume.statSync(path).ino), at)
      touchParent(medium, path, at)
      return made
    },
    rmdir: (path, at) => {
      // memfs counts a file that took the place of another twice, and takes the folder for full.
      const isEmpty = volume.readdirSync(path).length === 0
      volume.rmdirSync(path, { recursive: isEmpty })
      touchParent(medium, path, at)
    },
    chmod: (path, mode) => volume.chmodSync(path, mode),
    realpath: (path) => String(volume.realpathSync(path)),
  }
}

/** Why a rename cannot be; memfs would put anything in the place of anything. */
const refusalOf = (volume: Medium['volume'], from: string, to: string): string | undefined => {
  if (!volume.existsSync(from) || !volume.existsSync(to)) return undefined
  const isFolder = volume.lstatSync(to).isDirectory()
  if (volume.lstatSync(from).isDirectory() !== isFolder) return isFolder ? 'EISDIR' : 'ENOTDIR'
  return isFolder && volume.readdirSync(to).length > 0 ? 'ENOTEMPTY' : undefined
}

const faultOf = (code: string): Error => Object.assign(new Error(code), { code })

const textOf = (volume: Medium['volume'], path: string): string =>
  String(volume.readFileSync(path, 'utf8'))

const bytesOf = (volume: Medium['volume'], descriptor: number, size: number): string => {
  const bytes = Buffer.alloc(size)
  volume.readSync(descriptor, bytes, 0, size, 0)
  return bytes.toString('utf8')
}

/** A file, or a folder with what is in it. */
const movePresent = ({ present }: Medium, from: string, to: string): void => {
  for (const [path, inode] of [...present]) {
    if (path !== from && !path.startsWith(`${from}/`)) continue
    present.delete(path)
    present.set(to + path.slice(from.length), inode)
  }
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

const touchParent = (medium: Medium, path: string, at: Instant): void => {
  const parent = medium.volume.statSync(parentOf(path), { throwIfNoEntry: false })
  if (parent !== undefined) medium.modifiedAt.set(inodeOf(medium, parent.ino), at)
}

const forceFile = (medium: Medium, path: string): void => {
  const { volume, texts, names } = medium
  const inode = inodeOf(medium, volume.statSync(path).ino)
  medium.present.set(path, inode)
  texts.set(inode, textOf(volume, path))
  names.set(path, inode)
}

/** A forced folder has the names it has now, and no other. */
const forceNames = (medium: Medium, folder: string): void => {
  const { names, present } = medium
  for (const path of [...names.keys()]) if (parentOf(path) === folder) names.delete(path)
  for (const [path, inode] of present) if (parentOf(path) === folder) names.set(path, inode)
}

const torn = (text: string, throwDice: Dice): string =>
  throwDice() < 0.5 ? text : text.slice(0, Math.floor(throwDice() * text.length))

const powerCut = (medium: Medium, throwDice: Dice): void => {
  const { volume, texts, names } = medium
  const present = Object.entries(volume.toJSON())
  const inodes = new Map(
    present.flatMap(([path, text]) =>
      text === null ? [] : [[path, inodeOf(medium, volume.statSync(path).ino)] as const],
    ),
  )
  const visible = new Map(
    [...inodes].map(([path, inode]) => [inode, textOf(volume, path)] as const),
  )
  const paths = [...new Set([...names.keys(), ...inodes.keys()])].sort()
  const left: Record<string, string | null> = {}
  for (const [path, text] of present) if (text === null) left[path] = null
  for (const path of paths) {
    const inode = throwDice() < 0.5 ? names.get(path) : inodes.get(path)
    if (inode === undefined) continue
    const forced = texts.get(inode)
    // What was never forced may be there, whole or its start, or be a name with nothing in it yet.
    const text = visible.get(inode)
    if (throwDice() < 0.5 || text === undefined) left[path] = forced ?? ''
    else left[path] = forced === text ? text : torn(text, throwDice)
  }
  volume.reset()
  volume.fromJSON(left)
  texts.clear()
  // A number may come again, for another file.
  medium.inodes.clear()
  medium.modifiedAt.clear()
  medium.present.clear()
  medium.names = new Map()
  for (const path of Object.keys(left)) if (left[path] !== null) forceFile(medium, path)
}
