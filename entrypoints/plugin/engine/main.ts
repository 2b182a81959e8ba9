/** The composition root of what all projects of one host share. */
import * as O from 'fp-ts/Option'
import { okAsync, type Result } from 'neverthrow'
import { nodeBrowser } from '../../../adapters/node/browser'
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
import { nodeWatcher } from '../../../adapters/node/watcher'
import type { UnsafeSeam } from '../../../core/official/seams'
import type { Terminal } from '../../../ports/terminal'
import type { Shared } from '../plugin'
import { openSharedOver } from './shared'

export { openPlugin } from '../plugin'

export const openShared = (): Result<Shared, UnsafeSeam> => {
  const { env } = process
  // Each request asks for two stamps: from the thread pool they cost thirty times the call itself.
  const files = { ...nodeFileSystem(), stamp: nodeLookup().stamp }
  const clock = nodeClock()
  const random = nodeRandom()
  const self = nodeProcess()
  return openSharedOver(
    {
      ...{ files, clock, random, terminal: theHosts },
      lock: nodeLock({ files, clock, random, process: self }),
      hash: nodeHash(),
      process: self,
      http: nodeHttp(env),
      compression: nodeCompression(),
      server: nodeHttpServer(),
      browser: nodeBrowser(env),
      watcher: nodeWatcher(),
    },
    { environment: env, home: env['HOME'] ?? env['USERPROFILE'] ?? '' },
  )
}

/** The terminal belongs to the host: nothing is written to it, read from it, or heard of it. */
const theHosts: Terminal = {
  write: () => undefined,
  say: () => undefined,
  isInteractive: { input: false, output: false, talk: false },
  columns: 80,
  interrupted: new AbortController().signal,
  readLine: () => okAsync(O.none),
}
