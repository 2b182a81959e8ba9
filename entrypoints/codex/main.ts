/** The composition root of the wrapper. `codex --version` passes through here: load nothing more. */
import { ResultAsync } from 'neverthrow'
import { nodeChild } from '../../adapters/node/child'
import { nodeLookup } from '../../adapters/node/lookup'
import { nodeTalk } from '../../adapters/node/talk'
import { nodeWorkingFolder } from '../../adapters/node/working-folder'
import type { Exit } from '../../ports/process'
import type { FrontPorts } from '../programs/front-sync'
import type { StartProxy } from './proxy-face'
import { exitCode, refusal } from './render'
import { runCodex } from './wrapper'

const startProxy: StartProxy = (terms) =>
  ResultAsync.fromSafePromise(import('./proxy/main')).andThen((proxy) => proxy.startProxy(terms))

const frontPorts = async (): Promise<FrontPorts> => {
  const [{ nodeClock }, { nodeQuickFiles }, { nodeHash }, { nodeLazyLock }] = await Promise.all([
    import('../../adapters/node/clock'),
    import('../../adapters/node/quick-files'),
    import('../../adapters/node/hash'),
    import('../../adapters/node/lazy-lock'),
  ])
  const files = nodeQuickFiles()
  const clock = nodeClock()
  const lock = nodeLazyLock({ files, clock })
  return { files, clock, lock, hash: nodeHash(), process: nodeChild() }
}

export const main = async (given: ReadonlyArray<string>): Promise<void> => {
  const { env, platform, arch } = process
  const { say } = nodeTalk()
  const ended = await runCodex({
    ports: { files: nodeLookup(), process: nodeChild() },
    openFiles: () =>
      ResultAsync.fromSafePromise(import('../../adapters/node/quick-files')).map((adapter) =>
        adapter.nodeQuickFiles(),
      ),
    frontPorts,
    around: {
      platform,
      architecture: arch,
      environment: env,
      home: env['HOME'] ?? env['USERPROFILE'] ?? '',
      ownFolder: __dirname,
      node: process.execPath,
    },
    folder: nodeWorkingFolder,
    say,
    startProxy,
  })(given)
  ended.match(repeat, (refused) => {
    say(refusal(refused))
    process.exit(exitCode(refused))
  })
}

/** Ends as the child did, by the same signal where it was one. */
const repeat = (exit: Exit): void => {
  if (exit._tag === 'Exited') process.exit(exit.code)
  const signal = exit.signal as NodeJS.Signals
  // Where the system ignores the signal, a failure is still one.
  process.exitCode = 1
  // Node ignores some signals and answers to others; a listener that has gone takes that away.
  if (signal !== 'SIGKILL') process.once(signal, () => undefined)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
