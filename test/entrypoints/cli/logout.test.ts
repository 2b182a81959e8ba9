import * as O from 'fp-ts/Option'
import type { Credential } from '../../../core/accounts/credential'
import { minute } from '../../../core/time'
import * as AuthFile from '../../../core/official/auth-file'
import * as PoolFile from '../../../core/storage/pool-file'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { cliWorld, documentOf, layout, type CliWorld } from '../../support/cli'

const accountsOf = (world: CliWorld) =>
  PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap().accounts

const frontToken = (world: CliWorld): string | undefined =>
  O.toUndefined(
    O.map(({ refresh }: Credential) => refresh.reveal())(
      AuthFile.credentialOf(AuthFile.parse(world.text(layout.authFile) ?? '{}')._unsafeUnwrap()),
    ),
  )

const put = (world: CliWorld, path: string, text: string): void => {
  const file = world.disk.open(path, 'wx', 0o600, world.time.now())
  world.disk.write(file, text, world.time.now())
  world.disk.close(file)
}

/** Ada, who is the official CLI's sign-in too, and Grace. */
const signedIn = async (
  emails: ReadonlyArray<string> = ['ada@mail.test', 'grace@mail.test'],
): Promise<CliWorld> => {
  const world = await cliWorld()
  for (const email of emails) {
    const person = world.upstream.addPerson({ email, workspaces: [{ plan: 'plus' }] })
    world.upstream.browser.signsIn(person.accounts[0])
    await world.run(['login'])
  }
  return world
}

describe('logout', () => {
  it('asks for --yes, and does nothing without it', async () => {
    const world = await signedIn()
    const ran = await world.run(['logout', 'grace', '--json'])
    expect(ran.code).toBe(2)
    expect(documentOf(ran).error.code).toBe('needs-yes')
    expect(accountsOf(world)).toHaveLength(2)
    expect(world.upstream.journal.revocations()).toEqual([])
  })

  it('revokes the sign-in and forgets the account', async () => {
    const world = await signedIn()
    const token = accountsOf(world)[1]?.credential.refresh.reveal() ?? ''
    expect(await world.run(['logout', 'grace', '--yes'])).toMatchObject({
      code: 0,
      answer:
        'Logged out and forgot account 2, grace@mail.test, plan plus.\n' +
        'Account 1, ada@mail.test, plan plus, is the active one.\n',
      talk: '',
    })
    const [revocation] = world.upstream.journal.revocations()
    expect(revocation).toMatchObject({ status: 200 })
    expect(token.endsWith(revocation?.token ?? 'none')).toBe(true)
    expect(accountsOf(world)).toHaveLength(1)
  })

  it('signs the official CLI in as who is left, when it had that sign-in too', async () => {
    const world = await signedIn()
    const ran = await world.run(['logout', 'ada', '--yes'])
    expect(ran.talk).toBe('')
    expect(ran.answer).toBe(
      'Logged out and forgot account 1, ada@mail.test, plan plus.\n' +
        'Account 1, grace@mail.test, plan plus, is the active one.\n' +
        'The official Codex CLI is signed in with it now, and lists the sessions of that account ' +
        'alone;\nbefore, it was ada@mail.test.\n',
    )
    expect(frontToken(world)).toBe(accountsOf(world)[0]?.credential.refresh.reveal())
  })

  it('leaves the official CLI alone when it has another sign-in, or none', async () => {
    const world = await signedIn()
    const before = world.text(layout.authFile)
    await world.run(['logout', 'grace', '--yes'])
    expect(world.text(layout.authFile)).toBe(before)
    const without = await signedIn()
    without.disk.unlink(layout.authFile, without.time.now())
    await without.run(['logout', 'ada', '--yes'])
    expect(without.text(layout.authFile)).toBeUndefined()
  })

  it.each([
    { name: 'nobody is left', world: () => signedIn(['ada@mail.test']) },
    {
      name: 'its file is never written',
      world: async () => {
        const world = await signedIn()
        put(world, layout.settings, '{"version":1,"pluginConfig":{"syncCodexCli":"never"}}')
        return world
      },
    },
    {
      name: 'the issuer refuses',
      world: async () => {
        const world = await signedIn()
        world.upstream.fail('/oauth/revoke', [Behaviour.serverFault(500)])
        return world
      },
    },
  ])('says that the official CLI may have lost that sign-in, when $name', async (given) => {
    const world = await given.world()
    const before = world.text(layout.authFile)
    const ran = await world.run(['logout', 'ada', '--yes'])
    expect(ran.code).toBe(0)
    expect(ran.talk).toContain(`in ${layout.authFile}, and may have lost that sign-in.`)
    expect(world.text(layout.authFile)).toBe(before)
  })

  it('revokes the token that the official CLI has got meanwhile', async () => {
    const world = await signedIn()
    const person = world.upstream.addPerson({ email: 'ada@mail.test' })
    const newer = world.upstream.signIn(person.accounts[0])
    const file = JSON.parse(world.text(layout.authFile) ?? '')
    const tokens = { ...file.tokens, refresh_token: newer.refreshToken }
    const at = new Date(world.time.now()).toISOString()
    world.disk.unlink(layout.authFile, world.time.now())
    put(world, layout.authFile, JSON.stringify({ ...file, tokens, last_refresh: at }))
    await world.run(['logout', 'ada', '--yes'])
    const [revocation] = world.upstream.journal.revocations()
    expect(newer.refreshToken.endsWith(revocation?.token ?? 'none')).toBe(true)
  })

  it.each([
    { name: 'refuses', faults: [Behaviour.serverFault(500)], said: 'refused (HTTP 500)' },
    { name: 'is silent', faults: [Behaviour.delayed(5 * minute)], said: 'none in 10 s' },
  ])('forgets, and says what was not done, when the issuer $name', async ({ faults, said }) => {
    const world = await signedIn()
    world.upstream.fail('/oauth/revoke', faults)
    const ran = await world.run(['logout', 'grace', '--yes'])
    expect(ran.code).toBe(0)
    expect(ran.answer).toMatch(/^Forgot account 2, /)
    expect(ran.talk).toContain('The sign-in was not revoked: ')
    expect(ran.talk).toContain(said)
    expect(accountsOf(world)).toHaveLength(1)
  })

  it('tells a program whether it was revoked', async () => {
    const world = await signedIn()
    world.upstream.fail('/oauth/revoke', [Behaviour.lost])
    expect(documentOf(await world.run(['logout', '2', '--yes', '--json'])).data).toMatchObject({
      loggedOut: { number: 2, email: 'grace@mail.test' },
      revoked: false,
      pool: { total: 1 },
    })
    expect(documentOf(await world.run(['logout', '1', '--yes', '--json'])).data).toMatchObject({
      revoked: true,
      pool: { total: 0, active: null },
    })
  })

  it('refuses an address that no token may be sent to', async () => {
    const world = await signedIn()
    const elsewhere = await cliWorld({
      files: { [layout.pool]: world.text(layout.pool) ?? '' },
      environment: { CODEX_MULTI_AUTH_ISSUER: 'http://elsewhere.test' },
    })
    const ran = await elsewhere.run(['logout', '1', '--yes', '--json'])
    expect(documentOf(ran).error.code).toBe('unsafe-address')
    expect(accountsOf(elsewhere)).toHaveLength(2)
  })
})
