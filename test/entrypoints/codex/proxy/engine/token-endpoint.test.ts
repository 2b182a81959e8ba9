import * as O from 'fp-ts/Option'
import * as Account from '../../../../../core/accounts/account'
import * as Pool from '../../../../../core/accounts/pool'
import * as AuthFile from '../../../../../core/official/auth-file'
import { minute, second } from '../../../../../core/time'
import * as Behaviour from '../../../../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../../../../entrypoints/embed/testing/journal'
import { refreshAccount } from '../../../../../entrypoints/programs/refresh'
import {
  openProxy,
  type Answer,
  type Asking,
  type OpenProxy,
  type ProxyOptions,
} from '../../../../support/proxy'
import {
  authFile,
  layout,
  makeWorld,
  personOf,
  portsOf,
  type World,
  type WorldTerms,
} from '../../../../support/world'

const clientId = 'app_EMoamEEZ73f0CkXaXp7hrann'

/** As the official CLI asks for it. */
const refreshing = (token: string): Asking => ({
  ...{ method: 'POST', path: '/oauth/token', headers: [['content-type', 'application/json']] },
  body: JSON.stringify({
    client_id: clientId,
    grant_type: 'refresh_token',
    refresh_reason: 'proactive_expiry',
    refresh_token: token,
  }),
})

const revoking = (token: string): Asking => ({
  ...{ method: 'POST', path: '/oauth/revoke', headers: [['content-type', 'application/json']] },
  body: JSON.stringify({ token, token_type_hint: 'refresh_token', client_id: clientId }),
})

const refresh = ({ ask }: OpenProxy, token: string): Promise<Answer> => ask(refreshing(token))
const revoke = ({ ask }: OpenProxy, token: string): Promise<Answer> => ask(revoking(token))

/** The account's tokens as the pool holds them. */
const held = (world: World, name: string): unknown => {
  const { account } = personOf(world, name)
  const found = world.pool().accounts.find((one) => Account.key(one) === account.key)
  const reveal = (secret: O.Option<{ readonly reveal: () => string }> | undefined) =>
    secret !== undefined && O.isSome(secret) ? secret.value.reveal() : undefined
  return {
    access_token: reveal(found?.credential.access),
    refresh_token: found?.credential.refresh.reveal(),
    id_token: reveal(found?.credential.id),
  }
}

interface Given {
  readonly refresh_token: string
}

const heldByFront = (world: World) =>
  O.toUndefined(AuthFile.credentialOf(AuthFile.parse(world.text(layout.authFile))._unsafeUnwrap()))

const renewElsewhere = async (world: World, name: string): Promise<void> => {
  const ports = portsOf(world, world.time.process('elsewhere'))
  const { account, tokens } = personOf(world, name)
  const again = refreshAccount(ports, layout, world.seams, { spacing: async () => 0, sync: 'auto' })
  const renewed = await world.time.run(() => again(account.key, O.some(tokens.accessToken)))
  expect(renewed.isOk()).toBe(true)
}

const signedIn = async (name = 'ada'): Promise<World> => {
  const world = await makeWorld()
  world.write(layout.authFile, authFile(personOf(world, name)))
  return world
}

/** Signed in to the official CLI, and unknown to the pool. */
const withStranger = async (terms: WorldTerms = {}) => {
  const world = await makeWorld({ stale: ['ada'], ...terms })
  const [account] = world.upstream.addPerson({ email: 'zoe@mail.test' }).accounts
  const tokens = world.upstream.signIn(account)
  world.write(layout.authFile, authFile({ account, tokens }))
  return { world, account, tokens }
}

