/** An error in words, as both the text and the JSON output carry it. */
import * as O from 'fp-ts/Option'
import { printable } from '../../core/tui/printable'

/** The exit codes a command of ours ends with. */
export const exit = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  noAccountServes: 3,
  signInNeeded: 4,
  storage: 5,
  interrupted: 130,
} as const

export interface Rendered {
  readonly code: string
  readonly exit: number
  readonly message: string
  readonly hint: O.Option<string>
  readonly candidates: ReadonlyArray<Candidate>
}

/** Something that may have been meant: as a program gives it back, and as a person reads it. */
export interface Candidate {
  readonly value: string
  readonly line: string
}

export const rendered = (
  code: string,
  exitCode: number,
  message: string,
  hint?: string,
  candidates: ReadonlyArray<Candidate> = [],
): Rendered => ({
  code,
  exit: exitCode,
  message,
  hint: O.fromNullable(hint),
  candidates,
})

export const quoted = (text: string): string => `"${printable(text)}"`
