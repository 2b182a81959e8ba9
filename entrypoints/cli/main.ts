/** The composition root of the account commands. `list` starts here too: what is slow comes later. */
import { ResultAsync } from 'neverthrow'
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeTerminal } from '../../adapters/node/terminal'
import * as Layout from '../../core/storage/layout'
import { version } from '../../package.json'
import type { Lock } from '../../ports/lock'
import type { Ports } from '../programs/ports'
import type { SignInPorts } from '../programs/sign-in'
import type { Context } from './command'
import { run } from './run'

type Light = Context['ports']

export const main = async (words: ReadonlyArray<string>): Promise<void> => {
  const { env } = process
  const light = { files: nodeFileSystem(), clock: nodeClock(), terminal: nodeTerminal() }
  const ports: Light = { ...light, lock: lazyLock(light) }
  const context: Context = {
    ports,
    signInPorts: () => signInPorts(ports),
    playDemo: () =>
      ResultAsync.fromSafePromise(import('./demo/main')).andThen((demo) => demo.runDemo()),
    layout: Layout.of({
      home: env['HOME'] ?? env['USERPROFILE'] ?? '',
      codexHome: env['CODEX_HOME'],
      ownRoot: env['CODEX_MULTI_AUTH_DIR'],
    }),
    environment: env,
  }
  process.exitCode = (await run(context, version)(words)).unwrapOr(1)
}

/** A command that only looks takes no lock, and what a lock needs of the system costs a tenth of its start. */
const lazyLock = (light: Pick<Ports, 'files' | 'clock'>): Lock => ({
  holding: (path, terms, work) =>
    ResultAsync.fromSafePromise(loadLock(light)).andThen((lock) => lock.holding(path, terms, work)),
})

const loadLock = async (light: Pick<Ports, 'files' | 'clock'>): Promise<Lock> => {
  const [{ nodeLock }, { nodeProcess }, { nodeRandom }] = await Promise.all([
    import('../../adapters/node/lock'),
    import('../../adapters/node/process'),
    import('../../adapters/node/random'),
  ])
  return nodeLock({ ...light, random: nodeRandom(), process: nodeProcess() })
}

const signInPorts = async (ports: Light): Promise<SignInPorts> => {
  const [{ nodeBrowser }, { nodeHash }, { nodeHttp }, { nodeHttpServer }, { nodeRandom }] =
    await Promise.all([
      import('../../adapters/node/browser'),
      import('../../adapters/node/hash'),
      import('../../adapters/node/http'),
      import('../../adapters/node/http-server'),
      import('../../adapters/node/random'),
    ])
  return {
    ...ports,
    random: nodeRandom(),
    hash: nodeHash(),
    http: nodeHttp(process.env),
    server: nodeHttpServer(),
    browser: nodeBrowser(process.env),
  }
}
