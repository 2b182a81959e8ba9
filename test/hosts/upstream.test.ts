/**
 * The real official CLI against the simulated upstream, with nothing of ours in between: what holds
 * here is what every other test takes for the behaviour of the real backend.
 */
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import type { Account } from '../../entrypoints/embed/testing/people'
import type { Upstream } from '../../entrypoints/embed/testing/upstream'
import { makeHome, type Home } from './support/home'
import { runOfficial } from './support/official'
import { startRecordingProxy, type RecordingProxy } from './support/recording-proxy'
import type { Ran } from './support/run-program'
import { startOnSockets } from './support/upstream'

let upstream: Upstream
let proxy: RecordingProxy
let home: Home
let ann: Account

beforeEach(async () => {
  upstream = await startOnSockets({ deviceInterval: 1_000 })
  proxy = await startRecordingProxy()
  home = await makeHome()
  ann = upstream.addPerson({ email: 'ann@example.com' }).accounts[0]
})

afterEach(async () => {
  const strays = proxy.strays()
  await proxy.close()
  expect((await upstream.close()).isOk()).toBe(true)
  await home.remove()
  expect(strays).toEqual([])
})

const codex = (...given: ReadonlyArray<string>) => runOfficial({ upstream, home, proxy }, ...given)
const exec = (...given: ReadonlyArray<string>) => codex('exec', '--skip-git-repo-check', ...given)

const signedIn = (lasts?: number) =>
  home.writeLogin(
    upstream.signIn(ann, lasts === undefined ? {} : { lifetimes: { access: lasts } }),
    ann,
  )

const statuses = () => upstream.journal.requestsOf(ann.key).map(({ status }) => status)

/** `/ps/mcp` comes without a bearer over plain http; anything else would be a fault of the fake. */
const violations = () => upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')

/** The input items of the nth model request. */
const input = (nth: number): ReadonlyArray<Record<string, unknown>> => {
  const body = upstream.journal.requestsOf()[nth]?.body as { input?: [] } | undefined
  return body?.input ?? []
}

const typesOf = (nth: number) => input(nth).map(({ type }) => type)

it('answers a prompt', async () => {
  await signedIn()
  upstream.speak(() => 'Hello there.')
  const ran = await exec('say hi')
  expect(ran).toMatchObject({ code: 0, stdout: 'Hello there.\n' })
  expect(statuses()).toEqual([200])
  expect(violations()).toEqual([])
})

it('takes the list of models for good, and keeps it', async () => {
  await signedIn()
  const ran = await codex('debug', 'models')
  expect(ran.code).toBe(0)
  const { models } = JSON.parse(ran.stdout) as { models: ReadonlyArray<{ slug: string }> }
  expect(models.map(({ slug }) => slug)).toEqual(['gpt-5.5', 'gpt-6-sol'])
})

it('comes with its own headers, compressed, and asks where the workspace lives first', async () => {
  await signedIn()
  await exec('say hi')
  const paths = upstream.journal.calls().map(({ method, path }) => `${method} ${path}`)
  const discovery = paths.indexOf('GET /backend-api/wham/accounts/check')
  const request = paths.indexOf('POST /backend-api/codex/responses')
  expect(discovery).toBeGreaterThanOrEqual(0)
  expect(discovery).toBeLessThan(request)
  const [call] = upstream.journal.requestsOf()
  expect(call).toMatchObject({ origin: 'model', accountHeader: ann.accountId })
  const headers = new Map(call?.headers)
  expect(headers.get('content-encoding')).toBe('zstd')
  expect(headers.get('version')).toBe('0.169.0')
  expect(headers.get('originator')).toBe('codex_exec')
  expect(call?.conversation.thread).toBe(call?.conversation.cacheKey)
})

it('resumes, and sends its sealed reasoning back', async () => {
  await signedIn()
  await exec('say hi')
  const ran = await exec('resume', '--last', 'again')
  expect(ran.code).toBe(0)
  expect(statuses()).toEqual([200, 200])
  expect(typesOf(1)).toContain('reasoning')
  expect(violations()).toEqual([])
})

it('runs a command the model asks for, and stays with the turn state', async () => {
  await signedIn()
  upstream.script(ann.key, [
    Behaviour.calls('exec_command', { cmd: 'echo from-the-shell' }),
    Behaviour.says('Done.'),
  ])
  const ran = await exec('use a tool')
  expect(ran).toMatchObject({ code: 0, stdout: 'Done.\n' })
  const output = input(1).find(({ type }) => type === 'function_call_output')
  expect(output?.['output']).toContain('from-the-shell')
  const [first, second] = upstream.journal.requestsOf().map(({ headers }) => new Map(headers))
  expect(first?.has('x-codex-turn-state')).toBe(false)
  expect(second?.has('x-codex-turn-state')).toBe(true)
  expect(violations()).toEqual([])
})

