/**
 * The kinds of value that a setting may have. A kind's codec is named by what it takes, in words that
 * a message can use.
 */
import * as t from 'io-ts'
import type { Millis } from '../time'

export type Schema = Readonly<Record<string, unknown>>

export interface Kind<A> {
  readonly codec: t.Type<A, A, unknown>
  /** What a variable's text stands for; undefined for nothing that a variable can say. */
  readonly ofText: (text: string) => unknown
  /** As JSON schema has it. */
  readonly schema: Schema
  readonly unit: 'ms' | '%' | ''
}

const named = <A>(name: string, is: (value: unknown) => value is A): t.Type<A, A, unknown> =>
  new t.Type(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    t.identity,
  )

const words: Readonly<Record<string, boolean>> = {
  ...{ '1': true, true: true, yes: true, on: true },
  ...{ '0': false, false: false, no: false, off: false },
}

const own = <A>(record: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

export const flag: Kind<boolean> = {
  codec: named('true or false', t.boolean.is),
  ofText: (text) => own(words, text.toLowerCase()),
  schema: { type: 'boolean' },
  unit: '',
}

export const choice = <const A extends string>(choices: ReadonlyArray<A>): Kind<A> => ({
  codec: named(`one of ${choices.join(', ')}`, (value): value is A =>
    choices.some((one) => one === value),
  ),
  ofText: (text) => text,
  schema: { enum: choices },
  unit: '',
})

export const whole = (min: number, max: number, unit: Kind<number>['unit'] = ''): Kind<number> => ({
  codec: named(
    `a whole number from ${min} to ${max}`,
    (value): value is number =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
  ),
  ofText: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
  schema: { type: 'integer', minimum: min, maximum: max },
  unit,
})

export const span = (min: Millis, max: Millis): Kind<Millis> => whole(min, max, 'ms')

export const percent: Kind<number> = whole(0, 100, '%')

const namesForm = t.readonlyArray(t.string)

/** A variable has them with commas between. */
export const names: Kind<ReadonlyArray<string>> = {
  codec: named('a list of names', namesForm.is),
  ofText: (text) =>
    text.startsWith('[')
      ? undefined
      : text
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== ''),
  schema: { type: 'array', items: { type: 'string' } },
  unit: '',
}

/** From a model to those that may stand in for it, the first one first. */
export type ModelLists = Readonly<Record<string, ReadonlyArray<string>>>

const modelListsForm = t.record(t.string, namesForm)

export const modelLists: Kind<ModelLists> = {
  codec: named('an object of lists of models', modelListsForm.is),
  ofText: () => undefined,
  schema: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  unit: '',
}
