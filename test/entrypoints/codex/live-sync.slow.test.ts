/**
 * What one process of the built program changes reaches another that runs, at once and without a
 * restart: the wrapper with its proxy on one side, commands on the other.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import readline from 'node:readline'
import { buildSync } from 'esbuild'
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import type { Upstream } from '../../../entrypoints/embed/testing/upstream'
import { makeHome, type Home } from '../../hosts/support/home'
import { program, writePool } from '../../hosts/support/product'
import { runProgram } from '../../hosts/support/run-program'
import { startOnSockets } from '../../hosts/support/upstream'
import { cleanEnvironment } from '../../support/clean-environment'

let folder: string
let home: Home
let upstream: Upstream
let ada: Person
let grace: Person
let wrapper: ChildProcess
let answers: AsyncIterator<string>

const environment = (): Record<string, string> =>
  cleanEnvironment(home.path, {
    CODEX_HOME: home.path,
    CODEX_MULTI_AUTH_ISSUER: upstream.issuer,
    CODEX_MULTI_AUTH_BACKEND: upstream.backend,
    CODEX_MULTI_AUTH_REAL_CODEX_BIN: join(folder, 'codex'),
  })

beforeEach(async () => {
  ;[folder, home, upstream] = await Promise.all([
    mkdtemp(join(tmpdir(), 'live-')),
    makeHome(),
    startOnSockets({ deviceInterval: 1_000 }),
  ])
  buildSync({
    entryPoints: [join(__dirname, '../../support/codex-child.ts')],
    banner: { js: '#!/usr/bin/env node' },
    bundle: true,
    platform: 'node',
    outfile: join(folder, 'codex'),
    logLevel: 'error',
  })
  await chmod(join(folder, 'codex'), 0o755)
  ada = upstream.addPerson({ email: 'ada@mail.test' }).accounts[0]
  grace = upstream.addPerson({ email: 'grace@mail.test' }).accounts[0]
})

afterEach(async () => {
  const ended = once(wrapper, 'exit')
  wrapper.stdin?.end()
  wrapper.kill('SIGTERM')
  await ended
  await Promise.all([upstream.close(), home.remove(), rm(folder, { recursive: true, force: true })])
})

/** With these in the pool, the first of whom the official CLI is signed in as. */
const start = async (...people: readonly [Person, ...ReadonlyArray<Person>]): Promise<void> => {
  const rows = people.map((account) => ({ account, tokens: upstream.signIn(account) }))
  await writePool(home, rows)
  const [first] = rows
  if (first !== undefined) await home.writeLogin(first.tokens, first.account)
  startIn(home.workspace)
}

const startIn = (cwd: string, ...words: ReadonlyArray<string>): void => {
  wrapper = spawn(process.execPath, [program, 'codex', 'exec', ...words, 'hi'], {
    cwd,
    env: environment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  answers = readline.createInterface({ input: wrapper.stdout! })[Symbol.asyncIterator]()
}

/** What a person runs beside it, to its end. */
const run = (...words: ReadonlyArray<string>): Promise<void> => runIn(home.workspace, ...words)

const runIn = async (cwd: string, ...words: ReadonlyArray<string>): Promise<void> => {
  const ran = await runProgram({
    program: process.execPath,
    arguments: [program, ...words],
    cwd,
    environment: environment(),
    timeMax: 20_000,
  })
  expect(`${ran.code} ${ran.stderr}`).toMatch(/^0 /)
}

let conversations = 0

/** Who serves a conversation that is new. */
const served = async (): Promise<string> => {
  const before = [ada, grace].map(({ key }) => upstream.journal.requestsOf(key).length)
  conversations += 1
  wrapper.stdin?.write(`conversation-${conversations}\n`)
  const { value } = await answers.next()
  expect(value).toBe('200')
  const [ofAda = 0, ofGrace = 0] = [ada, grace].map(
    ({ key }, index) => upstream.journal.requestsOf(key).length - (before[index] ?? 0),
  )
  expect(ofAda + ofGrace).toBe(1)
  return ofAda === 1 ? 'ada' : 'grace'
}

const servedInTurn = async (times: number): Promise<ReadonlyArray<string>> => {
  const all: Array<string> = []
  for (let turn = 0; turn < times; turn += 1) all.push(await served())
  return all
}

jest.setTimeout(60_000)

it('serves with an account that signs in while it runs', async () => {
  await start(ada)
  expect(await servedInTurn(2)).toEqual(['ada', 'ada'])
  upstream.device.approves(grace)
  await run('login', '--device-auth')
  // Ada has two conversations by now, and Grace none.
  expect(await servedInTurn(2)).toEqual(['grace', 'grace'])
})

it('follows a switch, and the end of the pin', async () => {
  await start(ada, grace)
  await run('switch', 'grace')
  expect(await servedInTurn(3)).toEqual(['grace', 'grace', 'grace'])
  await run('switch', 'ada')
  expect(await servedInTurn(3)).toEqual(['ada', 'ada', 'ada'])
  await run('unpin')
  expect(new Set(await servedInTurn(3))).toContain('grace')
})

it('sends nothing more to an account that is removed, or disabled', async () => {
  await start(ada, grace)
  await run('switch', 'grace')
  expect(await served()).toBe('grace')
  await run('disable', 'grace')
  expect(await served()).toBe('ada')
  await run('switch', 'grace')
  expect(await served()).toBe('grace')
  await run('remove', 'grace', '--yes')
  expect(await servedInTurn(2)).toEqual(['ada', 'ada'])
})

it('goes by a setting, and by a policy, that is changed while it runs', async () => {
  await start(ada, grace)
  await run('rotation', 'off')
  expect(await servedInTurn(3)).toEqual(['ada', 'ada', 'ada'])
  await run('config', 'set', 'schedulingStrategy', 'hybrid')
  expect(await served()).toBe('grace')
  await run('account', 'pause', 'grace')
  expect(await servedInTurn(2)).toEqual(['ada', 'ada'])
})

it.each([
  { name: 'run inside it', folder: 'engine/src', words: [] },
  { name: 'told to work there', folder: '', words: ['--cd', 'engine'] },
])('serves a project from accounts of its own, $name', async ({ folder: below, words }) => {
  await mkdir(join(home.workspace, 'engine', '.git'), { recursive: true })
  await mkdir(join(home.workspace, 'engine', 'src'))
  const tokens = upstream.signIn(ada)
  await writePool(home, [{ account: ada, tokens }])
  await home.writeLogin(tokens, ada)
  upstream.device.approves(grace)
  await runIn(join(home.workspace, 'engine'), 'login', '--device-auth', '--project')
  startIn(join(home.workspace, below), ...words)
  expect(await servedInTurn(3)).toEqual(['grace', 'grace', 'grace'])
})
