/** JSON objects as they come: what we do not know of them stays. */
import * as t from 'io-ts'

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields => t.UnknownRecord.is(value)

export const listOf = (value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? value : []

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const without =
  (...names: ReadonlyArray<string>) =>
  (fields: Fields): Fields =>
    names.some((name) => name in fields)
      ? Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
      : fields