describe('a refresh of a sign-in that the pool holds', () => {
  it('is answered from the lane, with what the pool holds from then on', async () => {
    const world = await signedIn()
    const proxy = await openProxy(world, { isOurs: O.some(false) })
    const answer = await refresh(proxy, personOf(world, 'ada').tokens.refreshToken)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual(held(world, 'ada'))
    // The CLI refuses a renewal during which its file changed.
    expect(heldByFront(world)?.refresh.reveal()).toBe(personOf(world, 'ada').tokens.refreshToken)
    expect(JSON.parse(answer.text)).not.toMatchObject({
      access_token: personOf(world, 'ada').tokens.accessToken,
    })
    expect(world.upstream.journal.refreshes()).toHaveLength(1)
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('that somebody has renewed already asks nobody', async () => {
    const world = await signedIn()
    const proxy = await openProxy(world)
    await renewElsewhere(world, 'ada')
    const answer = await refresh(proxy, personOf(world, 'ada').tokens.refreshToken)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual(held(world, 'ada'))
    expect(world.upstream.journal.refreshes()).toHaveLength(1)
  })

  it('asked for by two at once is made once', async () => {
    const world = await signedIn()
    const proxy = await openProxy(world)
    const { refreshToken } = personOf(world, 'ada').tokens
    const answers = await proxy.askTogether([refreshing(refreshToken), refreshing(refreshToken)])
    expect(answers.map(({ text }) => JSON.parse(text))).toEqual([
      held(world, 'ada'),
      held(world, 'ada'),
    ])
    expect(world.upstream.journal.refreshes()).toHaveLength(1)
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('needs no login in the official file', async () => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    const answer = await refresh(proxy, personOf(world, 'grace').tokens.refreshToken)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual(held(world, 'grace'))
  })

  it.each(['refresh_token_invalidated', 'refresh_token_expired', 'invalid_grant'] as const)(
    'that is dead (%s) is a 401, the person is told once, and requests are served on',
    async (code) => {
      const world = await signedIn()
      const { account, tokens } = personOf(world, 'ada')
      world.upstream.refuseRefresh(account.key, code)
      const proxy = await openProxy(world)
      for (const _ of [1, 2, 3]) {
        const answer = await refresh(proxy, tokens.refreshToken)
        expect([answer.status, JSON.parse(answer.text)]).toEqual([401, { error: { code } }])
      }
      expect(proxy.said()).toBe(
        'codex-multi-auth: Codex reports that its own sign-in (ada@mail.test) cannot be renewed. That is harmless, the other accounts serve. To end it: codex-multi-auth login\n',
      )
      const marked = Pool.find(account.key)(world.pool())
      expect(O.isSome(marked) && marked.value.invalidation).toMatchObject({ value: { code } })
    },
  )

  it.each([
    {
      name: 'fails and fails',
      faults: Array.from({ length: 3 }, () => Behaviour.serverFault(500)),
    },
    { name: 'breaks', faults: [Behaviour.reset] },
    { name: 'is silent', faults: [Behaviour.silence] },
    { name: 'is too busy', faults: [Behaviour.rateLimited(second)] },
  ])('may work later when the issuer $name', async ({ faults }) => {
    const world = await signedIn()
    const { account, tokens } = personOf(world, 'ada')
    world.upstream.fail(tokenPath, faults)
    const proxy = await openProxy(world)
    expect((await refresh(proxy, tokens.refreshToken)).status).toBe(503)
    const kept = Pool.find(account.key)(world.pool())
    expect(O.isSome(kept) && O.isNone(kept.value.invalidation)).toBe(true)
    expect(proxy.said()).toBe('')
    expect((await refresh(proxy, tokens.refreshToken)).status).toBe(200)
  })
})

describe('a refresh of any other sign-in', () => {
  it('goes to the issuer as it came when it is the one of the official file', async () => {
    const { world, tokens } = await withStranger()
    const proxy = await openProxy(world)
    const answer = await refresh(proxy, tokens.refreshToken)
    expect(answer.status).toBe(200)
    expect(Object.keys(JSON.parse(answer.text))).toContain('expires_in')
    expect(world.upstream.journal.refreshes()).toMatchObject([
      { body: { client_id: clientId, refresh_reason: 'proactive_expiry' } },
    ])
  })

  it('asked for by several CLIs that share the file is made once', async () => {
    const { world, account, tokens } = await withStranger()
    const [first, next] = [await openProxy(world), await openProxy(world)]
    const answer = await refresh(first, tokens.refreshToken)
    const { refresh_token: refreshToken } = JSON.parse(answer.text) as Given
    world.write(layout.authFile, authFile({ account, tokens: { ...tokens, refreshToken } }))
    const second = await refresh(next, tokens.refreshToken)
    expect([second.status, (JSON.parse(second.text) as Given).refresh_token]).toEqual([
      ...[200, refreshToken],
    ])
    expect(world.upstream.journal.refreshes()).toHaveLength(1)
  })

  it('that is dead goes back as it came, and the person is told that it is harmless', async () => {
    const { world, account, tokens } = await withStranger()
    world.upstream.refuseRefresh(account.key, 'refresh_token_invalidated')
    const proxy = await openProxy(world)
    for (const _ of [1, 2]) expect((await refresh(proxy, tokens.refreshToken)).status).toBe(401)
    expect(proxy.said()).toMatch(/^codex-multi-auth: [^\n]*zoe@mail\.test[^\n]*harmless[^\n]*\n$/)
  })

  it('may work later when the issuer cannot be reached', async () => {
    const { world, tokens } = await withStranger()
    world.upstream.fail(tokenPath, [Behaviour.reset])
    const proxy = await openProxy(world)
    expect((await refresh(proxy, tokens.refreshToken)).status).toBe(503)
    expect((await refresh(proxy, tokens.refreshToken)).status).toBe(200)
  })

  it('spends nothing when it stood still beyond its turn', async () => {
    let looks = 0
    const { world, tokens } = await withStranger({
      disturb: ({ process, label }) => {
        if (process !== 'proxy' || label !== `files.read ${layout.authFile}`)
          return { _tag: 'None' }
        looks += 1
        // The first is made as the proxy opens, the second tells whose token it is, the third is in the lane.
        return looks === 3 ? { _tag: 'Pause', span: 4 * minute } : { _tag: 'None' }
      },
    })
    const proxy = await openProxy(world)
    expect((await refresh(proxy, tokens.refreshToken)).status).toBe(503)
    expect(world.upstream.journal.refreshes()).toEqual([])
  })

  it('does not run beside one of the pool’s', async () => {
    const { world, tokens } = await withStranger()
    const proxy = await openProxy(world)
    world.upstream.fail(tokenPath, [Behaviour.delayed(second), Behaviour.delayed(second)])
    const answers = await proxy.askTogether([
      refreshing(tokens.refreshToken),
      refreshing(personOf(world, 'ada').tokens.refreshToken),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(world.upstream.journal.refreshes()).toHaveLength(2)
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('is refused when nobody here knows the token', async () => {
    const world = await signedIn()
    const proxy = await openProxy(world)
    for (const token of ['rt_of_somebody', '', personOf(world, 'ada').tokens.accessToken])
      expect((await refresh(proxy, token)).status).toBe(403)
    expect(world.upstream.journal.calls()).toEqual([])
  })
})

describe('a token of a sign-in that is kept in no file', () => {
  const keptElsewhere = async (options: ProxyOptions) => {
    const { world, account, tokens } = await withStranger()
    world.disk.unlink(layout.authFile, world.time.now())
    return { world, account, tokens, proxy: await openProxy(world, options) }
  }

  it('is renewed and revoked by the issuer for a program of our user', async () => {
    const { account, proxy, tokens, world } = await keptElsewhere({ store: 'keyring' })
    const renewed = await refresh(proxy, tokens.refreshToken)
    expect(renewed.status).toBe(200)
    const { refresh_token } = JSON.parse(renewed.text) as Given
    expect((await revoke(proxy, refresh_token)).status).toBe(200)
    expect(world.upstream.journal.revocations()).toMatchObject([{ account: O.some(account) }])
  })

  it.each([{ isOurs: O.some(false) }, { isOurs: O.none }])(
    'is refused to another: $isOurs._tag',
    async ({ isOurs }) => {
      const { proxy, tokens, world } = await keptElsewhere({ store: 'keyring', isOurs })
      expect((await refresh(proxy, tokens.refreshToken)).status).toBe(403)
      expect((await revoke(proxy, tokens.refreshToken)).status).toBe(403)
      expect(world.upstream.journal.calls()).toEqual([])
    },
  )
})

describe('a body that is no request', () => {
  it.each([
    { name: 'no JSON', body: 'grant_type=refresh_token', status: 400 },
    { name: 'no token', body: '{"grant_type":"refresh_token"}', status: 400 },
    { name: 'a token of another type', body: '{"refresh_token":1,"token":1}', status: 400 },
    { name: 'nothing', body: '', status: 400 },
    { name: 'too large', body: `{"token":"${'x'.repeat(300_000)}"}`, status: 413 },
  ])('($name) is $status at both endpoints', async ({ body, status }) => {
    const world = await signedIn()
    const proxy = await openProxy(world)
    for (const path of ['/oauth/token', '/oauth/revoke'])
      expect((await proxy.ask({ method: 'POST', path, body })).status).toBe(status)
    expect(world.upstream.journal.calls()).toEqual([])
  })
})

describe('a revocation', () => {
  it('of a sign-in that the pool holds is answered, and not made', async () => {
    const world = await signedIn()
    const proxy = await openProxy(world, { kind: 'sign-in', isOurs: O.some(false) })
    expect(await revoke(proxy, personOf(world, 'ada').tokens.refreshToken)).toMatchObject({
      ...{ status: 200, text: '{}' },
    })
    expect(world.upstream.journal.calls()).toEqual([])
    await renewElsewhere(world, 'ada')
  })

  it('of an older token of such a sign-in is not made either', async () => {
    const world = await signedIn()
    await renewElsewhere(world, 'ada')
    const proxy = await openProxy(world, { kind: 'sign-in' })
    expect((await revoke(proxy, personOf(world, 'ada').tokens.refreshToken)).status).toBe(200)
    expect(world.upstream.journal.revocations()).toEqual([])
  })

  it('of the official file’s own sign-in goes to the issuer', async () => {
    const { world, account, tokens } = await withStranger()
    const proxy = await openProxy(world, { kind: 'sign-in' })
    expect((await revoke(proxy, tokens.refreshToken)).status).toBe(200)
    expect(world.upstream.journal.revocations()).toMatchObject([
      { account: O.some(account), body: { token_type_hint: 'refresh_token' } },
    ])
  })

  it('of a token nobody here knows is refused', async () => {
    const world = await signedIn()
    const proxy = await openProxy(world, { kind: 'sign-in' })
    expect((await revoke(proxy, 'rt_of_somebody')).status).toBe(403)
    expect(world.upstream.journal.revocations()).toEqual([])
  })
})
