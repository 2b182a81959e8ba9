/**
 * Runs a program in our place. Apart from the rest of the process port, whose marks of identity need
 * node:crypto: a wrapper that only forwards starts without it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { ResultAsync } from 'neverthrow'
import type { Millis } from '../../core/time'
import type { Captured, ChildProgram, Exit, Process, SpawnError } from '../../ports/process'

export const nodeChild = (): Pick<Process, 'run' | 'capture' | 'during'> => ({
  run: (child) => attempt(child, runChild),
  capture: (child, timeMax) => attempt(child, captureChild(timeMax)),
  during: (child, speaksWithin, work) =>
    attempt(child, speakingChild(speaksWithin)).andThen((end) =>
      ResultAsync.fromSafePromise(
        (async () => {
          const result = await work()
          await end()
          return result
        })(),
      ).andThen((result) => result),
    ),
})

const attempt = <A>(
  child: ChildProgram,
  start: (child: ChildProgram) => Promise<A>,
): ResultAsync<A, SpawnError> =>
  ResultAsync.fromThrowable(start, (thrown): SpawnError => ({
    _tag: 'SpawnFault',
    program: child.program,
    code: codeOf(thrown),
  }))(child)

/**
 * Passed on to the child: what the official launcher passes on, SIGQUIT and SIGCONT. As long as a listener is
 * there they do not end us: the terminal sends its signals to the whole foreground group, so the child
 * gets them anyway and decides, and we go when it has gone.
 */
const forwarded: ReadonlyArray<NodeJS.Signals> = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const),
  'SIGCONT',
]

const runChild = ({ program, arguments: given, environment }: ChildProgram): Promise<Exit> =>
  new Promise((resolve, reject) => {
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal)
    }
    // Without its listener the signal stops us as it stops any program; we read on when we go on.
    const stop = (): void => {
      child.kill('SIGTSTP')
      process.off('SIGTSTP', stop)
      process.kill(process.pid, 'SIGTSTP')
      process.on('SIGTSTP', stop)
    }
    const unlisten = (): void => {
      for (const signal of forwarded) process.off(signal, forward)
      process.off('SIGTSTP', stop)
    }
    // Before it starts: who sees its first word may signal us before we are back from starting it.
    // What comes meanwhile is heard after that, when there is a child.
    for (const signal of forwarded) process.on(signal, forward)
    process.on('SIGTSTP', stop)
    const child = startOr(unlisten, () =>
      spawn(program, [...given], {
        stdio: 'inherit',
        env: { ...process.env, ...environment }, // spawn leaves out what is undefined.
      }),
    )
    child.once('error', (error) => {
      if (child.pid !== undefined) return // A signal that did not reach it; it still runs.
      unlisten()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      unlisten()
      resolve(exitOf(code, signal))
    })
  })

/** Some faults, such as too long a line of arguments, node throws. */
const startOr = (undo: () => void, start: () => ChildProcess): ChildProcess => {
  try {
    return start()
  } catch (thrown) {
    undo()
    throw thrown
  }
}

const exitOf = (code: number | null, signal: string | null): Exit =>
  signal === null ? { _tag: 'Exited', code: code ?? 1 } : { _tag: 'Killed', signal }

const captureChild =
  (timeMax: Millis) =>
  ({ program, arguments: given, environment }: ChildProgram): Promise<Captured> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...given], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...environment },
        timeout: timeMax,
        killSignal: 'SIGKILL',
      })
      const said = { output: '', talk: '' }
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said.output += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said.talk += text))
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ exit: exitOf(code, signal), ...said }))
    })

/** Resolves at its first word with what ends it. */
const speakingChild =
  (speaksWithin: Millis) =>
  ({ program, arguments: given, environment }: ChildProgram): Promise<() => Promise<void>> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...given], {
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { ...process.env, ...environment },
      })
      const ended = new Promise<void>((resolveEnd) => child.once('close', () => resolveEnd()))
      const tooLate = setTimeout(() => child.kill('SIGKILL'), speaksWithin)
      child.once('error', (thrown) => {
        clearTimeout(tooLate)
        reject(thrown)
      })
      child.once('close', () => {
        clearTimeout(tooLate)
        reject(Object.assign(new Error(), { code: 'SILENT' }))
      })
      child.stdin.on('error', () => undefined) // It is gone, and so is what it was to read.
      child.stdout.once('data', () => {
        clearTimeout(tooLate)
        resolve(() => {
          child.stdin.end()
          return ended
        })
      })
      child.stdin.write('\n')
    })

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'
