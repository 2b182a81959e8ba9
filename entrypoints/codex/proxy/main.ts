/** The proxy's own composition root, loaded for a routed command alone. It only listens. */
import { ResultAsync } from 'neverthrow'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { nodeLazyLock } from '../../../adapters/node/lazy-lock'
import { nodeQuickFiles } from '../../../adapters/node/quick-files'
import { nodeRandom } from '../../../adapters/node/random'
import { openStandardError } from '../../../adapters/node/talk'
import type { StartProxy } from '../proxy-face'
import { startProxy as startOver } from './proxy'

export const startProxy: StartProxy = (terms) => {
  openStandardError()
  return startOver(nodePorts(), terms.layout, () =>
    ResultAsync.fromSafePromise(import('./engine/main')).andThen((engine) =>
      engine.openEngine(terms),
    ),
  )
}

const nodePorts = () => {
  const files = nodeQuickFiles()
  return {
    files,
    lock: nodeLazyLock({ files, clock: nodeClock() }),
    random: nodeRandom(),
    server: nodeHttpServer(),
  }
}
