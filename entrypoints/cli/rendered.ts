/** An error in words, as both the text and the JSON output carry it. */
import * as O from 'fp-ts/Option'
import { printable } from '../../core/tui/printable'

/** The exit codes a command of ours ends with. */
export const exit = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  storage: 5,
  interrupted: 130,
} as const

export interface Rendered {
  readonly code: string
  readonly exit: number
  readonly message: string
  readonly hint: O.Option<string>
  readonly candidates: ReadonlyArray<string>
}

export const rendered = (
  code: string,
  exitCode: number,
  message: string,
  hint?: string,
  candidates: ReadonlyArray<string> = [],
): Rendered => ({
  code,
  exit: exitCode,
  message,
  hint: O.fromNullable(hint),
  candidates: candidates.map(printable),
})

export const quoted = (text: string): string => `"${printable(text)}"`
