/** 32 conversations in eight processes of the system on four accounts, on real files and sockets. */
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
import * as Layout from '../../../core/storage/layout'
import * as PoolFile from '../../../core/storage/pool-file'
import * as ProcessFile from '../../../core/storage/process-file'
import { minute, second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import type { Call } from '../../../entrypoints/embed/testing/journal'
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import { everyone } from '../../../entrypoints/embed/testing/script'
import type { Tokens } from '../../../entrypoints/embed/testing/tokens'
import { startUpstream, type Upstream } from '../../../entrypoints/embed/testing/upstream'
import { cleanEnvironment } from '../../support/clean-environment'
import { until } from '../../support/until'

const base = fs.mkdtempSync(path.join(os.tmpdir(), 'swarm-'))
const program = path.join(base, 'router-child.cjs')
const processes = 8
const conversations = 32
const names = ['ada', 'grace', 'barbara', 'edith']

beforeAll(() => {
  buildSync({
    entryPoints: [path.join(__dirname, '../../support/router-child.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'error',
  })
})
afterAll(() => fs.rmSync(base, { recursive: true, force: true }))

interface Child {
  readonly process: ChildProcessWithoutNullStreams
  /** Asks the model once for a conversation, and gives the status of the answer. */
  readonly ask: (conversation: string) => Promise<number>
}

interface Scene {
  readonly upstream: Upstream
  readonly accounts: ReadonlyArray<Person>
  readonly layout: Layout.Layout
  /** Asks once for each, every eighth in the same process; each when the one before is under way, or all at once. */
  readonly askAll: (way: 'together' | 'in turn') => Promise<ReadonlyArray<number>>
  readonly calls: () => ReadonlyArray<Call>
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

const startChild = async (root: string): Promise<Child> => {
  const child = spawn(process.execPath, [program, root, upstream.issuer], {
    env: cleanEnvironment(root),
  })
  const waiting = new Map<string, (status: number) => void>()
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') return resolve()
      const [conversation = '', status] = line.split(' ')
      waiting.get(conversation)?.(Number(status))
    })
  })
  const ask = (conversation: string): Promise<number> =>
    new Promise((resolve) => {
      waiting.set(conversation, resolve)
      child.stdin.write(`${conversation}\n`)
    })
  return { process: child, ask }
}

const stage = async (settled: (pool: Pool.Pool) => Pool.Pool = (pool) => pool): Promise<Scene> => {
  const clock = nodeClock()
  const made = { httpServer: nodeHttpServer(), random: nodeRandom(), hash: nodeHash(), clock }
  upstream = (await startUpstream(made))._unsafeUnwrap()
  const root = fs.mkdtempSync(path.join(base, 'home-'))
  const layout = Layout.of({ home: root, codexHome: undefined, ownRoot: `${root}/pool` })
  const accounts = names.map((name) => upstream.addPerson({ email: `${name}@mail.test` }))
  const people = accounts.map(({ accounts: [account] }) => account)
  const pool = people.reduce((before, account) => {
    const credential = credentialOf(upstream.signIn(account))
    return Pool.signIn(Account.ofSignIn(clock.now(), credential)._unsafeUnwrap())(before)
  }, Pool.empty)
  fs.mkdirSync(layout.root, { mode: 0o700 })
  fs.writeFileSync(layout.pool, PoolFile.print(settled(pool)), { mode: 0o600 })
  children = await Promise.all(Array.from({ length: processes }, () => startChild(root)))
  const calls = (): ReadonlyArray<Call> => upstream.journal.requestsOf()
  const askOne = (number: number): Promise<number> =>
    children[number % processes]?.ask(`thread-${number}`) ?? Promise.resolve(0)
  const hasTold = (number: number): boolean => {
    const pid = children[number % processes]?.process.pid ?? 0
    return fs.existsSync(path.join(layout.runtime, ProcessFile.nameOf(pid)))
  }
  return {
    ...{ upstream, layout, calls, accounts: people },
    askAll: async (way) => {
      const before = calls().length
      const asked: Array<Promise<number>> = []
      for (let number = 0; number < conversations; number += 1) {
        asked.push(askOne(number))
        if (way === 'in turn')
          await until(async () => calls().length > before + number && hasTold(number))
      }
      return Promise.all(asked)
    },
  }
}

