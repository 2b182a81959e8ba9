import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import { lineMax, type Terminal } from '../../ports/terminal'

interface Out {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly write: (text: string) => unknown
  readonly on: (event: 'error', listener: (error: NodeJS.ErrnoException) => void) => unknown
}

/** The part of `process` used here. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Out
  readonly stderr: Out
  readonly once: (event: 'SIGINT', listener: () => void) => unknown
}

/** As wide as terminals were, and as our golden texts are. */
const columnsWithoutTerminal = 80

export const nodeTerminal = (streams: Streams = process): Terminal => {
  let interruption: AbortController | undefined
  // Who reads us may stop early, as `head` does: what is written then is lost, and that is no fault.
  for (const out of [streams.stdout, streams.stderr]) out.on('error', unlessNobodyReads)
  const interrupted = (): AbortSignal => {
    if (interruption === undefined) {
      const made = new AbortController()
      streams.once('SIGINT', () => made.abort())
      interruption = made
    }
    return interruption.signal
  }
  return {
    write: (text) => void streams.stdout.write(text),
    say: (text) => void streams.stderr.write(text),
    isInteractive: {
      // Looking at it opens it, which costs a command that asks nothing some milliseconds.
      get input() {
        return streams.stdin.isTTY === true
      },
      output: streams.stdout.isTTY === true,
      talk: streams.stderr.isTTY === true,
    },
    get columns() {
      return streams.stdout.columns || streams.stderr.columns || columnsWithoutTerminal
    },
    // Ctrl-C is ours only once somebody looks: until then, and the second time, it ends us as always.
    get interrupted() {
      return interrupted()
    },
    readLine: () => ResultAsync.fromSafePromise(lineOf(streams.stdin, interrupted())),
  }
}

const unlessNobodyReads = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error
}

/** Lets go of the input afterwards: held, it would keep the program from ending. */
const lineOf = async (
  input: NodeJS.ReadableStream,
  interrupted: AbortSignal,
): Promise<O.Option<string>> => {
  const { createInterface } = await import('node:readline')
  if (interrupted.aborted) return O.none
  const reader = createInterface({ input, terminal: false })
  try {
    return await new Promise((resolve) => {
      reader.once('line', (line) => resolve(O.some(line.slice(0, lineMax))))
      reader.once('close', () => resolve(O.none))
      interrupted.addEventListener('abort', () => resolve(O.none), { once: true })
    })
  } finally {
    reader.close()
  }
}
