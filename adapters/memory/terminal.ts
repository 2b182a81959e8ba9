import type { Terminal } from '../../ports/terminal'
import type { SimulatedProcess } from './scheduler'

export interface MemoryTerminal extends Terminal {
  /** All that was written to standard output, and to standard error. */
  readonly answer: () => string
  readonly talk: () => string
  /** Ctrl-C. */
  readonly interrupt: () => void
}

export const memoryTerminal = (
  process: Pick<SimulatedProcess, 'note'>,
  {
    isInteractive = { input: false, output: false, talk: false },
    columns = 80,
  }: Partial<Pick<Terminal, 'isInteractive' | 'columns'>> = {},
): MemoryTerminal => {
  const answer: Array<string> = []
  const talk: Array<string> = []
  const interruption = new AbortController()
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
    answer: () => answer.join(''),
    talk: () => talk.join(''),
    interrupt: () => interruption.abort(),
  }
}
