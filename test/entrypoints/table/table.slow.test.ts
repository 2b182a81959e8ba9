/**
 * The built program as a child process: command times state, each by its exit code, what it says, what
 * `--json` answers, and what it leaves behind.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram, type Ran } from '../../hosts/support/run-program'
import { startOnSockets } from '../../hosts/support/upstream'
import { cleanEnvironment } from '../../support/clean-environment'
import { misfits } from '../../support/published'
import type { Row } from './row'
import { groups } from './rows'
import { accountsIn, itIn, nobody, placeOf, setUp, textsIn, type Place, type Texts } from './states'

/** Copied, as the checkout may be closed to other users. */
let program: string
let base: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'table-'))
  await chmod(base, 0o755)
  await cp(join(__dirname, '../../../dist'), join(base, 'dist'), { recursive: true })
  program = join(base, 'dist', 'main.js')
  await writeFile(officialCli(), '#!/bin/sh\necho "official: $#"\nexit 7\n')
  await chmod(officialCli(), 0o755)
})

afterAll(async () => {
  await rm(base, { recursive: true, force: true })
})

/** Says how many arguments it got. */
const officialCli = (): string => join(base, 'official')

interface Outcome extends Ran {
  readonly before: string | null
  readonly after: string | null
  readonly isLoginKept: boolean
  readonly texts: Texts
  /** Files that are not what they were. */
  readonly changed: ReadonlyArray<string>
  readonly left: ReadonlyArray<string>
}

const timeMax = 15_000
jest.setTimeout(3 * timeMax)

const run = async (row: Row, words: ReadonlyArray<string>): Promise<Outcome> => {
  const place = placeOf(await mkdtemp(join(base, 'home-')))
  const upstream = await startOnSockets({ deviceInterval: 1_000 })
  const { people, undo } = await setUp(place, row.state, upstream)
  upstream.device.approves(people[1])
  try {
    const before = await accountsIn(place)
    const login = await loginIn(place)
    const textsBefore = await textsIn(place)
    const started = [process.execPath, program, ...words]
    const [start = '', ...given] =
      row.state === 'read-only'
        ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', ...started]
        : started
    const ran = await runProgram({
      program: start,
      arguments: given,
      cwd: place.home,
      environment: cleanEnvironment(place.home, {
        SHELL: '/bin/bash',
        CODEX_MULTI_AUTH_ISSUER: upstream.issuer,
        CODEX_MULTI_AUTH_BACKEND: upstream.backend,
        CODEX_MULTI_AUTH_REAL_CODEX_BIN: officialCli(),
        ...row.environment,
      }),
      timeMax,
    })
    const texts = await textsIn(place)
    return {
      ...ran,
      before,
      after: await accountsIn(place),
      texts,
      changed: [...new Set([...Object.keys(texts), ...Object.keys(textsBefore)])].filter(
        (path) => texts[path] !== textsBefore[path],
      ),
      isLoginKept: (await loginIn(place)) === login,
      left: await leftIn(place),
    }
  } finally {
    undo()
    await rm(place.home, { recursive: true, force: true })
    await upstream.close()
  }
}

/** Of what is there while a change is under way; a journal stays, and holds nothing. */
const leftIn = async ({ root }: Place): Promise<ReadonlyArray<string>> => {
  const names = await readdir(root).catch(() => [])
  const texts = await Promise.all(
    names
      .filter((name) => /lock|lease|draft|wal/.test(name))
      .map(async (name) => ({
        name,
        text: await readFile(join(root, name), 'utf8').catch(String),
      })),
  )
  return texts
    .filter(({ name, text }) => !(name.endsWith('.json.wal') && text === ''))
    .map(({ name }) => name)
}

const loginIn = (place: Place): Promise<string | null> =>
  readFile(place.authFile, 'utf8').catch(() => null)

/** What holds whatever the command and its answer. */
const isSound = (row: Row, outcome: Outcome): void => {
  expect([outcome.code, outcome.signal]).toEqual([row.code, null])
  expect(outcome.after).toBe(row.after ?? outcome.before)
  expect(outcome.isLoginKept).toBe(row.writesLogin !== true)
  expect(outcome.left).toEqual([])
  // An error leaves every file as it was, but for when the official sign-in was looked at.
  if (typeof row.json === 'string')
    expect(outcome.changed.filter((path) => !path.endsWith('/front-login.json'))).toEqual([])
  for (const [path, text] of Object.entries(row.leaves ?? {}))
    expect(outcome.texts[path]).toEqual(text === null ? undefined : expect.stringMatching(text))
  // No token, no colour, and no stack of a fault of our own.
  expect(outcome.stdout + outcome.stderr).not.toMatch(/eyJ|rt_sim|\u001b|fault of its own/)
}

const nothing = /^$/

const titleOf = ({ state, words, environment = {} }: Row): string =>
  [state + ':', ...Object.entries(environment).map((pair) => pair.join('=')), words].join(' ')

const holds = async (row: Row): Promise<void> => {
  const words = row.words.split(' ')
  const [text, json] = await Promise.all([
    run(row, words),
    row.json === null ? null : run(row, [...words, '--json']),
  ])
  isSound(row, text)
  expect(text.stdout).toMatch(row.out ?? nothing)
  expect(text.stderr).toMatch(row.err ?? nothing)
  if (json === null) return
  isSound(row, json)
  expect(json.stdout).toMatch(/^[^\n]+\n$/)
  expect(json.stderr !== '').toBe(row.talks === true)
  const isOk = typeof row.json !== 'string'
  const wanted = isOk ? { data: row.json } : { error: { code: row.json } }
  const document: unknown = JSON.parse(json.stdout)
  expect(document).toMatchObject({ schemaVersion: 1, ok: isOk, ...wanted })
  expect(misfits(document)).toEqual([])
}

for (const [group, rows] of Object.entries(groups)) {
  describe(`${group}`, () => {
    for (const row of rows) itIn(row.state)(titleOf(row), () => holds(row))
  })
}
