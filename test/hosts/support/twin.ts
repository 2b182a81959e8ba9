/**
 * A home as it can be held against its twin: every file by its path, kind, mode and text, less what
 * differs between any two runs of the official CLI. What differs then is the doing of somebody else.
 */
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Path below the home to what is there. */
export type Tree = ReadonlyMap<string, string>

/** Keys of JSON files that the official CLI fills with tokens, and with marks of where it asked. */
const keysAside: ReadonlyArray<readonly [path: RegExp, keys: ReadonlyArray<string>]> = [
  [
    /^auth\.json$/,
    ['id_token', 'access_token', 'refresh_token', 'oauth_provenance', 'login_owner_id'],
  ],
  [/^models_cache\.json$/, ['identity', 'etag']],
  // A digest of the base URL, as the identity of the models is one.
  [/^cache\/codex_apps_tools\/\w+\.json$/, ['discovery_scope']],
]

const timeKeys = [
  ...['create_time', 'started_at', 'started_at_ms', 'completed_at', 'completed_at_ms'],
  ...['duration_ms', 'time_to_first_token_ms', 'resets_at'],
].join('|')

/** Ids, times, content that only the backend opens, and the home's own path, alike in every home. */
const alike = (home: string, text: string): string =>
  text
    .replaceAll(home, '<home>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/\b(rs|msg|resp)_sim_\d+/g, '$1_<id>')
    .replace(/\bgAAAAsim\.[\w-]+/g, '<sealed>')
    .replace(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(\.\d+)?Z?/g, '<time>')
    .replace(new RegExp(`("(?:${timeKeys})":)[\\d.]+`, 'g'), '$1<time>')

const isLock = (name: string): boolean => name.endsWith('.lock')

/** Beside the file itself, SQLite keeps two that come and go. */
const isSqlite = (name: string): boolean => name.endsWith('.sqlite')
const isBesideSqlite = (name: string): boolean => /\.sqlite-(shm|wal)$/.test(name)

const withoutKeys = (text: string, keys: ReadonlyArray<string>): string =>
  JSON.stringify(
    JSON.parse(text),
    (key, value: unknown) => (keys.includes(key) ? undefined : value),
    2,
  )

const textOf = async (home: string, name: string): Promise<string> => {
  if (isSqlite(name)) return '<database>'
  // One character a byte: not every file is a text.
  const text = await readFile(join(home, name), 'latin1')
  const keys = keysAside.flatMap(([path, list]) => (path.test(name) ? list : []))
  return alike(home, keys.length === 0 ? text : withoutKeys(text, keys))
}

const found = async (home: string, name: string): Promise<string> => {
  const path = join(home, name)
  const seen = await lstat(path)
  const mode = (seen.mode & 0o777).toString(8)
  if (seen.isSymbolicLink()) return `link to ${alike(home, await readlink(path))}`
  return seen.isFile() ? `file ${mode}\n${await textOf(home, name)}` : `folder ${mode}`
}

/** What lies at `aside` or below it is not looked at. */
export const readTree = async (home: string, aside: ReadonlyArray<string> = []): Promise<Tree> => {
  const isAside = (name: string): boolean =>
    aside.some((path) => name === path || name.startsWith(`${path}/`))
  const names = (await readdir(home, { recursive: true }))
    .filter((name) => !isAside(name) && !isLock(basename(name)) && !isBesideSqlite(name))
    .toSorted()
  return new Map(
    await Promise.all(
      names.map(async (name) => [alike(home, name), await found(home, name)] as const),
    ),
  )
}
