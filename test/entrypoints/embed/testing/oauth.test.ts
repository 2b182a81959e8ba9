import * as O from 'fp-ts/Option'
import { createHash } from 'node:crypto'
import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { claims, clientId, form, json, refresh, world, type World } from './world'

const verifier = 'v'.repeat(86)
const challenge = createHash('sha256').update(verifier).digest('base64url')
const redirectUri = 'http://127.0.0.1:1455/auth/callback'

const query = {
  response_type: 'code',
  client_id: clientId,
  redirect_uri: redirectUri,
  code_challenge: challenge,
  code_challenge_method: 'S256',
  state: 's'.repeat(43),
  scope: 'openid profile email offline_access api.connectors.read api.connectors.invoke',
}

const authorize = ({ upstream, send }: World, change: Readonly<Record<string, string>> = {}) => {
  const given = new URLSearchParams({ ...query, ...change })
  return send({ url: `${upstream.issuer}/oauth/authorize?${given.toString()}` })
}

const landing = async (at: World, change: Readonly<Record<string, string>> = {}) => {
  const answer = await authorize(at, change)
  expect(answer.status).toBe(302)
  return new URL(answer.header('location'))
}

const codeOf = async (at: World, change: Readonly<Record<string, string>> = {}) =>
  (await landing(at, change)).searchParams.get('code') ?? ''

const exchange = (
  { upstream, send }: World,
  code: string,
  change: Readonly<Record<string, string>> = {},
) =>
  send({
    url: upstream.tokenUrl,
    ...form({
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...change,
    }),
  })

describe('the login page', () => {
  it('sends the browser back with a code and the state it came with', async () => {
    const at = await world()
    at.upstream.browser.signsIn(at.ann)
    const url = await landing(at)
    expect(url.origin + url.pathname).toBe(redirectUri)
    expect(url.searchParams.get('state')).toBe(query.state)
    expect(url.searchParams.get('code')).toContain('sim')
  })

  it.each([
    { name: 'another client', change: { client_id: 'app_other' } },
    { name: 'another response type', change: { response_type: 'token' } },
    { name: 'a redirect elsewhere', change: { redirect_uri: 'https://example.com/auth/callback' } },
    {
      name: 'a port not registered',
      change: { redirect_uri: 'http://localhost:80/auth/callback' },
    },
    { name: 'a path not registered', change: { redirect_uri: 'http://localhost:1455/' } },
    { name: 'no challenge', change: { code_challenge: '' } },
    { name: 'a plain challenge', change: { code_challenge_method: 'plain' } },
    { name: 'no state', change: { state: '' } },
    { name: 'a scope without refresh', change: { scope: 'openid profile email' } },
  ])('refuses $name', async ({ change }) => {
    const at = await world()
    at.upstream.browser.signsIn(at.ann)
    expect((await authorize(at, change)).status).toBe(400)
    expect(at.upstream.journal.violations()).toHaveLength(1)
  })

  it('takes either name of the loopback host and either registered port', async () => {
    const at = await world()
    at.upstream.browser.signsIn(at.ann)
    await landing(at, { redirect_uri: 'http://localhost:1457/auth/callback' })
  })

  it('uses the last sign-in again unless it is told to ask', async () => {
    const at = await world()
    const who = async (change: Readonly<Record<string, string>>) => {
      const answer = await exchange(at, await codeOf(at, change))
      return claims(answer.json.id_token).email
    }
    at.upstream.browser.signsIn(at.ann)
    expect(await who({})).toBe('ann@example.com')
    at.upstream.browser.signsIn(at.bob)
    expect(await who({})).toBe('ann@example.com')
    expect(await who({ prompt: 'login' })).toBe('bob@example.com')
    expect(await who({})).toBe('bob@example.com')
  })

  it('reports a refused sign-in to the redirect address', async () => {
    const at = await world()
    at.upstream.browser.denies({ error: 'access_denied', description: 'No thanks' })
    const url = await landing(at)
    expect(url.searchParams.get('error')).toBe('access_denied')
    expect(url.searchParams.get('error_description')).toBe('No thanks')
    expect(url.searchParams.get('state')).toBe(query.state)
  })

  it('gives the workspace the query asks for', async () => {
    const at = await world()
    const { accounts } = at.upstream.addPerson({
      email: 'cy@example.com',
      workspaces: [{}, { plan: 'team', title: 'Acme' }],
    })
    const [own, team] = accounts
    at.upstream.browser.signsIn(own)
    const wanted = { allowed_workspace_id: team?.accountId ?? '' }
    const answer = await exchange(at, await codeOf(at, wanted))
    const auth = claims(answer.json.id_token)['https://api.openai.com/auth']
    expect(auth.chatgpt_account_id).toBe(team?.accountId)
    expect(auth.chatgpt_plan_type).toBe('team')
    expect(auth.chatgpt_user_id).toBe(own.userId)
  })
})

