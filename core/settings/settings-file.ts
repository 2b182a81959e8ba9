/**
 * The form of a settings file. Beside the settings we know it holds what others put there, and that
 * survives every change; a file that cannot be read is never written.
 */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import { faultLine, lineOf } from '../json-text'
import { parseJson } from '../result'
import * as Catalogue from './catalogue'

export interface SettingsFile {
  readonly path: string
  readonly text: string
}

/** None of its settings count. */
export interface BadSettingsFile {
  readonly _tag: 'BadSettingsFile'
  readonly path: string
  /** From 1. */
  readonly line: O.Option<number>
  readonly because: 'no-json' | 'no-settings' | 'newer'
}

export type Values = Readonly<Record<string, unknown>>

const formVersion = 1
const sections = ['pluginConfig', 'dashboardDisplaySettings'] as const

/** What stands at the top of the file. */
export const open = ({ path, text }: SettingsFile): Result<Values, BadSettingsFile> => {
  const bad = (because: BadSettingsFile['because'], line: O.Option<number>) =>
    err<never, BadSettingsFile>({ _tag: 'BadSettingsFile', path, line, because })
  const json = parseJson(text)
  if (json.isErr()) return bad('no-json', faultLine(text))
  const top = json.value
  if (!isRecord(top)) return bad('no-settings', O.none)
  const version = own(top, 'version')
  if (typeof version === 'number' && version > formVersion)
    return bad('newer', lineOf(['version'])(text))
  const odd = sections.find((name) => Object.hasOwn(top, name) && !isRecord(top[name]))
  return odd === undefined ? ok(top) : bad('no-settings', lineOf([odd])(text))
}

/** The keys that lead to a setting; the older files of the existing tool have no sections. */
export const pathOf = (top: Values, key: Catalogue.Key): ReadonlyArray<string> => {
  const isFlat =
    sections.every((name) => !Object.hasOwn(top, name)) &&
    Catalogue.keys.some((other) =>
      [other, Catalogue.rowOf(other).older?.name ?? other].some((name) => Object.hasOwn(top, name)),
    )
  return isFlat ? [key] : [Catalogue.rowOf(key).section, key]
}

/** What the file says of a setting; undefined for nothing. */
export const valueAt = (top: Values, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((values, name) => (isRecord(values) ? own(values, name) : undefined), top)

/** The text with one setting changed, or taken out; the same text where that changes nothing. */
export const change =
  (key: Catalogue.Key, value: O.Option<unknown>) =>
  (file: SettingsFile): Result<string, BadSettingsFile> =>
    open(file).map((top) => {
      const path = pathOf(top, key)
      if (O.isNone(value) && valueAt(top, path) === undefined) return file.text
      const versioned = path.length > 1 ? { version: formVersion, ...top } : top
      return print(put(versioned, path, value))
    })

const put = (
  values: Values,
  [name = '', ...rest]: ReadonlyArray<string>,
  value: O.Option<unknown>,
): Values => {
  if (rest.length > 0) {
    const inner = own(values, name)
    return { ...values, [name]: put(isRecord(inner) ? inner : {}, rest, value) }
  }
  if (O.isSome(value)) return { ...values, [name]: value.value }
  return Object.fromEntries(Object.entries(values).filter(([other]) => other !== name))
}

const print = (top: Values): string => `${JSON.stringify(top, null, 2)}\n`

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = (values: Values, name: string): unknown =>
  Object.hasOwn(values, name) ? values[name] : undefined
