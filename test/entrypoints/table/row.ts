/** A row of the table: what a command does in a state, and what many of them answer alike. */
import type { State } from './states'

export interface Row {
  readonly state: State
  /** The words after the program's name. */
  readonly words: string
  readonly code: number
  /** Standard output; nothing when left out. */
  readonly out?: RegExp
  /** Standard error; nothing when left out. */
  readonly err?: RegExp
  /** What `--json` answers: a part of `data`, or the code of the error; null where there is no `--json`. */
  readonly json: object | string | null
  /** Whether it talks beside the JSON document too. */
  readonly talks?: boolean
  /** The accounts afterwards; as before when left out. */
  readonly after?: string
  /** Files of the home afterwards, by a part of their text; null for one that is not there. */
  readonly leaves?: Readonly<Record<string, RegExp | null>>
  readonly environment?: Readonly<Record<string, string>>
  /** Signs the official CLI in too. */
  readonly writesLogin?: boolean
}

export type Answer = Omit<Row, 'state' | 'words'>

/** Of many rows that answer alike. */
export const each = (
  states: ReadonlyArray<State>,
  commands: ReadonlyArray<string>,
  answer: Answer,
): ReadonlyArray<Row> =>
  commands.flatMap((words) => states.map((state) => ({ ...answer, state, words })))

export const row = (state: State, words: string, answer: Answer): Row => ({
  ...answer,
  state,
  words,
})

export const noAccounts: Answer = {
  code: 4,
  err: /^Error: There are no accounts yet\.\nAdd one: codex-multi-auth login\n$/,
  json: 'no-accounts',
}
export const noSecond: Answer = {
  code: 2,
  err: /^Error: No account matches "2"\.\n.*\n {2}1 {2}ada@mail\.test .*\n$/,
  json: 'no-match',
}
export const corrupt: Answer = {
  code: 5,
  err: /^Error: .*openai-codex-accounts\.json holds no accounts: .* left alone\.\n.*codex-multi-auth login\n$/,
  json: 'pool-malformed',
}
export const newer: Answer = {
  code: 5,
  err: /^Error: .*openai-codex-accounts\.json has version 99, .* left alone\.\nUpdate .*\n$/,
  json: 'pool-unknown-version',
}
export const closed: Answer = {
  code: 5,
  err: /^Error: .*permission denied\.\nMake it readable and writable for your user\.\n$/,
  json: 'storage-fault',
}
export const full: Answer = {
  code: 5,
  err: /^Error: .*the disk is full\.\nFree some space, then try again\.\n$/,
  json: 'storage-fault',
}
