/** An error in words, as both the text and the JSON output carry it. */
import * as O from 'fp-ts/Option'
import { printable } from '../../core/tui/printable'
import { errors, type ErrorCode } from './error-codes'

export interface Rendered {
  readonly code: ErrorCode
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
  code: ErrorCode,
  message: string,
  hint?: string,
  candidates: ReadonlyArray<Candidate> = [],
): Rendered => ({
  code,
  exit: errors[code],
  message,
  hint: O.fromNullable(hint),
  candidates,
})

export const noAccounts = rendered(
  'no-accounts',
  'There are no accounts yet.',
  'Add one: codex-multi-auth login',
)

export const quoted = (text: string): string => `"${printable(text)}"`
