import * as O from 'fp-ts/Option'
import { memoryHttpServer } from '../../../adapters/memory/http-server'
import { minute } from '../../../core/time'
import * as AuthFile from '../../../core/official/auth-file'
import * as PoolFile from '../../../core/storage/pool-file'
import * as Account from '../../../core/accounts/account'
import type { Account as Subject } from '../../../entrypoints/embed/testing/people'
import { okAsync } from 'neverthrow'
import { cliWorld, documentOf, home, layout, type CliWorld } from '../../support/cli'

const signIn = async (world: CliWorld, account: Subject, ...words: ReadonlyArray<string>) => {
  world.upstream.browser.signsIn(account)
  return world.run(['login', ...words])
}

const personOf = (world: CliWorld, email: string, ...plans: ReadonlyArray<string>) =>
  world.upstream.addPerson({ email, workspaces: plans.map((plan) => ({ plan })) }).accounts

const poolOf = (world: CliWorld) => PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()

const emails = (world: CliWorld) => poolOf(world).accounts.map(Account.name)

const address = (talk: string): URL => new URL(/^http\S+$/m.exec(talk)?.[0] ?? '')

describe('a first sign-in', () => {
  it('adds the account, shows the address, and says how accounts may be used', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const ran = await signIn(world, ada)
    expect(ran.code).toBe(0)
    expect(ran.answer).toBe(
      'Added account 1: ada@mail.test, plan plus\n' +
        'The official Codex CLI is signed in with it too.\n',
    )
    expect(ran.talk).toContain('terms of the\nprovider and of your employer')
    const url = address(ran.talk)
    expect(url.searchParams.get('redirect_uri')).toBe('http://127.0.0.1:1455/auth/callback')
    expect(url.searchParams.has('prompt')).toBe(false)
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it.each([
    { name: 'of Windows, under WSL', environment: { WSL_DISTRO_NAME: 'Ubuntu' }, expected: true },
    { name: 'of this machine', environment: {}, expected: false },
  ])('names another way where the browser is one $name', async ({ environment, expected }) => {
    const world = await cliWorld({ environment })
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const ran = await signIn(world, ada)
    expect(ran.code).toBe(0)
    const said = 'cannot come back here: codex-multi-auth login --device-auth\n'
    expect(ran.talk.includes(said)).toBe(expected)
  })

  it('stores identity, plan and all three tokens, for the owner alone', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'pro')
    await signIn(world, ada)
    const pool = poolOf(world)
    expect(pool.accounts.map(Account.key)).toEqual([ada.key])
    expect(pool.active).toEqual(O.some(ada.key))
    expect(pool.pinned).toEqual(O.none)
    const [account] = pool.accounts
    expect(account).toMatchObject({ email: O.some('ada@mail.test'), plan: O.some('pro') })
    expect(O.isSome(account!.credential.access) && O.isSome(account!.credential.id)).toBe(true)
    expect(world.disk.modeOf(layout.pool)).toBe(0o600)
    expect(world.disk.modeOf(layout.root)).toBe(0o700)
  })

  it('ends on a page that names the account and carries no token', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const { pages } = await signIn(world, ada)
    const last = pages[pages.length - 1]
    expect(last).toMatchObject({ status: 200 })
    expect(last?.text).toContain('ada@mail.test is now one of your accounts.')
    const account = poolOf(world).accounts[0]!
    for (const page of pages) expect(page.text).not.toContain(account.credential.refresh.reveal())
  })

  it('asks for no API key', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    await signIn(world, ada)
    const asked = world.network.exchanges.map(({ request }) => new URL(request.url).pathname)
    expect(asked).toEqual(['/oauth/authorize', '/auth/callback', '/oauth/token'])
  })

  it('answers --json with one document', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    expect(documentOf(await signIn(world, ada, '--json'))).toMatchObject({
      schemaVersion: 1,
      command: 'login',
      ok: true,
      data: {
        outcome: 'added',
        account: { key: ada.key, number: 1, active: true, status: 'ready' },
      },
      warnings: [],
    })
  })
})

