/** The real CLI's own sign-in beside the pool: who renews it, and what `login` and `logout` do. */
import * as O from 'fp-ts/Option'
import * as Pool from '../../core/accounts/pool'
import { day, minute } from '../../core/time'
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

beforeEach(async () => {
  ;[upstream, home, proxy] = await Promise.all([
    startOnSockets({ reuseEndsFamily: true }),
    makeHome(),
    startRecordingProxy(),
  ])
  ada = upstream.addPerson({ email: 'ada@mail.test' }).accounts[0]
  grace = upstream.addPerson({ email: 'grace@mail.test' }).accounts[0]
})

/** By `exec` of a CLI that is signed in as nobody; `login` and `logout` ask for neither. */
const askedWhenSignedOut = ['github.com', 'chatgpt.com']

afterEach(async () => {
  const strays = proxy.strays().filter((host) => !askedWhenSignedOut.includes(host))
  await Promise.all([proxy.close(), home.remove(), upstream.close()])
  expect(strays).toEqual([])
})

/** Grace is in the pool, and ada, who is the CLI's own. */
const signIn = async (access = day): Promise<void> => {
  const tokens = upstream.signIn(ada, { lifetimes: { access } })
  await writePool(home, [
    { account: ada, tokens },
    { account: grace, tokens: upstream.signIn(grace) },
  ])
  await home.writeLogin(tokens, ada)
}

/** So near its end the CLI renews its access token before it uses it. */
const nearItsEnd = 2 * minute

const exec = ['exec', '--skip-git-repo-check', 'Say hello.']
const alone = (): Promise<Ran> => runOfficial({ upstream, home, proxy }, ...exec)
const wrapped = (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProduct({ upstream, home, proxy }, 'codex', ...given)

/** Every account of the pool answers a prompt that is held to it. */
const expectAllServe = async (): Promise<void> => {
  for (const { email } of [ada, grace]) {
    const ran = await runProduct(
      { upstream, home, proxy, environment: { CODEX_MULTI_AUTH_FORCE_ACCOUNT: email } },
      ...['codex', ...exec],
    )
    expect([email, ran.code === 0 ? 0 : ran.stderr]).toEqual([email, 0])
  }
}

const heldByPool = async (person: Person): Promise<string | undefined> => {
  const account = Pool.find(person.key)(await readPool(home))
  return O.isSome(account) ? account.value.credential.refresh.reveal() : undefined
}

const heldByFront = async (): Promise<string | undefined> =>
  (await home.readLogin())?.tokens.refresh_token

/** The ends of the tokens. */
const spent = (): ReadonlyArray<string> => upstream.journal.refreshes().map(({ token }) => token)

it('has its own renewal taken over, and no token is spent twice', async () => {
  await signIn(nearItsEnd)
  expect((await alone()).code).toBe(0)
  const theirs = await heldByFront()
  expect(spent()).toHaveLength(1)
  expect(await heldByPool(ada)).not.toBe(theirs)

  await expectAllServe()

  expect(await heldByPool(ada)).toBe(theirs)
  expect((await alone()).code).toBe(0)
  expect(spent()).toHaveLength(1)

  // The next renewal of ours spends theirs, and theirs is ours from then on.
  upstream.script(ada.key, [Behaviour.unauthorized('token_expired')])
  await expectAllServe()
  expect(spent().slice(1)).toEqual([theirs?.slice(-12)])
  expect(await heldByFront()).toBe(await heldByPool(ada))
  expect((await alone()).code).toBe(0)
  expect(spent()).toHaveLength(2)
  // Of one kind is what the CLI does on its own.
  const wrongs = upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')
  expect(wrongs).toEqual([])
})

it('is made of the active account where there never was one', async () => {
  const tokens = upstream.signIn(ada)
  await writePool(home, [{ account: ada, tokens }])
  const ran = await wrapped(...exec)
  expect([ran.code === 0 ? 0 : ran.stderr, await heldByFront()]).toEqual([0, tokens.refreshToken])
  const status = await runOfficial({ upstream, home, proxy }, 'login', 'status')
  expect([status.code, status.stderr]).toEqual([0, expect.stringContaining('Logged in')])
  expect((await alone()).code).toBe(0)
  expect(upstream.journal.violations().filter(({ _tag }) => _tag !== 'NoBearer')).toEqual([])
})

it('logs out and in by device code, and every account of the pool still serves', async () => {
  await signIn()
  await expectAllServe()

  const out = await wrapped('logout')
  expect([out.code, await home.readLogin()]).toEqual([0, null])
  expect(upstream.journal.revocations()).toEqual([])
  await expectAllServe()

  const zoe = upstream.addPerson({ email: 'zoe@mail.test' }).accounts[0]
  upstream.device.approves(zoe)
  const back = await wrapped('login', '--device-auth', '--experimental_issuer', upstream.issuer)
  expect(back.code).toBe(0)
  expect((await home.readLogin())?.tokens.account_id).toBe(zoe.accountId)
  const ours = back.stderr.split('\n').filter((line) => line.includes('codex-multi-auth'))
  expect(ours).toEqual([expect.stringMatching(/zoe@mail\.test.*codex-multi-auth login --import/)])
  expect(upstream.journal.revocations()).toEqual([])
  await expectAllServe()
  expect(upstream.journal.violations()).toEqual([])
})

it('goes on when its sign-in cannot be renewed, and is told once that it is harmless', async () => {
  await signIn(nearItsEnd)
  upstream.refuseRefresh(ada.key, 'refresh_token_invalidated')
  const ran = await wrapped(...exec)
  expect(ran.code).toBe(0)
  const ours = ran.stderr.split('\n').filter((line) => line.includes('harmless'))
  expect(ours).toEqual([expect.stringContaining('codex-multi-auth login')])
})
