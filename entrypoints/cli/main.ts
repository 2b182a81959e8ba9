/** The composition root of the account commands. `list` starts here too: what is slow comes later. */
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeHash } from '../../adapters/node/hash'
import { nodeLock } from '../../adapters/node/lock'
import { nodeProcess } from '../../adapters/node/process'
import { nodeRandom } from '../../adapters/node/random'
import { nodeTerminal } from '../../adapters/node/terminal'
import * as Layout from '../../core/storage/layout'
import { version } from '../../package.json'
import type { SignInPorts } from '../programs/login'
import type { Context } from './command'
import { run } from './run'

export const main = async (words: ReadonlyArray<string>): Promise<void> => {
  const { env } = process
  const files = nodeFileSystem()
  const clock = nodeClock()
  const random = nodeRandom()
  const lock = nodeLock({ files, clock, random, process: nodeProcess() })
  const terminal = nodeTerminal()
  const signInPorts = async (): Promise<SignInPorts> => {
    const [{ nodeHttp }, { nodeHttpServer }, { nodeBrowser }] = await Promise.all([
      import('../../adapters/node/http'),
      import('../../adapters/node/http-server'),
      import('../../adapters/node/browser'),
    ])
    return {
      ...{ files, clock, random, lock, terminal },
      hash: nodeHash(),
      http: nodeHttp(env),
      server: nodeHttpServer(),
      browser: nodeBrowser(env),
    }
  }
  const context: Context = {
    ports: { files, lock, clock, terminal },
    signInPorts,
    layout: Layout.of({
      home: env['HOME'] ?? env['USERPROFILE'] ?? '',
      codexHome: env['CODEX_HOME'],
      ownRoot: env['CODEX_MULTI_AUTH_DIR'],
    }),
    environment: env,
  }
  process.exitCode = (await run(context, version)(words)).unwrapOr(1)
}
