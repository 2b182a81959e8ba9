import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import { lineMax, type Terminal } from '../../ports/terminal'
import type { SimulatedProcess } from './scheduler'

export interface MemoryTerminal extends Terminal {
  /** All that was written to standard output, and to standard error. */
  readonly answer: () => string
  readonly talk: () => string
  /** A line on standard input; without one, its end. */
  readonly type: (line?: string) => void
  /** Ctrl-C. */
  readonly interrupt: () => void
}

export const memoryTerminal = (
  process: Pick<SimulatedProcess, 'note' | 'call'>,
  {
    isInteractive = { input: false, output: false, talk: false },
    columns = 80,
  }: Partial<Pick<Terminal, 'isInteractive' | 'columns'>> = {},
): MemoryTerminal => {
  const answer: Array<string> = []
  const talk: Array<string> = []
  const typed: Array<O.Option<string>> = []
  const interruption = new AbortController()
  const next = (): O.Option<string> =>
    interruption.signal.aborted ? O.none : O.flatten(O.fromNullable(typed.shift()))
  return {
    isInteractive,
    columns,
    interrupted: interruption.signal,
    write: (text) => {
      process.note('terminal.write')
      answer.push(text)
    },
    say: (text) => {
      process.note('terminal.say')
      talk.push(text)
    },
    readLine: () =>
      ResultAsync.fromSafePromise(
        process.call('terminal.readLine', next, {
          ready: () => typed.length > 0,
          signal: interruption.signal,
          isSteady: true,
        }),
      ),
    type: (line) => {
      typed.push(O.map((text: string) => text.slice(0, lineMax))(O.fromNullable(line)))
    },
    answer: () => answer.join(''),
    talk: () => talk.join(''),
    interrupt: () => interruption.abort(),
  }
}
