/** The main job with the real CLI: its request is answered by another account when the first refuses. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as O from 'fp-ts/Option'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import type { Account as Person } from '../../entrypoints/embed/testing/people'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { makeHome, type Home } from './support/home'
import { runOfficial } from './support/official'
import { readPool, runProduct, writePool } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import type { Ran } from './support/run-program'
import { startOnSockets } from './support/upstream'

let upstream: Upstream
let home: Home
let proxy: RecordingProxy
let ada: Person
let grace: Person
let barbara: Person

const prompt = ['--skip-git-repo-check', 'Say hello.'] as const

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
  ada = upstream.addPerson({ email: 'ada@mail.test' }).accounts[0]
  grace = upstream.addPerson({ email: 'grace@mail.test' }).accounts[0]
  barbara = upstream.addPerson({ email: 'barbara@mail.test' }).accounts[0]
  upstream.speak(() => ({ text: 'Hello from the model.' }))
})

afterEach(async () => {
  const strays = proxy.strays()
  await Promise.all([proxy.close(), home.remove(), upstream.close()])
  expect(strays).toEqual([])
  // The official CLI alone sends no bearer to connectors over plain http.
  expect(upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')).toEqual([])
})

/** Ada, Grace and Barbara in the pool; Ada is who the official CLI is signed in as. */
const threeAccounts = async (): Promise<void> => {
  const rows = [ada, grace, barbara].map((account) => ({
    account,
    tokens: upstream.signIn(account),
  }))
  await writePool(home, rows)
  const [first] = rows
  if (first !== undefined) await home.writeLogin(first.tokens, first.account)
}

const exec = (
  environment: Readonly<Record<string, string>> = {},
  ...more: ReadonlyArray<string>
): Promise<Ran> =>
  runProduct({ upstream, home, proxy, environment }, 'codex', 'exec', ...more, ...prompt)

const attempts = (): ReadonlyArray<number> =>
  [ada, grace, barbara].map(({ key }) => upstream.journal.requestsOf(key).length)

const files = async (folder: string): Promise<ReadonlyArray<string>> =>
  (await readdir(folder, { recursive: true })).map(String)

describe('codex exec', () => {
  it('is served by the third account when the first is limited and the second fails inside a 200', async () => {
    await threeAccounts()
    upstream.script(ada.key, [Behaviour.usageLimit()])
    upstream.script(grace.key, [Behaviour.failed('server_is_overloaded')])
    const config = join(home.path, 'config.toml')
    await writeFile(config, '# mine\n[projects."/nowhere"]\ntrust_level = "trusted"\n')
    const before = await readFile(config)

    const ran = await exec()

    expect(ran.stdout).toBe('Hello from the model.\n')
    expect(ran.code).toBe(0)
    expect(attempts()).toEqual([1, 1, 1])
    expect(ran.stderr).toContain('barbara@mail.test serves now')
    expect(await readFile(config)).toEqual(before)
  })

  it('refreshes the token of an account that answers 401, and stays with it', async () => {
    await threeAccounts()
    upstream.script(ada.key, [Behaviour.unauthorized('token_expired')])

    const ran = await exec()

    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(attempts()).toEqual([2, 0, 0])
    expect(upstream.journal.refreshes().length).toBe(1)
  })

  it('moves on when the connection is reset before the first byte', async () => {
    await threeAccounts()
    // Twice, as a connection kept from before may just have gone stale: that is asked again at once.
    upstream.script(ada.key, [Behaviour.reset, Behaviour.reset])

    const ran = await exec()

    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(attempts().slice(1)).toEqual([1, 0])
  })

  it('marks an account whose sign-in was revoked and moves on', async () => {
    await threeAccounts()
    upstream.refuseAccess(ada.key, 'token_revoked')

    const ran = await exec()

    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    const pool = await readPool(home)
    expect(pool.accounts.map(({ invalidation }) => O.isSome(invalidation))).toEqual([
      true,
      false,
      false,
    ])
  })

  it('lets the CLI say in its own words when to come back, with every account limited', async () => {
    await threeAccounts()
    for (const { key } of [ada, grace, barbara])
      upstream.always(key, Behaviour.usageLimit(7_200_000))

    const ran = await exec()

    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/usage limit/i)
    expect(ran.stderr).toMatch(/try again at/i)
    expect(attempts()).toEqual([1, 1, 1])
  })

  it('says at once that a sign-in is needed when no account comes back by itself', async () => {
    await threeAccounts()
    for (const { key } of [ada, grace, barbara]) upstream.refuseAccess(key, 'token_revoked')

    const ran = await exec()

    expect(ran.code).toBe(1)
    // The third lost sign-in ends the trying for a minute, so the first answer may be a limit.
    const again = await exec()
    expect(again.stderr).toContain('codex-multi-auth login')
    expect(again.tookMs).toBeLessThan(5_000)
  })

  it('serves when the official sign-in is dead, and says that it is harmless', async () => {
    await threeAccounts()
    const dead = upstream.signIn(ada, { lifetimes: { access: -1_000 } })
    await home.writeLogin(dead, ada)
    upstream.refuseRefresh(ada.key, 'refresh_token_invalidated')

    const ran = await exec()

    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
    expect(ran.stderr).toContain('harmless')
  })

  it('reaches loopback directly when HTTP_PROXY points at a dead port', async () => {
    await threeAccounts()
    const port = await deadPort()
    const dead = `http://127.0.0.1:${port}`

    const ran = await exec({
      HTTP_PROXY: dead,
      http_proxy: dead,
      HTTPS_PROXY: proxy.url,
      NO_PROXY: '',
      no_proxy: '',
    })

    expect([ran.stdout, ran.code]).toEqual(['Hello from the model.\n', 0])
  })

  it('serves two sessions at once', async () => {
    await threeAccounts()

    const both = await Promise.all([exec(), exec()])

    expect(both.map(({ stdout, code }) => [stdout, code])).toEqual([
      ['Hello from the model.\n', 0],
      ['Hello from the model.\n', 0],
    ])
    expect(upstream.journal.requestsOf().length).toBe(2)
  })

  it('leaves Codex running on its own when the pool is empty', async () => {
    const tokens = upstream.signIn(ada)
    await home.writeLogin(tokens, ada)

    const ran = await runProduct({ upstream, home, proxy }, 'codex', 'login', 'status')

    expect(ran.code).toBe(0)
  })
})

