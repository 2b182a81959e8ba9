import { ResultAsync } from 'neverthrow'
import type { Watcher } from '../../ports/watcher'
import type { Disk } from './disk'
import type { SimulatedProcess } from './scheduler'

/** It tells of every change of what is directly in the folder. */
export const memoryWatcher = (process: SimulatedProcess, disk: Disk): Watcher => ({
  next: (folder, signal) => {
    const before = look(disk, folder)
    return ResultAsync.fromSafePromise(
      process.call(`watcher.next ${folder}`, () => undefined, {
        ready: () => before !== absent && look(disk, folder) !== before,
        signal,
        isSteady: true,
      }),
    )
  },
})

const absent = 'absent'

const look = (disk: Disk, folder: string): string => {
  const names = namesIn(disk, folder)
  if (names === undefined) return absent
  return names
    .map((name) => {
      const { ino, mtimeMs, size } = disk.stat(`${folder}/${name}`)
      return `${name} ${ino} ${mtimeMs} ${size}`
    })
    .join()
}

const namesIn = (disk: Disk, folder: string): ReadonlyArray<string> | undefined => {
  try {
    return disk.readdir(folder)
  } catch {
    return undefined
  }
}
