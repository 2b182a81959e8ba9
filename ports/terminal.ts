import type * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'

/** Standard output is the answer, standard error the talk. */
export interface Terminal {
  readonly write: (text: string) => void
  readonly say: (text: string) => void
  readonly isInteractive: {
    readonly input: boolean
    readonly output: boolean
    readonly talk: boolean
  }
  readonly columns: number
  /**
   * The next line of standard input, without its end; none when there is no more, and at Ctrl-C.
   * What was typed ahead on the same piece of input may be lost. Of a line that is longer than
   * `lineMax` characters only those come.
   */
  readonly readLine: () => ResultAsync<O.Option<string>, never>
  /** Aborted at the first Ctrl-C, while a program of ours waits. */
  readonly interrupted: AbortSignal
}

/** Longer than any address an issuer sends a browser to. */
export const lineMax = 16_384
