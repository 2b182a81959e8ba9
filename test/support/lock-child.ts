/** Adds to a number in a file under the lock; an odd one dies by SIGKILL inside it at the end. */
import { okAsync } from 'neverthrow'
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeLock } from '../../adapters/node/lock'
import { nodeProcess } from '../../adapters/node/process'
import { nodeRandom } from '../../adapters/node/random'

const [folder = '', rounds = '0', number = '0'] = process.argv.slice(2)
const files = nodeFileSystem()
const lock = nodeLock({ files, clock: nodeClock(), random: nodeRandom(), process: nodeProcess() })
const terms = { waitMax: 30_000, expiresAfter: 60_000 }

const add = () =>
  lock.holding(`${folder}/lock`, terms, (held) =>
    files
      .read(`${folder}/number`)
      .andThen((text) =>
        held
          .confirm()
          .andThen(() => files.replaceVolatile(`${folder}/number`, String(Number(text) + 1))),
      ),
  )

const main = async (): Promise<void> => {
  for (let round = 0; round < Number(rounds); round += 1) {
    const added = await add()
    if (added.isErr()) {
      console.error(added.error)
      process.exitCode = 1
      return
    }
  }
  if (Number(number) % 2 === 0) return
  ;(
    await lock.holding(`${folder}/lock`, terms, () => {
      process.kill(process.pid, 'SIGKILL')
      return okAsync(undefined)
    })
  )._unsafeUnwrap()
}

void main()
