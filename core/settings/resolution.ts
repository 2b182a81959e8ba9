/**
 * What each setting is: the environment over the files, the first file over the next, all over the
 * default. A bad value is named and passed over, so that one mistake does not take the others with it.
 */
import * as O from 'fp-ts/Option'
import { lineOf } from '../json-text'
import * as Catalogue from './catalogue'
import * as SettingsFile from './settings-file'

export interface Sources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The strongest first. */
  readonly files: ReadonlyArray<SettingsFile.SettingsFile>
}

export type Place =
  | { readonly _tag: 'Variable'; readonly name: string }
  /** `name` is a path in the file; the line counts from 1. */
  | {
      readonly _tag: 'File'
      readonly path: string
      readonly name: string
      readonly line: O.Option<number>
    }

export type Complaint =
  /** `takes` says in words what the setting takes. */
  | { readonly _tag: 'BadSetting'; readonly place: Place; readonly takes: string }
  | SettingsFile.BadSettingsFile

export type Origin = Place | { readonly _tag: 'Default' }

export interface Resolved {
  readonly settings: Catalogue.Settings
  readonly complaints: ReadonlyArray<Complaint>
  readonly originOf: (key: Catalogue.Key) => Origin
}

export const resolve = ({ environment, files }: Sources): Resolved => {
  const opened = files.map(open)
  const found = Catalogue.keys.map((key) => find(key, environment, opened))
  const origins = new Map(found.map(({ key, origin }) => [key, origin]))
  return {
    // Each value has passed the row it comes from.
    settings: Object.fromEntries(
      found.map(({ key, value }) => [key, value]),
    ) as unknown as Catalogue.Settings,
    complaints: [
      ...opened.flatMap(({ complaint }) => (O.isSome(complaint) ? [complaint.value] : [])),
      ...found.flatMap(({ complaints }) => complaints),
    ],
    originOf: (key) => origins.get(key)?.() ?? { _tag: 'Default' },
  }
}

interface Opened {
  readonly file: SettingsFile.SettingsFile
  readonly top: SettingsFile.Values
  readonly complaint: O.Option<SettingsFile.BadSettingsFile>
}

const open = (file: SettingsFile.SettingsFile): Opened =>
  SettingsFile.open(file).match(
    (top): Opened => ({ file, top, complaint: O.none }),
    (bad) => ({ file, top: {}, complaint: O.some(bad) }),
  )

/** A value that a source gives, with where it stands; told when somebody asks, as a line costs a scan. */
interface Given {
  readonly value: unknown
  readonly place: () => Place
}

interface Found {
  readonly key: Catalogue.Key
  readonly value: unknown
  readonly origin: () => Origin
  readonly complaints: ReadonlyArray<Complaint>
}

const find = (
  key: Catalogue.Key,
  environment: Sources['environment'],
  files: ReadonlyArray<Opened>,
): Found => {
  const row = Catalogue.rowOf(key)
  const given = [
    ...row.variables.flatMap(givenByVariable(row, environment)),
    ...files.flatMap(givenByFile(key, row)),
  ]
  const good = given.find(({ value }) => row.kind.codec.is(value))
  const complaints = given
    .filter(({ value }) => !row.kind.codec.is(value))
    .map(({ place }): Complaint => ({
      _tag: 'BadSetting',
      place: place(),
      takes: row.kind.codec.name,
    }))
  return good === undefined
    ? { key, value: row.standard, origin: () => ({ _tag: 'Default' }), complaints }
    : { key, value: good.value, origin: good.place, complaints }
}

/** An empty variable says nothing; one that makes no sense says null, which no setting takes. */
const givenByVariable =
  ({ kind }: Catalogue.Row<Catalogue.Value>, environment: Sources['environment']) =>
  ({ name, means = {} }: Catalogue.Variable): ReadonlyArray<Given> => {
    const text = environment[name]
    if (text === undefined || text === '') return []
    const meant = Object.hasOwn(means, text.toLowerCase()) ? means[text.toLowerCase()] : text
    return [
      { value: kind.ofText(meant ?? text) ?? null, place: () => ({ _tag: 'Variable', name }) },
    ]
  }

const givenByFile =
  (key: Catalogue.Key, { older }: Catalogue.Row<Catalogue.Value>) =>
  (opened: Opened): ReadonlyArray<Given> => {
    const path = SettingsFile.pathOf(opened.top, key)
    const given = givenAt(path, opened)
    if (given.length > 0 || older === undefined) return given
    return givenAt([...path.slice(0, -1), older.name], opened).map(({ place, value }) => ({
      place,
      value: typeof value === 'boolean' ? older.means[`${value}`] : value,
    }))
  }

const givenAt = (path: ReadonlyArray<string>, { file, top }: Opened): ReadonlyArray<Given> => {
  const value = SettingsFile.valueAt(top, path)
  if (value === undefined) return []
  const place = (): Place => ({
    _tag: 'File',
    path: file.path,
    name: path.join('.'),
    line: lineOf(path)(file.text),
  })
  return [{ value, place }]
}