it('compacts, and sends the compaction item on', async () => {
  await signedIn()
  const usage = { input: 200_000, cached: 0, output: 10, reasoning: 0 }
  upstream.script(ann.key, [Behaviour.answers({ usage })])
  await exec('say hi')
  const ran = await exec('-c', 'model_auto_compact_token_limit=1000', 'resume', '--last', 'again')
  expect(ran.code).toBe(0)
  expect(typesOf(1).at(-1)).toBe('compaction_trigger')
  expect(typesOf(2)).toContain('compaction')
  expect(statuses()).toEqual([200, 200, 200])
})

it('refreshes its login after a 401 and goes on', async () => {
  await signedIn()
  upstream.refuseAccess(ann.key, 'token_invalidated')
  const before = await home.readLogin()
  const ran = await exec('say hi')
  expect(ran.code).toBe(0)
  expect(upstream.journal.refreshes()).toMatchObject([
    { status: 200, body: { refresh_reason: 'unauthorized_recovery' } },
  ])
  const after = await home.readLogin()
  expect(after?.tokens.refresh_token).not.toBe(before?.tokens.refresh_token)
  expect(after?.tokens.account_id).toBe(ann.accountId)
})

it('refreshes its login before the last five minutes', async () => {
  await signedIn(200_000)
  expect((await exec('say hi')).code).toBe(0)
  expect(upstream.journal.refreshes()).toMatchObject([
    { status: 200, body: { refresh_reason: 'proactive_expiry' } },
  ])
})

it('leaves a login alone that is good for longer', async () => {
  await signedIn(400_000)
  expect((await exec('say hi')).code).toBe(0)
  expect(upstream.journal.refreshes()).toEqual([])
})

it('says so when its refresh token was used by somebody else', async () => {
  await signedIn()
  upstream.refuseAccess(ann.key, 'token_expired')
  upstream.refuseRefresh(ann.key, 'refresh_token_reused')
  const ran = await exec('say hi')
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain('your refresh token was already used')
})

it('shows a usage limit at once', async () => {
  await signedIn()
  upstream.script(ann.key, [Behaviour.usageLimit()])
  const ran = await exec('say hi')
  expect(ran.code).toBe(1)
  expect(ran.stderr).toMatch(/hit your usage limit.*try again at/)
  expect(statuses()).toEqual([429])
})

it.each([
  { name: 'cut after its first words', behaviour: Behaviour.cut('after-output') },
  { name: 'without an end', behaviour: Behaviour.stops('after-output') },
  { name: 'empty', behaviour: Behaviour.emptyStream },
  { name: 'failed for a passing reason', behaviour: Behaviour.failed('server_error') },
])('asks again after a stream that is $name', async ({ behaviour }) => {
  await signedIn()
  upstream.script(ann.key, [behaviour])
  expect((await exec('say hi')).code).toBe(0)
  expect(statuses()).toHaveLength(2)
})

it('gives up on a sealed item of another account', async () => {
  const bob = upstream.addPerson({ email: 'bob@example.com' }).accounts[0]
  await signedIn()
  const ran = await exec('say hi')
  const thread = /session id: (\S+)/.exec(ran.stderr)?.[1] ?? ''
  await home.writeLogin(upstream.signIn(bob), bob)
  const resumed = await exec('resume', thread, 'again')
  expect(resumed.code).toBe(1)
  expect(resumed.stderr).toContain('could not be verified')
  expect(violations()).toMatchObject([{ _tag: 'ForeignContent', item: 'reasoning' }])
})

/** What it says beside a word about its PATH, which it has for homes below the system's temporary folder. */
const said = ({ stderr }: Ran): string =>
  stderr.replace(/^WARNING: proceeding, even though we could not create PATH aliases: .*\n/m, '')

it('signs in with a device code, shows its login and signs out', async () => {
  upstream.device.approves(ann)
  const ran = await codex('login', '--device-auth', '--experimental_issuer', upstream.issuer)
  expect([ran.code, said(ran)]).toEqual([0, 'Successfully logged in\n'])
  expect((await home.readLogin())?.tokens.account_id).toBe(ann.accountId)
  expect((await exec('say hi')).code).toBe(0)
  expect(said(await codex('login', 'status'))).toBe('Logged in using ChatGPT\n')
  expect((await codex('logout')).code).toBe(0)
  expect(await home.readLogin()).toBeNull()
  expect(upstream.journal.revocations()).toHaveLength(1)
  expect(violations()).toEqual([])
})
