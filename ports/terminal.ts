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
  /** Aborted at the first Ctrl-C, while a program of ours waits. */
  readonly interrupted: AbortSignal
}
