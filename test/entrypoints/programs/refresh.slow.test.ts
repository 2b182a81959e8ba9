/** Eight processes of the system need one account whose token has ended, on real files and sockets. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { buildSync } from 'esbuild'
import * as O from 'fp-ts/Option'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeHash } from '../../../adapters/node/hash'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { nodeRandom } from '../../../adapters/node/random'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import { minute, second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../../entrypoints/embed/testing/journal'
import type { Tokens } from '../../../entrypoints/embed/testing/tokens'
import { startUpstream, type Upstream } from '../../../entrypoints/embed/testing/upstream'
import { cleanEnvironment } from '../../support/clean-environment'
import { until } from '../../support/until'

const base = fs.mkdtempSync(path.join(os.tmpdir(), 'refresh-'))
const program = path.join(base, 'refresh-child.cjs')

beforeAll(() => {
  buildSync({
    entryPoints: [path.join(__dirname, '../../support/refresh-child.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'error',
  })
})
afterAll(() => fs.rmSync(base, { recursive: true, force: true }))

interface Child {
  readonly process: ChildProcessWithoutNullStreams
  readonly says: () => Promise<string>
  readonly needs: (seen?: string) => Promise<string>
}

interface Scene {
  readonly upstream: Upstream
  readonly tokens: Tokens
  readonly children: ReadonlyArray<Child>
  readonly renewals: () => number
  readonly pool: () => Pool.Pool
}

let upstream: Upstream
let children: ReadonlyArray<Child> = []

afterEach(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await upstream.close()
})

const credentialOf = (tokens: Tokens): Credential.Credential => ({
  access: O.some(Credential.secret(tokens.accessToken)),
  refresh: Credential.secret(tokens.refreshToken),
  id: O.some(Credential.secret(tokens.idToken)),
  expiresAt: O.some(tokens.expiresAt),
  refreshedAt: O.none,
})

const startChild = async (root: string, key: string): Promise<Child> => {
  const child = spawn(process.execPath, [program, root, upstream.issuer], {
    env: cleanEnvironment(root),
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const says = async (): Promise<string> => String((await lines.next()).value)
  expect(await says()).toBe('ready')
  const needs = (seen = '-'): Promise<string> => {
    child.stdin.write(`${key} ${seen}\n`)
    return says()
  }
  return { process: child, says, needs }
}

const stage = async (count = 8): Promise<Scene> => {
  const ports = { httpServer: nodeHttpServer(), random: nodeRandom(), hash: nodeHash() }
  const clock = nodeClock()
  upstream = (await startUpstream({ ...ports, clock }))._unsafeUnwrap()
  const root = fs.mkdtempSync(path.join(base, 'home-'))
  const [account] = upstream.addPerson({ email: 'ada@mail.test' }).accounts
  const tokens = upstream.signIn(account, { lifetimes: { access: -1 } })
  const row = Account.ofSignIn(clock.now(), credentialOf(tokens))._unsafeUnwrap()
  const file = path.join(root, 'pool', 'openai-codex-accounts.json')
  fs.mkdirSync(path.dirname(file), { mode: 0o700 })
  fs.writeFileSync(file, PoolFile.print(Pool.signIn(row)(Pool.empty)), { mode: 0o600 })
  children = await Promise.all(Array.from({ length: count }, () => startChild(root, account.key)))
  return {
    ...{ upstream, tokens, children },
    renewals: () => upstream.journal.calls().filter((call) => call.path === tokenPath).length,
    pool: () => PoolFile.parse(fs.readFileSync(file, 'utf8'))._unsafeUnwrap(),
  }
}

const held = ({ pool }: Scene): ReadonlyArray<string> =>
  pool().accounts.map(({ credential }) => `ok ${credential.refresh.reveal()}`)

it.each([
  { name: 'answers', faults: [], calls: 1 },
  { name: 'takes 5 s', faults: [Behaviour.delayed(5 * second)], calls: 1 },
  { name: 'takes 35 s', faults: [Behaviour.delayed(35 * second)], calls: 1 },
  { name: 'fails with a 500 first', faults: [Behaviour.serverFault(500)], calls: 2 },
])(
  'serves all with one renewal when the issuer $name',
  async ({ calls, faults }) => {
    const scene = await stage()
    scene.upstream.fail(tokenPath, faults)
    const said = await Promise.all(scene.children.map(({ needs }) => needs()))
    expect([...new Set(said)]).toEqual(held(scene))
    expect(scene.renewals()).toBe(calls)
    expect(scene.upstream.journal.violations()).toEqual([])
  },
  2 * minute,
)

it(
  'serves the others within 2 s when the one that asks is killed',
  async () => {
    const scene = await stage()
    scene.upstream.fail(tokenPath, [Behaviour.silence])
    const [owner, ...others] = scene.children
    const last = owner?.needs()
    expect(await until(async () => scene.renewals() === 1)).toBe(true)
    const waiting = Promise.all(others.map(({ needs }) => needs()))
    owner?.process.kill('SIGKILL')
    const killedAt = performance.now()
    expect([...new Set(await waiting)]).toEqual(held(scene))
    expect(performance.now() - killedAt).toBeLessThan(2 * second)
    expect(scene.renewals()).toBe(2)
    expect(await last).toBe('undefined')
  },
  minute,
)

it(
  'lets a process that lives long take over what another got, and spend nothing',
  async () => {
    const scene = await stage(2)
    const [one, other] = scene.children
    expect(await one?.needs()).toBe(held(scene)[0])
    expect(await other?.needs(scene.tokens.accessToken)).toBe(held(scene)[0])
    expect(scene.renewals()).toBe(1)
  },
  minute,
)