const accountOf = ({ account }: Call): string => (O.isSome(account) ? account.value.key : '')

const countBy = (calls: ReadonlyArray<Call>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const call of calls) counts.set(accountOf(call), (counts.get(accountOf(call)) ?? 0) + 1)
  return counts
}

const served = Array.from({ length: conversations }, () => 200)

const expectEven = (calls: ReadonlyArray<Call>): void => {
  const even = calls.length / names.length
  const counts = [...countBy(calls).values()]
  expect(counts).toHaveLength(names.length)
  expect(Math.max(...counts)).toBeLessThanOrEqual(even * 1.5)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(even / 1.5)
}

const placesOf = (calls: ReadonlyArray<Call>): ReadonlyMap<string, string> =>
  new Map(calls.map((call) => [call.conversation.thread, accountOf(call)]))

/** Of each account the first call, in the order of time. */
const firsts = (calls: ReadonlyArray<Call>): ReadonlyArray<Call> =>
  calls.filter((call, index) => calls.map(accountOf).indexOf(accountOf(call)) === index)

const pinnedToFirst = (pool: Pool.Pool): Pool.Pool => ({
  ...pool,
  pinned: O.map(Account.key)(O.fromNullable(pool.accounts[0])),
})

describe('the conversations of eight processes', () => {
  it(
    'spread over the accounts when they start together, and stay where they are',
    async () => {
      const scene = await stage()
      expect(await scene.askAll('together')).toEqual(served)
      const first = scene.calls()
      expectEven(first)
      expect(await scene.askAll('together')).toEqual(served)
      expect(placesOf(scene.calls().slice(conversations))).toEqual(placesOf(first))
      expect(scene.upstream.journal.violations()).toEqual([])
    },
    minute,
  )

  it(
    'spread when one process after the other starts one, and leave an invalidated token after a second',
    async () => {
      const scene = await stage()
      // Each is under way while others start.
      scene.upstream.always(everyone, Behaviour.slow(second))
      expect(await scene.askAll('in turn')).toEqual(served)
      expectEven(scene.calls())
      // One of each process, which knows of the others by what they tell alone.
      expectEven(scene.calls().slice(0, processes))
      scene.upstream.unscript()
      const [lost] = scene.accounts
      scene.upstream.refuseAccess(lost?.key ?? '', 'token_invalidated')
      expect(await scene.askAll('together')).toEqual(served)
      const calls = scene.calls().slice(conversations)
      const refused = calls.filter(({ status }) => status === 401)
      expect(refused.map(accountOf)).toEqual(refused.map(() => lost?.key))
      expect(refused.length).toBeGreaterThanOrEqual(conversations / names.length / 1.5)
      for (const { at, conversation } of refused) {
        const [, ...after] = calls.filter(
          (call) => call.conversation.thread === conversation.thread,
        )
        expect(after.map(({ status }) => status)).toEqual([200])
        expect((after[0]?.at ?? 0) - at).toBeGreaterThanOrEqual(second)
      }
      expect(calls).toHaveLength(conversations + refused.length)
    },
    minute,
  )

  it(
    'try fresh accounts one after the other, and no fourth, when each is invalidated in its turn',
    async () => {
      const scene = await stage(pinnedToFirst)
      for (const { key } of scene.accounts) scene.upstream.refuseAccess(key, 'token_invalidated')
      const statuses = await scene.askAll('together')
      expect(statuses).toEqual(served.map(() => 429))
      const tried = firsts(scene.calls())
      expect(tried.map(({ status }) => status)).toEqual([401, 401, 401])
      for (const [index, { at }] of tried.slice(1).entries())
        expect(at - (tried[index]?.at ?? 0)).toBeGreaterThanOrEqual(second)
      const marked = PoolFile.parse(fs.readFileSync(scene.layout.pool, 'utf8'))._unsafeUnwrap()
      expect(marked.accounts.filter(Account.needsSignIn).map(Account.key).sort()).toEqual(
        tried.map(accountOf).sort(),
      )
    },
    minute,
  )
})