describe('the official sign-in', () => {
  it('is made where there is none', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    await signIn(world, ada)
    const file = AuthFile.parse(world.text(layout.authFile) ?? '')._unsafeUnwrap()
    expect(O.toUndefined(AuthFile.identityOf(file))).toEqual({
      accountId: ada.accountId,
      user: ada.userId,
    })
    expect(O.toUndefined(AuthFile.credentialOf(file))?.refresh.reveal()).toBe(
      poolOf(world).accounts[0]?.credential.refresh.reveal(),
    )
    expect(world.disk.modeOf(layout.authFile)).toBe(0o600)
  })

  it.each([
    { name: 'that is there', files: { [layout.authFile]: '{"auth_mode":"apikey"}' } },
    {
      name: 'in a keyring',
      files: { [layout.configFile]: 'cli_auth_credentials_store = "keyring"\n' },
    },
    { name: 'of a configuration that cannot be read', files: { [layout.configFile]: '= broken' } },
  ])('$name is left alone', async ({ files }) => {
    const world = await cliWorld({ files })
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const ran = await signIn(world, ada)
    expect(ran.answer).toBe('Added account 1: ada@mail.test, plan plus\n')
    const before = files as Readonly<Record<string, string>>
    expect(world.text(layout.authFile)).toBe(before[layout.authFile])
    expect(world.text(layout.configFile)).toBe(before[layout.configFile])
  })

  it('stays the first one when a second account signs in', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const [bea] = personOf(world, 'bea@mail.test', 'plus')
    await signIn(world, ada)
    const before = world.text(layout.authFile)
    await signIn(world, bea)
    expect(world.text(layout.authFile)).toBe(before)
  })

  it('is said to be missing where it cannot be written', async () => {
    const world = await cliWorld({
      disturb: ({ label }) =>
        label.startsWith('files.rename') && label.endsWith('auth.json')
          ? { _tag: 'Fail', code: 'EACCES' }
          : { _tag: 'None' },
    })
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const ran = await signIn(world, ada)
    expect(ran.code).toBe(0)
    expect(ran.talk).toContain(
      `Warning: The official Codex CLI is not signed in with it: ${layout.authFile} could not be written (EACCES).`,
    )
    expect(emails(world)).toEqual(['ada@mail.test'])
  })
})

describe('a later sign-in', () => {
  it('asks who signs in, and adds the second account beside the first', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const [bea] = personOf(world, 'bea@mail.test', 'team')
    await signIn(world, ada)
    const ran = await signIn(world, bea)
    expect(address(ran.talk).searchParams.get('prompt')).toBe('login')
    expect(ran.answer).toBe('Added account 2: bea@mail.test, plan team\n')
    expect(ran.talk).not.toContain('terms of the')
    expect(emails(world)).toEqual(['ada@mail.test', 'bea@mail.test'])
  })

  it('of the same account is an update with new tokens', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    await signIn(world, ada)
    const before = poolOf(world).accounts[0]?.credential.refresh.reveal()
    const ran = await signIn(world, ada)
    expect(ran.answer).toBe('Updated account 1: ada@mail.test, plan plus\n')
    expect(emails(world)).toEqual(['ada@mail.test'])
    expect(poolOf(world).accounts[0]?.credential.refresh.reveal()).not.toBe(before)
  })

  it('to another workspace of the same e-mail is another account', async () => {
    const world = await cliWorld()
    const [own, work] = personOf(world, 'ada@mail.test', 'plus', 'team')
    await signIn(world, own)
    const ran = await signIn(world, work!)
    expect(ran.answer).toContain('Added account 2: ada@mail.test, plan team\n')
    expect(poolOf(world).accounts.map(Account.key)).toEqual([own.key, work!.key])
  })
})

