/** The proxy's own composition root, loaded for a routed command alone. */
import { nodeClock } from '../../../adapters/node/clock'
import { nodeCompression } from '../../../adapters/node/compression'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeHash } from '../../../adapters/node/hash'
import { nodeHttp } from '../../../adapters/node/http'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { nodeLock } from '../../../adapters/node/lock'
import { nodeLookup } from '../../../adapters/node/lookup'
import { nodeProcess } from '../../../adapters/node/process'
import { nodeRandom } from '../../../adapters/node/random'
import { nodeTerminal } from '../../../adapters/node/terminal'
import type { StartProxy } from '../proxy-face'
import { startProxy as startOver, type ProxyPorts } from './proxy'

export const startProxy: StartProxy = (terms) => {
  // Each request asks for two stamps: from the thread pool they cost thirty times the call itself.
  const files = { ...nodeFileSystem(), stamp: nodeLookup().stamp }
  const clock = nodeClock()
  const random = nodeRandom()
  const process = nodeProcess()
  const ports: ProxyPorts = {
    files,
    clock,
    random,
    process,
    lock: nodeLock({ files, clock, random, process }),
    hash: nodeHash(),
    http: nodeHttp(terms.environment),
    compression: nodeCompression(),
    server: nodeHttpServer(),
    terminal: nodeTerminal(),
  }
  return startOver(ports)(terms)
}
