/**
 * Forms that several answers are made of. What has a name here is a definition of its own in the
 * published schema.
 */
import * as t from 'io-ts'

const ofText = (name: string): t.Type<string, string, unknown> =>
  new t.Type(name, t.string.is, t.string.validate, t.identity)

/** As ISO 8601 has it, in UTC. */
export const time = ofText('Time')

const isWhole = (value: unknown): value is number => Number.isInteger(value)

export const whole: t.Type<number, number, unknown> = new t.Type(
  'Whole',
  isWhole,
  (value, context) => (isWhole(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
)

export const orNull = <Form extends t.Mixed>(form: Form) => t.union([form, t.null])

/** One of these words. */
export const oneOf = <const Word extends string>(words: ReadonlyArray<Word>) =>
  t.keyof(wordsOf(words))

/** A record of literals is what the codec is made of; `fromEntries` forgets which they are. */
const wordsOf = <Word extends string>(words: ReadonlyArray<Word>) =>
  Object.fromEntries(words.map((word) => [word, null])) as Readonly<Record<Word, null>>
