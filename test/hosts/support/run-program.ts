/** A program run to its end with its output caught, or killed when its time is over. */
import { spawn } from 'node:child_process'

export interface Ran {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly tookMs: number
}

export interface Run {
  readonly program: string
  readonly arguments: ReadonlyArray<string>
  readonly cwd: string
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>
  /** For standard input, which is closed at once without it. */
  readonly input?: string
  /** 60 seconds when left out. */
  readonly timeMax?: number
}

const timeMaxDefault = 60_000

export const runProgram = (run: Run): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(run.program, [...run.arguments], {
      cwd: run.cwd,
      env: { ...run.environment },
      stdio: [run.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    const caught = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (caught.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (caught.stderr += text))
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(run.input)
    const timer = setTimeout(() => child.kill('SIGKILL'), run.timeMax ?? timeMaxDefault)
    child.once('error', (fault) => {
      clearTimeout(timer)
      reject(fault)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...caught, tookMs: performance.now() - began })
    })
  })
