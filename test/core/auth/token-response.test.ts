import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import type { Credential } from '../../../core/accounts/credential'
import * as TokenResponse from '../../../core/auth/token-response'
import { credentialOf, tokenOf } from '../../support/tokens'

const now = 1_790_000_000_000
const seams = { issuer: 'https://auth.openai.com' }

const shown = ({ access, refresh, id, expiresAt, refreshedAt }: Credential) => ({
  access: O.toUndefined(access)?.reveal(),
  refresh: refresh.reveal(),
  id: O.toUndefined(id)?.reveal(),
  expiresAt: O.toUndefined(expiresAt),
  refreshedAt: O.toUndefined(refreshedAt),
})

describe('the code exchange', () => {
  it('is asked for with a form, and without a word of who asks', () => {
    const request = TokenResponse.exchangeRequest(seams, {
      code: 'c/1',
      redirectUri: 'http://127.0.0.1:1455/auth/callback',
      verifier: 'v-1',
    })
    expect(request.url).toBe('https://auth.openai.com/oauth/token')
    expect(request.headers).toEqual([
      ['content-type', 'application/x-www-form-urlencoded'],
      ['accept', 'application/json'],
    ])
    expect([...new URLSearchParams(request.body).entries()]).toEqual([
      ['grant_type', 'authorization_code'],
      ['client_id', 'app_EMoamEEZ73f0CkXaXp7hrann'],
      ['code', 'c/1'],
      ['redirect_uri', 'http://127.0.0.1:1455/auth/callback'],
      ['code_verifier', 'v-1'],
    ])
  })

  const answer = { id_token: 'i', access_token: 'a', refresh_token: 'r' }

  it('gives all three tokens, and the time they were given', () => {
    const credential = TokenResponse.ofExchange(now)({ ...answer, expires_in: 60 })
    expect(shown(credential._unsafeUnwrap())).toEqual({
      ...{ access: 'a', refresh: 'r', id: 'i' },
      expiresAt: now + 60_000,
      refreshedAt: now,
    })
  })

  const exp = now / 1_000 + 864_000
  const withExp = { ...answer, access_token: tokenOf({ exp }) }

  it.each([
    { name: 'the lifetime, by our clock', given: { ...withExp, expires_in: 60 }, at: now + 60_000 },
    { name: 'the token’s own end, without one', given: withExp, at: exp * 1_000 },
    {
      name: 'the token’s end, for a lifetime of 0',
      given: { ...withExp, expires_in: 0 },
      at: exp * 1_000,
    },
    {
      name: 'the token’s end, for a text',
      given: { ...withExp, expires_in: '60' },
      at: exp * 1_000,
    },
    {
      name: 'the token’s end, for an absurd one',
      given: { ...withExp, expires_in: 1e300 },
      at: exp * 1_000,
    },
    { name: 'none that an opaque token names', given: answer, at: undefined },
  ])('ends at $name', ({ given, at }) => {
    expect(shown(TokenResponse.ofExchange(now)(given)._unsafeUnwrap()).expiresAt).toBe(at)
  })

  it.each(['id_token', 'access_token', 'refresh_token'])('needs %s', (field) => {
    for (const value of [undefined, null, '', 7]) {
      const refused = TokenResponse.ofExchange(now)({ ...answer, [field]: value })
      expect(refused._unsafeUnwrapErr()).toMatchObject({
        _tag: 'Malformed',
        at: expect.stringContaining(field),
      })
    }
  })

  it.each([null, [], 'text', 7])('takes no %j', (given) => {
    expect(TokenResponse.ofExchange(now)(given).isErr()).toBe(true)
  })
})

