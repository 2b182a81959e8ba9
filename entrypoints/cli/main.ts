/** The composition root of the account commands. `list` starts here too: what is slow comes later. */
import { ResultAsync } from 'neverthrow'
import { nodeClock } from '../../adapters/node/clock'
import { nodeFileSystem } from '../../adapters/node/file-system'
import { nodeLazyLock } from '../../adapters/node/lazy-lock'
import { nodeLookup } from '../../adapters/node/lookup'
import { nodeTerminal } from '../../adapters/node/terminal'
import { nodeWorkingFolder } from '../../adapters/node/working-folder'
import * as Layout from '../../core/storage/layout'
import { version } from '../../package.json'
import type { FrontPorts } from '../programs/front-sync'
import { layoutIn } from '../programs/project'
import type { SignInPorts } from '../programs/sign-in'
import type { Context } from './command'
import { run } from './run'

type Light = Context['ports']

export const main = async (words: ReadonlyArray<string>): Promise<void> => {
  const { env, platform, arch, execPath } = process
  const home = env['HOME'] ?? env['USERPROFILE'] ?? ''
  const files = { ...nodeFileSystem(), ...nodeLookup() }
  const light = { files, clock: nodeClock(), terminal: nodeTerminal() }
  const ports: Light = { ...light, lock: nodeLazyLock(light) }
  const folder = nodeWorkingFolder()
  // The parser asks for it as it loads, and does not survive that it is gone.
  if (folder === '') process.cwd = () => home
  const user = Layout.of({
    home,
    codexHome: env['CODEX_HOME'],
    ownRoot: env['CODEX_MULTI_AUTH_DIR'],
  })
  const context: Context = {
    ports,
    signInPorts: () => signInPorts(ports),
    process: async () => (await import('../../adapters/node/process')).nodeProcess(),
    processTable: async () =>
      (await import('../../adapters/node/process-table')).nodeProcessTable(),
    prompter: async () => (await import('../../adapters/node/prompter')).nodePrompter(),
    frontPorts: () => frontPorts(ports),
    playDemo: () =>
      ResultAsync.fromSafePromise(import('./demo/main')).andThen((demo) => demo.runDemo()),
    layout: await layoutIn(light, user, { home, environment: env })(folder).unwrapOr(user),
    folder,
    around: {
      ...{ platform, architecture: arch, environment: env, home },
      ownFolder: __dirname,
      node: execPath,
    },
    environment: env,
  }
  const work = async (): Promise<number> => run(context, version)(words).unwrapOr(1)
  const fail = async (thrown: unknown): Promise<number> => {
    const { tellFault } = await import('./fault')
    const code = tellFault(ports.terminal, version)(words, thrown)
    // What was under way may keep the process from ending, so it ends once all is written.
    process.stdout.write('', () => process.exit(code))
    return code
  }
  process.exitCode = await work().catch(fail)
}

const frontPorts = async (ports: Light): Promise<FrontPorts> => {
  const [{ nodeChild }, { nodeHash }] = await Promise.all([
    import('../../adapters/node/child'),
    import('../../adapters/node/hash'),
  ])
  return { ...ports, hash: nodeHash(), process: nodeChild() }
}

const signInPorts = async (ports: Light): Promise<SignInPorts> => {
  const [{ nodeBrowser }, { nodeHttp }, { nodeHttpServer }, { nodeRandom }, front] =
    await Promise.all([
      import('../../adapters/node/browser'),
      import('../../adapters/node/http'),
      import('../../adapters/node/http-server'),
      import('../../adapters/node/random'),
      frontPorts(ports),
    ])
  return {
    ...ports,
    ...front,
    random: nodeRandom(),
    http: nodeHttp(process.env),
    server: nodeHttpServer(),
    browser: nodeBrowser(process.env),
  }
}
