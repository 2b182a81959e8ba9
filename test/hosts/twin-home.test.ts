/**
 * From the tarball to a prompt over two accounts and away again: our own folder aside, the home looks
 * like that of a twin who signed in with the official CLI alone and asked it the same.
 */
import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import type { Account as Person } from '../../entrypoints/embed/testing/people'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { makeHome, type Home } from './support/home'
import { linkLauncher, runOfficial } from './support/official'
import { productEnvironment } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import { runProgram, type Ran } from './support/run-program'
import { readTree } from './support/twin'
import { startOnSockets } from './support/upstream'

const root = join(__dirname, '..', '..')

let upstream: Upstream
let home: Home
let twin: Home
/** Where the package is packed and installed: npm leaves files of its own. */
let elsewhere: Home
let proxy: RecordingProxy
let ada: Person
let grace: Person

beforeEach(async () => {
  ;[upstream, home, twin, elsewhere, proxy] = await Promise.all([
    startOnSockets({ deviceInterval: 1_000 }),
    ...([makeHome(), makeHome(), makeHome()] as const),
    startRecordingProxy(),
  ])
  ada = upstream.addPerson({ email: 'ada@mail.test' }).accounts[0]
  grace = upstream.addPerson({ email: 'grace@mail.test' }).accounts[0]
  const usage = { input: 100, cached: 0, output: 10, reasoning: 0 }
  upstream.speak(() => ({ text: 'Hello.', usage }))
  await linkLauncher(official())
  for (const { path } of [home, twin]) {
    await writeFile(join(path, '.bashrc'), 'B=2')
    await writeFile(join(path, '.profile'), `PATH='${searched()}'\n`)
  }
})

afterEach(async () => {
  const strays = proxy.strays()
  await Promise.all([proxy.close(), upstream.close()])
  await Promise.all([home, twin, elsewhere].map((one) => one.remove()))
  expect(strays).toEqual([])
})

const prefix = (): string => join(elsewhere.path, 'prefix')
const official = (): string => join(elsewhere.path, 'official')

const searched = (): string =>
  [...[join(prefix(), 'bin'), official()], ...[dirname(process.execPath), '/usr/bin', '/bin']].join(
    ':',
  )

const good = async (ran: Promise<Ran>): Promise<string> => {
  const { code, stdout, stderr } = await ran
  expect([code, stderr]).toEqual([0, expect.anything()])
  return stdout
}

const npm = (cwd: string, ...given: ReadonlyArray<string>): Promise<string> => {
  // Built already; a registry is out of reach.
  const quiet = ['--offline', '--no-audit', '--no-fund', '--no-update-notifier']
  return good(
    runProgram({
      program: 'npm',
      arguments: [...given, '--cache', join(elsewhere.path, 'cache'), ...quiet],
      cwd,
      environment: productEnvironment({ upstream, home: elsewhere, proxy }),
    }),
  )
}

const install = async (): Promise<void> => {
  const { path } = elsewhere
  await npm(root, 'pack', '--ignore-scripts', '--pack-destination', path)
  const tarball = (await readdir(path)).find((name) => name.endsWith('.tgz')) ?? ''
  await npm(path, 'install', '-g', '--prefix', prefix(), join(path, tarball))
}

const ask = (line: string): Promise<string> => {
  const { CODEX_MULTI_AUTH_REAL_CODEX_BIN: _, ...environment } = productEnvironment({
    ...{ upstream, home, proxy },
    environment: { SHELL: '/bin/bash' },
  })
  const shell = { program: 'bash', arguments: ['-lc', line], cwd: home.workspace, environment }
  return good(runProgram(shell))
}

const alone = (...given: ReadonlyArray<string>): Promise<string> =>
  good(runOfficial({ upstream, home: twin, proxy }, ...given))

const prompt = ['exec', '--skip-git-repo-check', 'Say_hello.']

it('leaves a home behind like that of the official CLI alone', async () => {
  await install()
  await ask('codex-multi-auth shim install')
  for (const person of [ada, grace]) {
    upstream.device.approves(person)
    await ask('codex auth login --device-auth')
  }
  upstream.script(ada.key, [Behaviour.usageLimit()])
  expect(await ask(`codex ${prompt.join(' ')}`)).toBe('Hello.\n')
  expect(upstream.journal.requestsOf().map(({ status }) => status)).toEqual([429, 200])
  await ask('codex-multi-auth shim remove')

  upstream.device.approves(ada)
  await alone('login', '--device-auth', '--experimental_issuer', upstream.issuer)
  expect(await alone(...prompt)).toBe('Hello.\n')

  // What the official CLI's own sign-in writes down of itself: in our home it signed nobody in.
  const theirs = await readTree(twin.path, ['log'])
  expect(await readTree(home.path, ['multi-auth'])).toEqual(theirs)
  expect([...theirs.keys()]).toEqual(
    expect.arrayContaining(['.bashrc', '.profile', 'auth.json', 'models_cache.json']),
  )
})