describe('what comes back to the listener', () => {
  it('is turned away with another state, and the right one still counts', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    world.upstream.browser.signsIn(ada)
    const ran = await world.run(['login'], (url, { visit }) => {
      const stray = visit('http://127.0.0.1:1455/auth/callback?code=evil&state=evil')
      void stray.then(() => visit(url))
    })
    expect(ran.code).toBe(0)
    expect(ran.pages[0]).toMatchObject({
      status: 400,
      text: expect.stringContaining('State mismatch'),
    })
    expect(ran.talk).toContain('An answer of another sign-in came back and was turned away')
    expect(emails(world)).toEqual(['ada@mail.test'])
  })

  it('ends the sign-in at once when it is an error, in words fit to print', async () => {
    const world = await cliWorld()
    world.upstream.browser.denies({ error: 'access_denied', description: 'Not\u001b[31m today' })
    const before = world.time.now()
    const ran = await world.run(['login'])
    expect(ran.code).toBe(1)
    expect(ran.talk).toContain(
      'Error: The sign-in was refused: Not\\u{1b}[31m today (access_denied)\n' +
        'Sign in again: codex-multi-auth login\n',
    )
    expect(ran.pages[1]).toMatchObject({
      status: 400,
      text: expect.stringContaining('Sign-in refused'),
    })
    expect(world.time.now() - before).toBeLessThan(minute)
    expect(world.text(layout.pool)).toBeUndefined()
  })

  it('may be nothing, for five minutes', async () => {
    const world = await cliWorld()
    const before = world.time.now()
    const ran = await world.run(['login'], () => undefined)
    expect(ran.code).toBe(1)
    expect(ran.talk).toContain('Error: Nobody finished the sign-in within 5 minutes.\n')
    expect(world.time.now() - before).toBe(5 * minute)
    expect(world.network.listeners.has(1455)).toBe(false)
  })

  it('may be a later sign-in that takes its place', async () => {
    const world = await cliWorld()
    const ran = await world.run(
      ['login'],
      (_url, { visit }) => void visit('http://127.0.0.1:1455/cancel'),
    )
    expect(ran.code).toBe(1)
    expect(ran.pages[0]?.status).toBe(200)
    expect(ran.talk).toContain('Error: Another sign-in was started and took this one’s place.\n')
  })
})

describe('Ctrl-C', () => {
  it('ends the waiting with 130, and nothing is left', async () => {
    const world = await cliWorld()
    const ran = await world.run(['login'], (_url, { terminal }) => terminal.interrupt())
    expect(ran).toMatchObject({ code: 130, answer: '' })
    expect(ran.talk).toContain('Error: Interrupted. Nothing was changed.\n')
    expect(world.network.listeners.has(1455)).toBe(false)
    expect(world.disk.snapshot()).toEqual({ [home]: null })
  })

  it('ends a code exchange that hangs', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    world.upstream.browser.signsIn(ada)
    world.upstream.fail('/oauth/token', [{ _tag: 'Silence' }])
    const ran = await world.run(['login'], (url, { visit, wait, terminal }) => {
      void visit(url).catch(() => undefined)
      void wait(2_000).then(() => terminal.interrupt())
    })
    expect(ran.code).toBe(130)
    expect(world.text(layout.pool)).toBeUndefined()
  })
})

describe('a port that is taken', () => {
  const hold = async (world: CliWorld, port: number, onCancel: () => void = () => undefined) => {
    const listening = await memoryHttpServer(world.time.process('other'), world.network).listen(
      { host: '127.0.0.1', port },
      ({ target }) => {
        if (target === '/cancel') onCancel()
        return okAsync({ _tag: 'Reply', status: 200, headers: [], body: new Uint8Array() })
      },
    )
    return listening._unsafeUnwrap()
  }

  it('is given up by a stale sign-in that is asked to go', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const listener = await hold(world, 1455, () => void listener.close().unwrapOr(undefined))
    const ran = await signIn(world, ada)
    expect(ran.code).toBe(0)
    expect(address(ran.talk).searchParams.get('redirect_uri')).toContain(':1455/')
  })

  it('is replaced by the second after two seconds', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    await hold(world, 1455)
    const before = world.time.now()
    const ran = await signIn(world, ada)
    expect(ran.code).toBe(0)
    expect(address(ran.talk).searchParams.get('redirect_uri')).toContain(':1457/')
    expect(world.time.now() - before).toBeGreaterThanOrEqual(2_000)
  })

  it('is an error when both are', async () => {
    const world = await cliWorld()
    await hold(world, 1455)
    await hold(world, 1457)
    const ran = await world.run(['login', '--json'])
    expect(ran.code).toBe(1)
    expect(documentOf(ran)).toMatchObject({ ok: false, error: { code: 'no-callback-port' } })
    expect(ran.pages).toEqual([])
  })
})

