/** The one document that `--json` puts on standard output. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { Answer } from './command'
import type { Rendered } from './rendered'

const schemaVersion = 1

/** `data` has a form of its own for every command. */
export const answerForm = <Command extends t.Mixed, Data extends t.Mixed>(
  command: Command,
  data: Data,
) =>
  t.strict({
    schemaVersion: t.literal(schemaVersion),
    command,
    ok: t.literal(true),
    data,
    warnings: t.array(t.string),
  })

/** `code` has a table of its own, which who prints an error need not carry along. */
export const errorForm = <Code extends t.Mixed>(code: Code) =>
  t.strict({
    schemaVersion: t.literal(schemaVersion),
    command: t.string,
    ok: t.literal(false),
    error: t.strict({
      code,
      message: t.string,
      hint: t.union([t.string, t.null]),
      candidates: t.array(t.string),
    }),
    warnings: t.array(t.string),
  })

const print = (document: unknown): string => `${JSON.stringify(document)}\n`

export const ofAnswer = (command: string, answer: Answer<unknown>): string =>
  print(
    answerForm(t.string, t.unknown).encode({
      schemaVersion,
      command,
      ok: true,
      data: answer.data(),
      warnings: [...answer.warnings],
    }),
  )

export const ofError = (command: string, error: Rendered): string =>
  print(
    errorForm(t.string).encode({
      schemaVersion,
      command,
      ok: false,
      error: {
        code: error.code,
        message: error.message,
        hint: O.toNullable(error.hint),
        candidates: error.candidates.map(({ value }) => value),
      },
      warnings: [],
    }),
  )
