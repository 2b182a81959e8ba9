/**
 * The built program on a disk where something else lies in the place of its files: it says what is so,
 * ends with the code that is promised, loses nothing, and never hangs.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import * as PoolFile from '../../core/storage/pool-file'
import { program } from '../hosts/support/product'
import { runProgram, type Ran } from '../hosts/support/run-program'
import { cleanEnvironment } from '../support/clean-environment'
import { accountOf } from '../support/tokens'

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'garbage-'))
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }))

/** A hang is killed, and has no code. */
const timeMax = 20_000
jest.setTimeout(6 * timeMax)

const person = (name: string): Account.Account =>
  accountOf(
    { accountId: `acc-${name}`, userId: `user-${name}`, email: `${name}@mail.test` },
    1,
    name,
  )

const poolOf = (names: ReadonlyArray<string>): string =>
  PoolFile.print(names.reduce((pool, name) => Pool.signIn(person(name))(pool), Pool.empty))

const good = poolOf(['ada', 'bea'])

interface Place {
  readonly home: string
  readonly root: string
  readonly pool: string
  readonly run: (...words: ReadonlyArray<string>) => Promise<Ran>
}

const placeAt = (home: string, root = path.join(home, '.codex', 'multi-auth')): Place => ({
  home,
  root,
  pool: path.join(root, 'openai-codex-accounts.json'),
  run: (...words) =>
    runProgram({
      program: process.execPath,
      arguments: [program, ...words],
      cwd: home,
      environment: cleanEnvironment(home),
      timeMax,
    }),
})

const makePlace = (): Place => {
  const place = placeAt(fs.mkdtempSync(path.join(temporary, 'home-')))
  fs.mkdirSync(place.root, { recursive: true, mode: 0o700 })
  return place
}

const write = (at: string, text: string): void => fs.writeFileSync(at, text, { mode: 0o600 })

interface Thing {
  readonly name: string
  readonly put: (at: string) => void
}

const text = (name: string, content: string): Thing => ({
  name,
  put: (at) => write(at, content),
})

const things: ReadonlyArray<Thing> = [
  text('null', 'null'),
  text('an empty list', '[]'),
  text('an empty object', '{}'),
  text('nothing', ''),
  text('half a pool', good.slice(0, good.length / 2)),
  text('bytes that are no text', '\u0000\ufffd\u0001garbage'),
  text(
    'a list of prototypes',
    '{"version":3,"accounts":{"__proto__":[]},"__proto__":{"version":3}}',
  ),
  { name: 'a pipe', put: (at) => execFileSync('mkfifo', [at]) },
  { name: 'a folder', put: (at) => fs.mkdirSync(at) },
  {
    name: 'a file of 100 MB',
    put: (at) => {
      write(at, '')
      fs.truncateSync(at, 100 * 1024 * 1024)
    },
  },
]

const noStack = /fault of its own|at .*\.js:\d+/

const keysIn = ({ pool }: Place): ReadonlyArray<string> =>
  PoolFile.parse(fs.readFileSync(pool, 'utf8'))._unsafeUnwrap().accounts.map(Account.key)

describe.each(things)('$name in the place of the pool', ({ put }) => {
  it('is told, and left alone, where there is no copy', async () => {
    const place = makePlace()
    put(place.pool)
    const before = fs.lstatSync(place.pool)
    for (const words of [['list'], ['disable', '1'], ['export', '-'], ['why']]) {
      const ran = await place.run(...words)
      expect([ran.code, ran.stdout]).toEqual([5, ''])
      expect(ran.stderr).toMatch(/^Error: .*openai-codex-accounts\.json .*\n.+\n$/)
      expect(ran.stderr).not.toMatch(noStack)
    }
    const after = fs.lstatSync(place.pool)
    expect([after.ino, after.size]).toEqual([before.ino, before.size])
  })

  it('makes way for a copy, which is said, and is kept aside', async () => {
    const place = makePlace()
    put(place.pool)
    write(`${place.pool}.kept`, good)
    const listed = await place.run('list', '--json')
    expect(listed.code).toBe(0)
    const { data, warnings } = JSON.parse(listed.stdout)
    expect(data.accounts.map(({ email }: { email: string }) => email)).toEqual([
      'ada@mail.test',
      'bea@mail.test',
    ])
    expect(warnings).toEqual([expect.stringMatching(/is missing or damaged; .* \S+\.kept\.$/)])
    expect((await place.run('disable', '1')).code).toBe(0)
    expect(keysIn(place)).toEqual(['acc-ada/user-ada', 'acc-bea/user-bea'])
    expect(fs.existsSync(`${place.pool}.damaged`)).toBe(true)
    expect(await place.run('list')).toMatchObject({ code: 0, stderr: '' })
  })
})