describe('a sign-in that fails', () => {
  it.each([
    { name: 'BROWSER says so', words: ['login'], environment: { BROWSER: 'none' } },
    {
      name: 'another variable does',
      words: ['login'],
      environment: { CODEX_AUTH_NO_BROWSER: '1' },
    },
    { name: 'the words do', words: ['login', '--no-browser'], environment: {} },
  ])('for want of a browser is still possible by hand, when $name', async (given) => {
    const world = await cliWorld({ environment: given.environment })
    const ran = await world.run(given.words, 'no browser')
    expect(ran.talk).toContain('No browser was opened here')
    expect(address(ran.talk).pathname).toBe('/oauth/authorize')
    expect(ran.talk).toContain('Nobody finished the sign-in within 5 minutes')
  })

  it('opens no browser with --no-browser', async () => {
    const world = await cliWorld()
    const ran = await world.run(['login', '--no-browser'])
    expect(ran.pages).toEqual([])
    expect(ran.talk).toContain('No browser was opened here')
  })

  it('at the code says so, in the terminal and on the page', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    world.upstream.browser.signsIn(ada)
    world.upstream.fail('/oauth/token', [
      {
        _tag: 'Refuse',
        refusal: { status: 400, headers: [], body: '{"error":"invalid_grant"}' },
      },
    ])
    const ran = await world.run(['login'])
    expect(ran.code).toBe(1)
    expect(ran.talk).toContain('the code was refused (HTTP 400, invalid_grant)')
    expect(ran.pages[ran.pages.length - 1]).toMatchObject({ status: 500 })
    expect(ran.pages[ran.pages.length - 1]?.text).toContain('Sign-in failed')
  })

  it('for a lost answer says that the issuer was not reached', async () => {
    const world = await cliWorld()
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    world.upstream.browser.signsIn(ada)
    world.upstream.fail('/oauth/token', [{ _tag: 'Lost' }])
    const ran = await world.run(['login'])
    expect(ran.code).toBe(1)
    expect(ran.talk).toContain(`${world.upstream.issuer} gave no answer (ECONNRESET)`)
  })

  it('for tokens that name no ChatGPT account stores nothing', async () => {
    const world = await cliWorld()
    const account = { ...personOf(world, 'ada@mail.test', 'plus')[0], accountId: '' }
    world.upstream.browser.signsIn(account)
    const ran = await world.run(['login'])
    expect(ran.code).toBe(1)
    expect(ran.talk).toContain(
      'Error: The sign-in of ada@mail.test is for no ChatGPT account. Nothing was stored.\n',
    )
    expect(world.text(layout.pool)).toBeUndefined()
  })

  it('to be stored is a storage failure, though the issuer has given the account', async () => {
    const world = await cliWorld({
      disturb: ({ label }) =>
        label.startsWith('files.rename') && label.includes('openai-codex-accounts.json')
          ? { _tag: 'Fail', code: 'ENOSPC' }
          : { _tag: 'None' },
    })
    const [ada] = personOf(world, 'ada@mail.test', 'plus')
    const ran = await signIn(world, ada)
    expect(ran.code).toBe(5)
    expect(ran.talk).toContain(
      `Error: Signed in as ada@mail.test, but it could not be stored: ${layout.pool} cannot be used: the disk is full.\n` +
        'Free some space, then try again. Then sign in again: codex-multi-auth login\n',
    )
    expect(ran.pages[ran.pages.length - 1]).toMatchObject({ status: 500 })
    expect(world.text(layout.authFile)).toBeUndefined()
  })

  it('is not begun over a pool that cannot be read', async () => {
    const world = await cliWorld({ files: { [layout.pool]: '{"version":99}' } })
    const ran = await world.run(['login'])
    expect(ran.code).toBe(5)
    expect(ran.pages).toEqual([])
    expect(world.text(layout.pool)).toBe('{"version":99}')
  })

  it('is not begun with an issuer that tokens may not be sent to', async () => {
    const world = await cliWorld({ environment: { CODEX_MULTI_AUTH_ISSUER: 'http://evil.test' } })
    const ran = await world.run(['login', '--json'])
    expect(ran.code).toBe(2)
    expect(documentOf(ran).error.message).toContain('CODEX_MULTI_AUTH_ISSUER')
  })
})