describe('a code', () => {
  const withCode = async () => {
    const at = await world()
    at.upstream.browser.signsIn(at.ann)
    return { at, code: await codeOf(at) }
  }

  it('is exchanged for three tokens with the claims of the real ones', async () => {
    const { at, code } = await withCode()
    const { json: tokens, status } = await exchange(at, code)
    expect(status).toBe(200)
    const [id, access] = [claims(tokens.id_token), claims(tokens.access_token)]
    const member = {
      chatgpt_account_id: at.ann.accountId,
      chatgpt_plan_type: 'plus',
      chatgpt_user_id: at.ann.userId,
      user_id: at.ann.userId,
    }
    const now = at.now() / 1_000
    expect(id).toMatchObject({ email: 'ann@example.com', aud: [clientId], email_verified: true })
    expect(id['https://api.openai.com/auth']).toMatchObject(member)
    expect(id['https://api.openai.com/auth'].organizations).toHaveLength(1)
    expect(id.exp - now).toBe(3_600)
    expect(access['https://api.openai.com/auth']).toEqual(member)
    expect(access['https://api.openai.com/profile'].email).toBe('ann@example.com')
    expect(access.exp - now).toBe(864_000)
    expect(tokens.expires_in).toBe(864_000)
    for (const token of [tokens.id_token, tokens.access_token, tokens.refresh_token])
      expect(token).toContain('sim_')
  })

  it('is good once', async () => {
    const { at, code } = await withCode()
    expect((await exchange(at, code)).status).toBe(200)
    const again = await exchange(at, code)
    expect([again.status, again.json.error.code]).toEqual([400, 'invalid_grant'])
  })

  it.each([
    { name: 'another redirect', change: { redirect_uri: 'http://localhost:1455/auth/callback' } },
    { name: 'another verifier', change: { code_verifier: 'w'.repeat(86) } },
    { name: 'another client', change: { client_id: 'app_other' } },
    { name: 'a code never given', change: { code: 'ac_sim_0' } },
  ])('is refused with $name', async ({ change }) => {
    const { at, code } = await withCode()
    expect((await exchange(at, code, change)).status).toBe(400)
  })

  it('is refused when it is old', async () => {
    const { at, code } = await withCode()
    at.pass(11 * 60_000)
    expect((await exchange(at, code)).status).toBe(400)
  })

  it('is wanted in a form', async () => {
    const { at, code } = await withCode()
    const fields = { grant_type: 'authorization_code', client_id: clientId, code }
    expect((await at.send({ url: at.upstream.tokenUrl, ...json(fields) })).status).toBe(400)
  })

  it('brings no API key', async () => {
    const at = await world()
    const fields = { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' }
    expect((await at.send({ url: at.upstream.tokenUrl, ...form(fields) })).status).toBe(401)
  })
})

describe('a refresh', () => {
  it('gives new tokens of the same account and uses the old one up', async () => {
    const at = await world()
    const { refreshToken, accessToken } = at.upstream.signIn(at.ann)
    const { json: tokens, status } = await refresh(at, refreshToken)
    expect(status).toBe(200)
    expect(tokens.refresh_token).not.toBe(refreshToken)
    expect(tokens.access_token).not.toBe(accessToken)
    expect(claims(tokens.access_token)['https://api.openai.com/auth'].chatgpt_account_id).toBe(
      at.ann.accountId,
    )
    const again = await refresh(at, refreshToken)
    expect(again.status).toBe(401)
    expect(again.json).toEqual({
      error: {
        message:
          'Your refresh token has already been used to generate a new access token. Please try signing in again.',
        type: 'invalid_request_error',
        param: null,
        code: 'refresh_token_reused',
      },
    })
    expect(at.upstream.journal.violations()).toEqual([
      { _tag: 'RefreshReused', account: at.ann.key },
    ])
    expect((await refresh(at, tokens.refresh_token)).status).toBe(200)
  })

  it('ends the family at a reuse, where that is switched on', async () => {
    const at = await world({ reuseEndsFamily: true })
    const { refreshToken } = at.upstream.signIn(at.ann)
    const { json: tokens } = await refresh(at, refreshToken)
    await refresh(at, refreshToken)
    const next = await refresh(at, tokens.refresh_token)
    expect(next.json.error.code).toBe('refresh_token_invalidated')
    const usage = await at.send({
      url: `${at.upstream.backend}/wham/usage`,
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(usage.json.error.code).toBe('token_invalidated')
  })

  it.each([
    { name: 'an unknown token', token: 'rt_sim_nobody', status: 401, code: 'token_expired' },
    { name: 'an empty token', token: '', status: 400, code: 'empty_string' },
  ])('refuses $name', async ({ token, status, code }) => {
    const answer = await refresh(await world(), token)
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
  })

  it('refuses a token that has run out', async () => {
    const at = await world({ lifetimes: { refresh: 1_000 } })
    const { refreshToken } = at.upstream.signIn(at.ann)
    at.pass(1_000)
    expect((await refresh(at, refreshToken)).json.error.code).toBe('refresh_token_expired')
  })

  it('refuses with the scripted code, and leaves later sign-ins alone', async () => {
    const at = await world()
    const before = at.upstream.signIn(at.ann)
    at.upstream.refuseRefresh(at.ann.key, 'invalid_grant')
    expect((await refresh(at, before.refreshToken)).json.error.code).toBe('invalid_grant')
    expect((await refresh(at, at.upstream.signIn(at.ann).refreshToken)).status).toBe(200)
  })

  it('keeps the refresh token good when the answer leaves it out', async () => {
    const at = await world()
    const { refreshToken } = at.upstream.signIn(at.ann)
    at.upstream.refreshOmits(['refresh_token', 'id_token'])
    const first = await refresh(at, refreshToken)
    expect(first.json).toHaveProperty('access_token')
    expect(first.json).not.toHaveProperty('refresh_token')
    expect(first.json).not.toHaveProperty('id_token')
    expect((await refresh(at, refreshToken)).status).toBe(200)
  })

  it('burns the login when its answer is lost', async () => {
    const at = await world()
    const { refreshToken } = at.upstream.signIn(at.ann)
    at.upstream.fail('/oauth/token', [Behaviour.lost])
    expect((await refresh(at, refreshToken)).end).toBe('none')
    expect((await refresh(at, refreshToken)).json.error.code).toBe('refresh_token_reused')
  })

  it('leaves the login alone when it is refused or reset before it is heard', async () => {
    const at = await world()
    const { refreshToken } = at.upstream.signIn(at.ann)
    at.upstream.fail('/oauth/token', [Behaviour.serverFault(503), Behaviour.reset], at.ann.key)
    expect((await refresh(at, refreshToken)).status).toBe(503)
    expect((await refresh(at, refreshToken)).end).toBe('none')
    expect((await refresh(at, refreshToken)).status).toBe(200)
  })

  it('is seen when it runs beside another', async () => {
    const at = await world()
    const [ann, bob] = [at.upstream.signIn(at.ann), at.upstream.signIn(at.bob)]
    at.upstream.fail('/oauth/token', [Behaviour.delayed(50), Behaviour.delayed(50)])
    await Promise.all([refresh(at, ann.refreshToken), refresh(at, bob.refreshToken)])
    expect(at.upstream.journal.violations()).toEqual([
      { _tag: 'RefreshOverlap', account: at.bob.key, with: at.ann.key },
    ])
    at.upstream.journal.forget()
    await refresh(at, at.upstream.signIn(at.ann).refreshToken)
    await refresh(at, at.upstream.signIn(at.bob).refreshToken)
    expect(at.upstream.journal.violations()).toEqual([])
  })

  it('is journalled with its reason and without its token', async () => {
    const at = await world()
    const { refreshToken } = at.upstream.signIn(at.ann)
    await refresh(at, refreshToken)
    const [call] = at.upstream.journal.refreshes()
    expect(call).toMatchObject({
      account: O.some(at.ann),
      token: refreshToken.slice(-12),
      body: { refresh_reason: 'proactive_expiry' },
      status: 200,
    })
    expect(JSON.stringify(call)).not.toContain(refreshToken)
  })
})

describe('a revocation', () => {
  it('ends the login', async () => {
    const at = await world()
    const { refreshToken, accessToken } = at.upstream.signIn(at.ann)
    const url = `${at.upstream.issuer}/oauth/revoke`
    const body = { token: refreshToken, token_type_hint: 'refresh_token', client_id: clientId }
    expect((await at.send({ url, ...json(body) })).status).toBe(200)
    expect((await refresh(at, refreshToken)).json.error.code).toBe('refresh_token_invalidated')
    const headers = { authorization: `Bearer ${accessToken}` }
    const usage = await at.send({ url: `${at.upstream.backend}/wham/usage`, headers })
    expect(usage.json.error.code).toBe('token_revoked')
    expect(at.upstream.journal.revocations()).toHaveLength(1)
  })

  it('of an unknown token is no error', async () => {
    const at = await world()
    const url = `${at.upstream.issuer}/oauth/revoke`
    expect((await at.send({ url, ...json({ token: 'rt_other' }) })).status).toBe(200)
  })
})
