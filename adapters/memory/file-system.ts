import type { FileSystem } from '../../ports/file-system'
import { overCalls, type Calls, type OpenFile } from '../shared/file-system'
import { memoryClock } from './clock'
import type { Disk } from './disk'
import type { SimulatedProcess } from './scheduler'

/** Each call of node's is a step, so a process may die, or fail, between any two. */
export const memoryFileSystem = (process: SimulatedProcess, disk: Disk): FileSystem => {
  let drafts = 0
  const tag = (): string => {
    drafts += 1
    return `${process.identity.pid}-${drafts}`
  }
  return overCalls(callsOf(process, disk), tag, memoryClock(process))
}

const callsOf = (process: SimulatedProcess, disk: Disk): Calls => {
  const { call, now } = process
  return {
    readFile: (path) => call(`files.read ${path}`, () => disk.read(path)),
    open: async (path, flags, mode = 0o666) =>
      openedOf(
        process,
        disk,
        path,
        await call(`files.open ${path}`, () => disk.open(path, flags, mode, now())),
      ),
    rename: (from, to) => call(`files.rename ${from} ${to}`, () => disk.rename(from, to, now())),
    unlink: (path) => call(`files.unlink ${path}`, () => disk.unlink(path, now())),
    stat: (path) => call(`files.stat ${path}`, () => disk.stat(path)),
    readdir: (path) => call(`files.readdir ${path}`, () => disk.readdir(path)),
    mkdir: (path, { mode }) => call(`files.mkdir ${path}`, () => disk.mkdir(path, mode, now())),
    rmdir: (path) => call(`files.rmdir ${path}`, () => disk.rmdir(path, now())),
    chmod: (path, mode) => call(`files.chmod ${path}`, () => disk.chmod(path, mode)),
    realpath: (path) => call(`files.realpath ${path}`, () => disk.realpath(path)),
  }
}

const openedOf = (
  { call, now }: SimulatedProcess,
  disk: Disk,
  path: string,
  descriptor: number,
): OpenFile => ({
  // In two halves, for death may come in the middle of a text.
  writeFile: async (text) => {
    const middle = Math.floor(text.length / 2)
    await call(`files.write ${path}`, () => disk.write(descriptor, text.slice(0, middle), now()))
    await call(`files.write ${path}`, () => disk.write(descriptor, text.slice(middle), now()))
  },
  sync: () => call(`files.sync ${path}`, () => disk.sync(descriptor)),
  close: () => call(`files.close ${path}`, () => disk.close(descriptor), { isSteady: true }),
})
