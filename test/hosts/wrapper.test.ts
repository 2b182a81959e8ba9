/** The real CLI behind the wrapper and alone: the same output, the same end. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import type { Account as Person } from '../../entrypoints/embed/testing/people'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { makeHome, type Home } from './support/home'
import { hostEnvironment, officialBinary, runOfficial } from './support/official'
import { productEnvironment, program, runProduct, writePool } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import { runProgram, type Ran } from './support/run-program'
import { startOnSockets } from './support/upstream'

let upstream: Upstream
let home: Home
let proxy: RecordingProxy
let ada: Person

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
  ada = upstream.addPerson({ email: 'ada@mail.test' }).accounts[0]
})

afterEach(async () => {
  await Promise.all([proxy.close(), home.remove(), upstream.close()])
})

const signIn = async (): Promise<void> => {
  const tokens = upstream.signIn(ada)
  await writePool(home, [{ account: ada, tokens }])
  await home.writeLogin(tokens, ada)
}

/** The official CLI alone, led nowhere. */
const alone = (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProgram({
    program: officialBinary(),
    arguments: given,
    cwd: home.workspace,
    environment: hostEnvironment({ upstream, home, proxy }),
  })

const wrapped = (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProduct({ upstream, home, proxy }, 'codex', ...given)

/** Less our own lines, and what differs between any two runs of the official CLI. */
const talk = ({ stderr }: Ran): ReadonlyArray<string> =>
  stderr
    .split('\n')
    .filter((line) => !line.startsWith('codex-multi-auth: '))
    // The CLI fetches its models twice at once, and may read the file it is just writing.
    .filter((line) => !line.includes('failed to load models cache: EOF'))
    .map((line) =>
      line
        .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
        .replace(/,? url: \S+/g, '')
        .replace(/http:\/\/127\.0\.0\.1:\d+/g, '<address>'),
    )

const asSeen = (ran: Ran) => ({
  code: ran.code,
  signal: ran.signal,
  stdout: ran.stdout,
  talk: talk(ran),
})

/** What `codex doctor` says of how it was installed and started. */
const installationOf = (report: string): unknown => {
  const { checks } = JSON.parse(report) as {
    readonly checks: Readonly<Record<string, { readonly id: string; readonly details: unknown }>>
  }
  return Object.values(checks).find(({ id }) => id === 'installation')?.details
}

describe('plain forwarding', () => {
  it.each([
    { given: ['--version'], code: 0 },
    { given: ['--help'], code: 0 },
    { given: ['exec', '--help'], code: 0 },
    { given: ['help', 'exec'], code: 0 },
    { given: ['features', 'list'], code: 0 },
    { given: ['login', 'status'], code: 1 },
    { given: ['--nonsense'], code: 2 },
    { given: ['exec', '--nonsense', 'x'], code: 2 },
    { given: ['completion', 'nonsense'], code: 2 },
    { given: ['resume'], code: 1 },
    { given: ['exec'], code: 1 },
    { given: ['exec', '-c', 'nonsense', 'x'], code: 1 },
  ])('codex $given ends as alone', async ({ given, code }) => {
    const [official, ours] = [await alone(...given), await wrapped(...given)]
    expect(ours.code).toBe(code)
    expect(asSeen(ours)).toEqual(asSeen(official))
  })

  it('codex login status, signed in, ends as alone', async () => {
    await signIn()
    const [official, ours] = [await alone('login', 'status'), await wrapped('login', 'status')]
    expect(ours.code).toBe(0)
    expect(asSeen(ours)).toEqual(asSeen(official))
  })

  it('finds the official CLI by its launcher on PATH, and sets what that sets', async () => {
    const scope = join(dirname(program), '..', 'test', 'hosts', 'node_modules', '@openai')
    const bin = join(home.path, 'bin')
    await mkdir(bin)
    await symlink(join(scope, 'codex', 'bin', 'codex.js'), join(bin, 'codex'))
    const path = [bin, dirname(process.execPath)].join(':')
    const { CODEX_MULTI_AUTH_REAL_CODEX_BIN: _, ...environment } = productEnvironment({
      upstream,
      home,
      proxy,
      environment: { PATH: path },
    })
    const ran = async (start: ReadonlyArray<string>): Promise<unknown> => {
      const { stdout } = await runProgram({
        program: process.execPath,
        arguments: [...start, 'doctor', '--json'],
        cwd: home.workspace,
        environment,
      })
      return installationOf(stdout)
    }
    const official = await ran([join(bin, 'codex')])
    expect(official).toMatchObject({ 'managed by npm': 'true' })
    expect(await ran([program, 'codex'])).toEqual(official)
  })

  it('says where it looked when there is no official CLI', async () => {
    const { CODEX_MULTI_AUTH_REAL_CODEX_BIN: _, ...environment } = productEnvironment({
      upstream,
      home,
      proxy,
      environment: { PATH: join(home.path, 'nowhere') },
    })
    const node = join(home.path, 'node')
    await symlink(process.execPath, node)
    const ran = await runProgram({
      program: node,
      arguments: [program, 'codex', '--version'],
      cwd: home.workspace,
      environment,
    })
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toContain(join(home.path, 'nowhere'))
    expect(ran.stderr).toContain('npm install -g @openai/codex')
  })
})

describe('account work by way of codex', () => {
  const own = (...given: ReadonlyArray<string>): Promise<Ran> =>
    runProduct({ upstream, home, proxy }, ...given)

  it.each([['auth'], ['multi-auth'], ['multiauth'], ['multi', 'auth']])(
    'codex %s is ours',
    async (...words) => {
      await signIn()
      const [listed, ours] = [await own('list'), await own('codex', ...words, 'list')]
      expect([ours.stdout, ours.code]).toEqual([listed.stdout, 0])
    },
  )

  it('a prompt that begins with such a word is a prompt', async () => {
    const [official, ours] = [await alone('auth my code'), await wrapped('auth my code')]
    expect(asSeen(ours)).toEqual(asSeen(official))
  })
})

describe('signals', () => {
  const endBy = async (signal: NodeJS.Signals, start: ReadonlyArray<string>) => {
    const [first = '', ...rest] = start
    const child = spawn(first, [...rest, 'exec', '--skip-git-repo-check'], {
      cwd: home.workspace,
      env: productEnvironment({ upstream, home, proxy }),
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: 40_000,
      killSignal: 'SIGKILL',
    })
    const isReading = async (): Promise<void> => {
      for await (const text of child.stderr) if (String(text).includes('Reading prompt')) return
    }
    const ended = once(child, 'exit')
    await isReading()
    child.kill(signal)
    return ended
  }

  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    '%s ends it as alone',
    async (signal) => {
      const official = await endBy(signal, [officialBinary()])
      const ours = await endBy(signal, [process.execPath, program, 'codex'])
      expect(ours).toEqual(official)
    },
  )
})

describe('a turn that fails', () => {
  it('ends as alone', async () => {
    await signIn()
    const given = ['exec', '--skip-git-repo-check', 'Say hello.']
    upstream.always(ada.key, Behaviour.contextTooLong)
    const official = await runOfficial({ upstream, home, proxy }, ...given)
    const ours = await wrapped(...given)
    expect(ours.code).toBe(1)
    expect(asSeen(ours)).toEqual(asSeen(official))
  })
})
