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
import { watched } from '../../../entrypoints/programs/body'
import type { HttpServer } from '../../../ports/http-server'

export interface OnSockets extends Upstream {
  /** How many answers are under way, their client being there. */
  readonly streams: () => number
}

export const startOnSockets = async (options: Options = {}): Promise<OnSockets> => {
  let streams = 0
  const ports = {
    httpServer: counting((change) => (streams += change)),
    clock: nodeClock(),
    random: nodeRandom(),
    hash: nodeHash(),
  }
  const started = await startUpstream(ports, options)
  if (started.isErr()) throw new Error(`The upstream does not listen: ${started.error._tag}`)
  return { ...started.value, streams: () => streams }
}

const counting = (count: (change: 1 | -1) => void): HttpServer => {
  const server = nodeHttpServer()
  return {
    listen: (at, answer) =>
      server.listen(at, (request) =>
        answer(request).map((reply) => {
          if (reply._tag === 'Reset' || reply.body instanceof Uint8Array) return reply
          count(1)
          return {
            ...reply,
            body: watched(reply.body, { passed: () => undefined, ended: () => count(-1) }),
          }
        }),
      ),
  }
}
