/** The engine's composition root, loaded while Codex starts. */
import { nodeClock } from '../../../../adapters/node/clock'
import { nodeCompression } from '../../../../adapters/node/compression'
import { nodeFileSystem } from '../../../../adapters/node/file-system'
import { nodeHash } from '../../../../adapters/node/hash'
import { nodeHttp } from '../../../../adapters/node/http'
import { nodeLock } from '../../../../adapters/node/lock'
import { nodeLookup } from '../../../../adapters/node/lookup'
import { nodeProcess } from '../../../../adapters/node/process'
import { nodeRandom } from '../../../../adapters/node/random'
import { nodeTalk } from '../../../../adapters/node/talk'
import { nodeWatcher } from '../../../../adapters/node/watcher'
import type { ResultAsync } from 'neverthrow'
import type { ProxyTerms } from '../../proxy-face'
import type { Engine } from '../proxy'
import { openEngine as openOver, type EnginePorts } from './engine'

export const openEngine = (terms: ProxyTerms): ResultAsync<Engine, never> => {
  // Each request asks for two stamps: from the thread pool they cost thirty times the call itself.
  const files = { ...nodeFileSystem(), stamp: nodeLookup().stamp }
  const clock = nodeClock()
  const random = nodeRandom()
  const process = nodeProcess()
  const ports: EnginePorts = {
    files,
    clock,
    random,
    process,
    lock: nodeLock({ files, clock, random, process }),
    hash: nodeHash(),
    http: nodeHttp(terms.environment),
    compression: nodeCompression(),
    terminal: nodeTalk(),
    watcher: nodeWatcher(),
  }
  return openOver(ports)(terms)
}
