import type { ResultAsync } from 'neverthrow'
import type { Millis } from '../core/time'

/** One run of one process. `startedAt` is opaque and tells it from a later process of the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startedAt: string
}

export type Exit =
  | { readonly _tag: 'Exited'; readonly code: number }
  | { readonly _tag: 'Killed'; readonly signal: string }

export interface SpawnError {
  readonly _tag: 'SpawnFault'
  readonly program: string
  readonly code: string
}

export interface ChildProgram {
  readonly program: string
  readonly arguments: ReadonlyArray<string>
  /** Added to our own environment; `undefined` takes a variable away. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What a program said, whole. */
export interface Captured {
  readonly exit: Exit
  readonly output: string
  readonly talk: string
}

/**
 * Laws, run on every adapter: `self` is alive; a process that has ended is dead; the work of `during`
 * begins after the program has spoken, and `during` ends after the program has.
 */
export interface Process {
  readonly self: () => ProcessIdentity
  /** True also where it cannot be told: another machine, another container. Pair it with an expiry. */
  readonly isAlive: (process: ProcessIdentity) => ResultAsync<boolean, never>
  /** Runs a program on our own standard streams and terminal; signals to us reach it. */
  readonly run: (child: ChildProgram) => ResultAsync<Exit, SpawnError>
  /** Runs a program with nothing to read; one that takes longer than `timeMax` is killed. */
  readonly capture: (child: ChildProgram, timeMax: Millis) => ResultAsync<Captured, SpawnError>
  /**
   * Works while a program runs: it gets one empty line to read, and from its first word on until its
   * input ends it is as it should be. One that has not spoken within `speaksWithin` is killed, and the
   * work is not begun; one that is gone early does not stop the work.
   */
  readonly during: <A, E>(
    child: ChildProgram,
    speaksWithin: Millis,
    work: () => ResultAsync<A, E>,
  ) => ResultAsync<A, E | SpawnError>
}
