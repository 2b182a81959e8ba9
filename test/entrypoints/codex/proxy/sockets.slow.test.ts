/** The proxy on real sockets, asked often: no client is ever refused, cut off or met by our close. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import * as O from 'fp-ts/Option'
import { nodeClock } from '../../../../adapters/node/clock'
import { nodeFileSystem } from '../../../../adapters/node/file-system'
import { nodeHash } from '../../../../adapters/node/hash'
import { nodeHttpServer } from '../../../../adapters/node/http-server'
import { nodeLock } from '../../../../adapters/node/lock'
import { nodeProcess } from '../../../../adapters/node/process'
import { nodeRandom } from '../../../../adapters/node/random'
import { nodeHttp } from '../../../../adapters/node/http'
import { nodeCompression } from '../../../../adapters/node/compression'
import { nodeTalk } from '../../../../adapters/node/talk'
import { nodeWatcher } from '../../../../adapters/node/watcher'
import * as Account from '../../../../core/accounts/account'
import * as Credential from '../../../../core/accounts/credential'
import * as Pool from '../../../../core/accounts/pool'
import * as AuthFile from '../../../../core/official/auth-file'
import * as Layout from '../../../../core/storage/layout'
import * as PoolFile from '../../../../core/storage/pool-file'
import { openEngine } from '../../../../entrypoints/codex/proxy/engine/engine'
import { startProxy } from '../../../../entrypoints/codex/proxy/proxy'
import type { RunningProxy } from '../../../../entrypoints/codex/proxy-face'
import { startUpstream, type Upstream } from '../../../../entrypoints/embed/testing/upstream'

const base = mkdtempSync(path.join(os.tmpdir(), 'sockets-'))
const layout = Layout.of({ home: base, codexHome: undefined, ownRoot: undefined })

let upstream: Upstream
let running: RunningProxy
let token: string

beforeAll(async () => {
  const [files, clock, random, process] = [
    ...([nodeFileSystem(), nodeClock(), nodeRandom(), nodeProcess()] as const),
  ]
  const [hash, server] = [nodeHash(), nodeHttpServer()]
  const ports = {
    ...{ files, clock, random, process, hash, server },
    lock: nodeLock({ files, clock, random, process }),
    http: nodeHttp({}),
    compression: nodeCompression(),
    terminal: nodeTalk(),
    watcher: nodeWatcher(),
  }
  upstream = (await startUpstream({ httpServer: server, clock, random, hash }))._unsafeUnwrap()
  const tokens = upstream.signIn(upstream.addPerson({ email: 'ada@mail.test' }).accounts[0])
  token = tokens.refreshToken
  const ada = Account.ofSignIn(clock.now(), {
    access: O.some(Credential.secret(tokens.accessToken)),
    refresh: Credential.secret(token),
    id: O.some(Credential.secret(tokens.idToken)),
    expiresAt: O.some(tokens.expiresAt),
    refreshedAt: O.some(clock.now()),
  })._unsafeUnwrap()
  mkdirSync(layout.root, { recursive: true, mode: 0o700 })
  writeFileSync(layout.pool, PoolFile.print(Pool.signIn(ada)(Pool.empty)), { mode: 0o600 })
  const login = AuthFile.ofCredential(ada, clock.now())._unsafeUnwrap()
  writeFileSync(layout.authFile, AuthFile.print(login), { mode: 0o600 })
  const { issuer, backend } = upstream
  const started = await startProxy(ports, layout, () =>
    openEngine(ports)({
      ...{ layout, environment: {}, kind: 'exec', store: 'file', strict: O.none },
      seams: { issuer, backend, isRealBackend: false },
    }),
  )
  running = started._unsafeUnwrap()
})

afterAll(async () => {
  await running.close()
  await upstream.close()
  rmSync(base, { recursive: true, force: true })
})

interface Asked {
  /** The status, or what happened in its place. */
  readonly outcome: number | string
  /** How long the connection is kept, as the answer says. */
  readonly keepAlive: string
}

const askForTokens = (agent: Agent): Promise<Asked> =>
  new Promise((resolve) => {
    const asking = request(
      {
        ...{ host: '127.0.0.1', port: running.chatgptPort, path: '/oauth/token', agent },
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      },
      (answer) => {
        const { statusCode = 0, headers } = answer
        const done = (outcome: number | string) => () =>
          resolve({ outcome, keepAlive: String(headers['keep-alive']) })
        answer.resume()
        answer.once('end', done(statusCode))
        answer.once('error', done('cut off'))
      },
    )
    asking.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ outcome: error.code ?? error.message, keepAlive: '' }),
    )
    asking.end(JSON.stringify({ grant_type: 'refresh_token', refresh_token: token }))
  })

const times = 200

describe('the token endpoint asked 200 times', () => {
  it.each([
    { name: 'at once, each on a connection of its own', keepAlive: false, maxSockets: Infinity },
    { name: 'at once, on connections that are kept', keepAlive: true, maxSockets: 16 },
    { name: 'in turn, each on a connection of its own', keepAlive: false, inTurn: true },
    { name: 'in turn, on one connection', keepAlive: true, maxSockets: 1, inTurn: true },
  ])('$name, answers each', async ({ keepAlive, maxSockets = Infinity, inTurn = false }) => {
    const agent = new Agent({ keepAlive, maxSockets })
    const outcomes: Array<Asked['outcome']> = []
    if (inTurn) {
      for (let n = 0; n < times; n += 1) outcomes.push((await askForTokens(agent)).outcome)
    } else {
      const all = await Promise.all(Array.from({ length: times }, () => askForTokens(agent)))
      outcomes.push(...all.map(({ outcome }) => outcome))
    }
    agent.destroy()
    expect(outcomes).toEqual(Array.from({ length: times }, () => 200))
    expect(upstream.journal.refreshes()).toHaveLength(1)
  })
})

it('keeps an idle connection for longer than the official CLI does, which is 90 s', async () => {
  const agent = new Agent({ keepAlive: true })
  const { keepAlive } = await askForTokens(agent)
  agent.destroy()
  expect(Number(/^timeout=(\d+)$/.exec(keepAlive)?.[1])).toBeGreaterThan(90)
})
