/** A setting as commands show it. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import * as Catalogue from '../../core/settings/catalogue'
import type { Origin, Resolved } from '../../core/settings/resolution'
import { printable } from '../../core/tui/printable'
import { oneOf, orNull, whole } from './forms'

export interface Shown {
  readonly key: Catalogue.Key
  readonly value: Catalogue.Value
  readonly origin: Origin
}

export const shownIn =
  ({ settings, originOf }: Resolved) =>
  (key: Catalogue.Key): Shown => ({ key, value: settings[key], origin: originOf(key) })

export const valueText = (value: unknown): string =>
  typeof value === 'object' ? printable(JSON.stringify(value)) : printable(String(value))

export const originText = (origin: Origin): string => {
  switch (origin._tag) {
    case 'Default':
      return 'default'
    case 'Variable':
      return origin.name
    case 'File': {
      const line = O.isSome(origin.line) ? `, line ${origin.line.value}` : ''
      return `${printable(origin.path)}${line}`
    }
  }
}

const kinds = { Default: 'default', Variable: 'variable', File: 'file' } as const

const valueForm = t.union([
  ...([t.boolean, t.number, t.string] as const),
  t.readonlyArray(t.string),
  t.record(t.string, t.readonlyArray(t.string)),
])

export const settingForm = t.strict(
  {
    key: oneOf(Catalogue.keys),
    value: valueForm,
    default: valueForm,
    takes: t.string,
    unit: t.string,
    variables: t.array(t.string),
    help: t.string,
    origin: t.strict({
      kind: oneOf(Object.values(kinds)),
      variable: orNull(t.string),
      path: orNull(t.string),
      line: orNull(whole),
    }),
  },
  'Setting',
)

export const toSettingForm = ({ key, value, origin }: Shown): t.TypeOf<typeof settingForm> => {
  const { help, kind, standard, variables } = Catalogue.rowOf(key)
  return {
    ...{ key, value, help, default: standard, takes: kind.codec.name, unit: kind.unit },
    variables: variables.map(({ name }) => name),
    origin: {
      kind: kinds[origin._tag],
      variable: origin._tag === 'Variable' ? origin.name : null,
      path: origin._tag === 'File' ? origin.path : null,
      line: origin._tag === 'File' ? O.toNullable(origin.line) : null,
    },
  }
}
