/** A program of the bench in a process of its own: it is asked by message, and answers each one. */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { built } from '../places'

export interface Child {
  /** One question at a time. */
  readonly ask: <A>(question?: unknown) => Promise<A>
  readonly end: () => Promise<void>
}

/** Longer than any one question takes. */
const answerMs = 60_000

export const ofProcess = (child: ChildProcess): Child => ({
  ask: (question = null) =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        child.off('message', onMessage)
        child.off('exit', onExit)
      }
      const onMessage = (message: unknown): void => {
        settle()
        resolve(message as never)
      }
      const onExit = (): void => {
        settle()
        reject(new Error(`${child.spawnargs.join(' ')} ended before it answered`))
      }
      const timer = setTimeout(() => child.kill('SIGKILL'), answerMs)
      child.on('message', onMessage)
      child.on('exit', onExit)
      child.send({ question })
    }),
  end: () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGTERM')
    }),
})

/** `name` is a file of the bench, as `loopback/backend`. */
export const start = (name: string, ...given: ReadonlyArray<string>): Child =>
  ofProcess(
    fork(join(built, `${name}.js`), [...given], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )

/** On the child's side. */
export const answerAsked = (answer: (question: unknown) => unknown): void => {
  const reply = async (question: unknown): Promise<void> => {
    process.send?.(await answer(question))
  }
  process.on('message', ({ question }: { readonly question: unknown }) => void reply(question))
  process.once('disconnect', () => process.exit())
}
