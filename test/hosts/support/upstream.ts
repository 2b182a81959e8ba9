/** The simulated upstream on real sockets. */
import { nodeClock } from '../../../adapters/node/clock'
import { nodeHash } from '../../../adapters/node/hash'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { nodeRandom } from '../../../adapters/node/random'
import {
  startUpstream,
  type Options,
  type Upstream,
} from '../../../entrypoints/embed/testing/upstream'

export const startOnSockets = async (options: Options = {}): Promise<Upstream> => {
  const ports = {
    httpServer: nodeHttpServer(),
    clock: nodeClock(),
    random: nodeRandom(),
    hash: nodeHash(),
  }
  const started = await startUpstream(ports, options)
  if (started.isErr()) throw new Error(`The upstream does not listen: ${started.error._tag}`)
  return started.value
}
