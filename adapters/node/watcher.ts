import { watch, type FSWatcher } from 'node:fs'
import { fromThrowable, ResultAsync } from 'neverthrow'
import type { Watcher } from '../../ports/watcher'

export const nodeWatcher = (): Watcher => ({
  next: (folder, signal) =>
    ResultAsync.fromSafePromise(
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve()
        const end = (): void => {
          watching?.close()
          signal.removeEventListener('abort', end)
          resolve()
        }
        // A folder that is not there, and a system without watches to spare, tell of nothing.
        const watching = watchFolder(folder, end).unwrapOr(undefined)
        signal.addEventListener('abort', end)
        watching?.on('error', () => watching?.close())
      }),
    ),
})

const watchFolder = fromThrowable((folder: string, told: () => void): FSWatcher | undefined =>
  watch(folder, { persistent: false }, told),
)
