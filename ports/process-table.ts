import type * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'

export interface RunningProgram {
  readonly pid: number
  /** The program and what it was given, as it was started. */
  readonly words: ReadonlyArray<string>
  /** As it was started; none where the system does not tell. */
  readonly environment: O.Option<Readonly<Record<string, string>>>
}

/**
 * What runs under our user now.
 * Laws, run on every adapter: a program that runs is there with its words; one that has ended is not.
 * What cannot be told is left out, and a table has an end.
 */
export interface ProcessTable {
  readonly running: () => ResultAsync<ReadonlyArray<RunningProgram>, never>
}