describe('what it leaves behind', () => {
  it('is a session of provider openai that resumes without us', async () => {
    await threeAccounts()
    upstream.always(ada.key, (asked) => Behaviour.says(`Turn ${asked.nth}.`))
    await exec()
    const record = (await files(join(home.path, 'sessions'))).find((name) =>
      name.endsWith('.jsonl'),
    )
    const [first = ''] = (await readFile(join(home.path, 'sessions', record ?? ''), 'utf8')).split(
      '\n',
    )
    expect(JSON.parse(first)).toMatchObject({ payload: { model_provider: 'openai' } })
    expect(first).not.toContain('127.0.0.1')

    const resumed = await runOfficial(
      { upstream, home, proxy },
      ...['exec', '--skip-git-repo-check', 'resume', '--last', 'And now?'],
    )

    expect([resumed.stdout, resumed.code]).toEqual(['Turn 2.\n', 0])
    expect(historyOf(upstream)).toContain('Turn 1.')
  })

  it('and one made without us resumes with us', async () => {
    await threeAccounts()
    upstream.always(ada.key, (asked) => Behaviour.says(`Turn ${asked.nth}.`))
    await runOfficial({ upstream, home, proxy }, 'exec', ...prompt)

    const resumed = await runProduct(
      { upstream, home, proxy },
      ...['codex', 'exec', '--skip-git-repo-check', 'resume', '--last', 'And now?'],
    )

    expect([resumed.stdout, resumed.code]).toEqual(['Turn 2.\n', 0])
    expect(historyOf(upstream)).toContain('Turn 1.')
  })

  it('and one that another account’s reasoning is in goes on, less that reasoning', async () => {
    await threeAccounts()
    upstream.always(ada.key, (asked) => Behaviour.says(`Turn ${asked.nth}.`))
    upstream.always(grace.key, Behaviour.says('Another turn.'))
    upstream.always(barbara.key, Behaviour.says('Another turn.'))
    await exec()
    upstream.always(ada.key, Behaviour.usageLimit())

    const resumed = await runProduct(
      { upstream, home, proxy },
      ...['codex', 'exec', '--skip-git-repo-check', 'resume', '--last', 'And now?'],
    )

    expect([resumed.stdout, resumed.code]).toEqual(['Another turn.\n', 0])
    expect(historyOf(upstream)).toContain('Turn 1.')
    expect(foreignContent()).toBe(1)
    upstream.journal.forget()
  })

  it('is no token in any log, and no change of the official sign-in', async () => {
    await threeAccounts()
    const login = join(home.path, 'auth.json')
    const digest = async () =>
      createHash('sha256')
        .update(await readFile(login))
        .digest('hex')
    const before = await digest()

    await exec()

    expect(await digest()).toBe(before)
    const log = join(home.path, 'multi-auth', 'logs', 'decisions.jsonl')
    expect(existsSync(log)).toBe(true)
    expect(await readFile(log, 'utf8')).not.toMatch(/sim_|eyJ|@mail\.test/)
  })
})

const foreignContent = (): number =>
  upstream.journal.violations().filter(({ _tag }) => _tag === 'ForeignContent').length

/** The input of the last model request, as text. */
const historyOf = ({ journal }: Upstream): string =>
  JSON.stringify(journal.requestsOf().at(-1)?.body ?? null)

const deadPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      )
    })
  })
