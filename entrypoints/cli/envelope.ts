/** The one document that `--json` puts on standard output. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { Answer } from './command'
import type { Rendered } from './rendered'

const schemaVersion = 1

/** `data` has a form of its own for every command. */
export const answerForm = <C extends t.Mixed>(data: C) =>
  t.strict(
    {
      schemaVersion: t.literal(schemaVersion),
      command: t.string,
      ok: t.literal(true),
      data,
      warnings: t.array(t.string),
    },
    'Answer',
  )

export const errorForm = t.strict(
  {
    schemaVersion: t.literal(schemaVersion),
    command: t.string,
    ok: t.literal(false),
    error: t.strict({
      code: t.string,
      message: t.string,
      hint: t.union([t.string, t.null]),
      candidates: t.array(t.string),
    }),
    warnings: t.array(t.string),
  },
  'Error',
)

const print = (document: unknown): string => `${JSON.stringify(document)}\n`

export const ofAnswer = (command: string, answer: Answer): string =>
  print(
    answerForm(t.unknown).encode({
      schemaVersion,
      command,
      ok: true,
      data: answer.data(),
      warnings: [...answer.warnings],
    }),
  )

export const ofError = (command: string, error: Rendered): string =>
  print(
    errorForm.encode({
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
