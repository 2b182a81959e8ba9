/** From an empty home to a routed prompt, by the commands of the README alone. */
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { makeBrowser } from './support/browser'
import { makeHome, type Home } from './support/home'
import { runOfficial } from './support/official'
import { runProduct } from './support/product'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import type { Ran } from './support/run-program'
import { startOnSockets } from './support/upstream'

let upstream: Upstream
let home: Home
let proxy: RecordingProxy

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets(),
    makeHome(),
    startRecordingProxy(),
  ])
})

afterEach(async () => {
  const strays = proxy.strays()
  await Promise.all([proxy.close(), home.remove(), upstream.close()])
  expect(strays).toEqual([])
})

const run = async (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProduct({ upstream, home, proxy, environment: { BROWSER: await makeBrowser(home) } }, ...given)

it('signs three accounts in and the official CLI with the first, and serves from them', async () => {
  const people = ['ada', 'grace', 'barbara'].map(
    (name) => upstream.addPerson({ email: `${name}@mail.test` }).accounts[0],
  )
  const logins: Array<Ran> = []
  for (const person of people) {
    upstream.browser.signsIn(person)
    logins.push(await run('login'))
  }

  expect(logins.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual([0, 0, 0])
  const listed = JSON.parse((await run('list', '--json')).stdout) as {
    data: { accounts: ReadonlyArray<{ email: string; status: string }> }
  }
  expect(listed.data.accounts.map(({ email, status }) => [email, status])).toEqual([
    ['ada@mail.test', 'ready'],
    ['grace@mail.test', 'ready'],
    ['barbara@mail.test', 'ready'],
  ])

  const alone = await runOfficial({ upstream, home, proxy }, 'login', 'status')
  expect([alone.code, alone.stderr]).toEqual([0, expect.stringContaining('Logged in')])
  expect((await home.readLogin())?.tokens.account_id).toBe(people[0]?.accountId)

  upstream.speak(() => ({ text: 'Hello.' }))
  const routed = await run('codex', 'exec', '--skip-git-repo-check', 'Say hello.')
  expect([routed.stdout, routed.code]).toEqual(['Hello.\n', 0])
})

it('keeps what it writes to the person alone', async () => {
  upstream.browser.signsIn(upstream.addPerson({ email: 'ada@mail.test' }).accounts[0])
  await run('login')
  const root = join(home.path, 'multi-auth')
  const modes = await Promise.all(
    [root, join(root, 'openai-codex-accounts.json'), join(home.path, 'auth.json')].map(
      async (path) => (await stat(path)).mode & 0o777,
    ),
  )
  expect(modes).toEqual([0o700, 0o600, 0o600])
})

it('leaves the login of a home that has one alone', async () => {
  const [ada, grace] = ['ada', 'grace'].map(
    (name) => upstream.addPerson({ email: `${name}@mail.test` }).accounts[0],
  )
  if (ada === undefined || grace === undefined) return
  await mkdir(join(home.path, 'multi-auth'), { recursive: true })
  await home.writeLogin(upstream.signIn(ada), ada)
  const before = await readFile(join(home.path, 'auth.json'), 'utf8')

  upstream.browser.signsIn(grace)
  await run('login')

  expect(await readFile(join(home.path, 'auth.json'), 'utf8')).toBe(before)
})

it('plays the demo with the real CLI', async () => {
  const ran = await run('demo', '--json')
  expect(ran.code).toBe(0)
  expect(JSON.parse(ran.stdout)).toMatchObject({
    ok: true,
    data: {
      asker: 'codex',
      scenes: [
        { exit: 0, answer: 'Hello from the simulated upstream.\n' },
        { exit: 0, answer: 'Hello from the simulated upstream.\n' },
        { exit: 0, answer: 'Hello from the simulated upstream.\n' },
      ],
    },
  })
  expect(ran.tookMs).toBeLessThan(20_000)
})
