/** The lock, loaded by whoever first takes one: what it needs of the system costs a tenth of a start. */
import { ResultAsync } from 'neverthrow'
import type { Clock } from '../../ports/clock'
import type { FileSystem } from '../../ports/file-system'
import type { Lock } from '../../ports/lock'

interface Parts {
  readonly files: FileSystem
  readonly clock: Clock
}

export const nodeLazyLock = (parts: Parts): Lock => {
  let loaded: Promise<Lock> | undefined
  return {
    holding: (path, terms, work) =>
      ResultAsync.fromSafePromise((loaded ??= load(parts))).andThen((lock) =>
        lock.holding(path, terms, work),
      ),
  }
}

const load = async (parts: Parts): Promise<Lock> => {
  const [{ nodeLock }, { nodeProcess }, { nodeRandom }] = await Promise.all([
    import('./lock'),
    import('./process'),
    import('./random'),
  ])
  return nodeLock({ ...parts, random: nodeRandom(), process: nodeProcess() })
}