describe('a refresh', () => {
  it('is asked for in JSON, with the reason', () => {
    const request = TokenResponse.refreshRequest(seams, 'rt_1', 'unauthorized_recovery')
    expect(request).toMatchObject({ method: 'POST', url: 'https://auth.openai.com/oauth/token' })
    expect(new Map(request.headers)).toEqual(
      new Map([
        ['content-type', 'application/json'],
        ['accept', 'application/json'],
        ['originator', 'codex_cli_rs'],
        ['user-agent', 'codex-multi-auth'],
      ]),
    )
    expect(JSON.parse(request.body)).toEqual({
      client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
      grant_type: 'refresh_token',
      refresh_reason: 'unauthorized_recovery',
      refresh_token: 'rt_1',
    })
  })

  const previous = credentialOf({ accountId: 'acc-1' }, now - 1_000, 'old')
  const before = shown(previous)
  const renew = (json: unknown) => TokenResponse.ofRefresh(now, previous)(json)

  it.each([
    {
      name: 'brings all three',
      given: { id_token: 'i', access_token: 'a', refresh_token: 'r', expires_in: 60 },
      expected: { id: 'i', access: 'a', refresh: 'r', expiresAt: now + 60_000 },
    },
    { name: 'keeps what it leaves out', given: { refresh_token: 'r' }, expected: { refresh: 'r' } },
    { name: 'keeps all when empty', given: {}, expected: {} },
    {
      name: 'keeps what it gives as null or empty',
      given: { id_token: null, access_token: '', refresh_token: 'r' },
      expected: { refresh: 'r' },
    },
    {
      name: 'saves the refresh token beside a field of the wrong type',
      given: { id_token: 7, access_token: ['a'], refresh_token: 'r' },
      expected: { refresh: 'r' },
    },
    {
      name: 'has a new end with a new access token alone',
      given: { refresh_token: 'r', expires_in: 60 },
      expected: { refresh: 'r' },
    },
    {
      name: 'forgets the old end with an access token that names none',
      given: { access_token: 'a' },
      expected: { access: 'a', expiresAt: undefined },
    },
  ])('$name', ({ given, expected }) => {
    const credential = renew(given)._unsafeUnwrap()
    expect(shown(credential)).toEqual({ ...before, refreshedAt: now, ...expected })
  })

  it.each([null, [], 'text', 7, undefined])('is no %j', (given) => {
    expect(renew(given)._unsafeUnwrapErr()._tag).toBe('Malformed')
  })

  it('never loses a refresh token it was given', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (token, beside) => {
          const credential = renew({ ...beside, refresh_token: token })._unsafeUnwrap()
          expect(credential.refresh.reveal()).toBe(token)
        },
      ),
    )
  })
})

describe('a refusal', () => {
  const body = (value: unknown) => JSON.stringify(value)

  it.each([
    {
      name: 'error.code',
      text: body({ error: { code: 'refresh_token_reused', message: 'x' } }),
      code: 'refresh_token_reused',
    },
    { name: 'error, a text', text: body({ error: 'invalid_grant' }), code: 'invalid_grant' },
    { name: 'code', text: body({ code: 'refresh_token_expired' }), code: 'refresh_token_expired' },
    { name: 'error before code', text: body({ error: 'a', code: 'b' }), code: 'a' },
    {
      name: 'code where error.code is null',
      text: body({ error: { code: null }, code: 'b' }),
      code: 'b',
    },
    { name: 'nothing in an empty body', text: '', code: undefined },
    { name: 'nothing in a page', text: '<html>', code: undefined },
    { name: 'nothing in null', text: 'null', code: undefined },
    { name: 'nothing in a list', text: '[]', code: undefined },
    { name: 'nothing in a number', text: body({ error: 7 }), code: undefined },
  ])('reads its code from $name', ({ text, code }) => {
    expect(O.toUndefined(TokenResponse.refusalOf(400, text).code)).toBe(code)
  })

  it.each([
    { status: 401, code: undefined, permanent: true },
    { status: 401, code: 'anything', permanent: true },
    { status: 400, code: 'refresh_token_expired', permanent: true },
    { status: 400, code: 'refresh_token_reused', permanent: true },
    { status: 400, code: 'refresh_token_invalidated', permanent: true },
    { status: 400, code: 'invalid_grant', permanent: true },
    { status: 400, code: 'invalid_request', permanent: false },
    { status: 400, code: undefined, permanent: false },
    { status: 403, code: 'invalid_grant', permanent: false },
    { status: 429, code: undefined, permanent: false },
    { status: 500, code: 'refresh_token_reused', permanent: false },
  ])('of status $status with $code is permanent: $permanent', ({ status, code, permanent }) => {
    expect(TokenResponse.refusalOf(status, body({ error: { code } })).permanent).toBe(permanent)
  })

  it('is one whatever the body', () => {
    fc.assert(
      fc.property(fc.integer(), fc.oneof(fc.string(), fc.json()), (status, text) => {
        expect(TokenResponse.refusalOf(status, text).permanent || status !== 401).toBe(true)
      }),
    )
  })
})

it('a revocation names the token and the client, as the official CLI does', () => {
  const request = TokenResponse.revokeRequest(seams, 'rt_1')
  expect(request.url).toBe('https://auth.openai.com/oauth/revoke')
  expect(JSON.parse(request.body)).toEqual({
    token: 'rt_1',
    token_type_hint: 'refresh_token',
    client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
  })
})
