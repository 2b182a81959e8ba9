import { spawn } from 'node:child_process'
import { ResultAsync } from 'neverthrow'
import type { ChildProgram, Exit, Process, SpawnError } from '../../ports/process'
import { identities, type Identities } from './process-identity'

/** Read at the first question: the answer costs files, and many commands never ask. */
export const nodeProcess = (): Process => {
  let known: Identities | undefined
  const ask = (): Identities => (known ??= identities())
  return {
    self: () => ask().self(),
    isAlive: (identity) => ResultAsync.fromSafePromise(ask().isAlive(identity)),
    run: (child) =>
      ResultAsync.fromThrowable(runChild, (thrown): SpawnError => ({
        _tag: 'SpawnFault',
        program: child.program,
        code: codeOf(thrown),
      }))(child),
  }
}

/**
 * Passed on to the child: what the official launcher passes on, and SIGQUIT. As long as a listener is
 * there they do not end us: the terminal sends its signals to the whole foreground group, so the child
 * gets them anyway and decides, and we go when it has gone. Stopping with Ctrl-Z needs nothing: the
 * child is in our own group and stops and goes on with us.
 */
const forwarded: ReadonlyArray<NodeJS.Signals> = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

const runChild = ({ program, arguments: given, environment }: ChildProgram): Promise<Exit> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, [...given], {
      stdio: 'inherit',
      env: { ...process.env, ...environment }, // spawn leaves out what is undefined.
    })
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal)
    }
    for (const signal of forwarded) process.on(signal, forward)
    const unlisten = (): void => {
      for (const signal of forwarded) process.off(signal, forward)
    }
    child.once('error', (error) => {
      if (child.pid !== undefined) return // A signal that did not reach it; it still runs.
      unlisten()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      unlisten()
      resolve(
        signal === null ? { _tag: 'Exited', code: code ?? 1 } : { _tag: 'Killed', signal },
      )
    })
  })

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'