describe.each(things)('$name beside a good pool', ({ put }) => {
  it('keeps no change from being made and no account from being shown', async () => {
    const place = makePlace()
    write(place.pool, good)
    const beside = ['.wal', '.kept', '.bak', '.bak.1']
    for (const ending of beside) put(`${place.pool}${ending}`)
    for (const name of ['settings.json', 'quota-cache.json', 'account-policies.json'])
      put(path.join(place.root, name))
    fs.mkdirSync(path.join(place.root, 'runtime'), { mode: 0o700 })
    put(path.join(place.root, 'runtime', 'state.json'))
    const listed = await place.run('list')
    expect(listed.code).toBe(0)
    expect(listed.stdout).toMatch(/ada@mail\.test[^]*bea@mail\.test/)
    expect(listed.stderr).not.toMatch(noStack)
    expect((await place.run('disable', 'bea')).code).toBe(0)
    expect(keysIn(place)).toEqual(['acc-ada/user-ada', 'acc-bea/user-bea'])
  })
})

it('works in a folder that is a link, and leaves the link', async () => {
  const place = makePlace()
  const real = path.join(place.home, 'elsewhere')
  fs.rmdirSync(place.root)
  fs.mkdirSync(real, { mode: 0o700 })
  fs.symlinkSync(real, place.root)
  write(path.join(real, 'openai-codex-accounts.json'), good)
  expect((await place.run('disable', 'bea')).code).toBe(0)
  expect(fs.lstatSync(place.root).isSymbolicLink()).toBe(true)
  expect(keysIn(placeAt(place.home, real))).toHaveLength(2)
})

it('takes ten thousand accounts', async () => {
  const place = makePlace()
  const accounts = Array.from({ length: 10_000 }, (_, number) => person(String(number)))
  write(place.pool, PoolFile.print({ ...Pool.empty, accounts }))
  const listed = await place.run('list', '--json')
  expect(listed.code).toBe(0)
  expect(JSON.parse(listed.stdout).data.accounts).toHaveLength(10_000)
  expect((await place.run('disable', '9999')).code).toBe(0)
  expect(keysIn(place)).toHaveLength(10_000)
})

it('takes names of prototypes for names, and nothing else', async () => {
  const place = makePlace()
  const names = ['__proto__', 'constructor', 'hasOwnProperty']
  const accounts = names.map((name) =>
    accountOf({ accountId: name, userId: '', email: `${name}@mail.test` }, 1, name),
  )
  const row = '{"refreshToken":"rt_odd","__proto__":{"enabled":false},"email":"odd@mail.test"}'
  const printed = JSON.parse(PoolFile.print({ ...Pool.empty, accounts })) as { accounts: object[] }
  write(place.pool, JSON.stringify(printed).replace('"accounts":[', `"accounts":[${row},`))
  write(
    path.join(place.root, 'account-policies.json'),
    '{"byAccount":{"__proto__":{"paused":true},"constructor":{"paused":true}}}',
  )
  const { data } = JSON.parse((await place.run('list', '--json')).stdout)
  expect(data.accounts.map(({ status }: { status: string }) => status)).toEqual(
    Array(4).fill('ready'),
  )
  expect((await place.run('disable', 'constructor')).code).toBe(0)
  expect((await place.run('account', 'pause', '2')).code).toBe(0)
  const after = JSON.parse((await place.run('list', '--json')).stdout).data
  expect(after.accounts.map(({ enabled }: { enabled: boolean }) => enabled)).toEqual([
    true,
    true,
    false,
    true,
  ])
})
