import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import type { Account } from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as AuthFile from '../../../core/official/auth-file'

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const jwt = (claims: object): string => `${encoded({ alg: 'RS256' })}.${encoded(claims)}.c2ln`

const auth = { chatgpt_account_id: 'acc-1', chatgpt_user_id: 'user-1' }
const idToken = jwt({ email: 'ann@example.com', 'https://api.openai.com/auth': auth })
const accessToken = jwt({ exp: 1_800_000_000, 'https://api.openai.com/auth': auth })

const full = {
  auth_mode: 'chatgpt',
  OPENAI_API_KEY: null,
  tokens: {
    id_token: idToken,
    access_token: accessToken,
    refresh_token: 'rt_1',
    oauth_provenance: { issuer: 'https://auth.openai.com' },
    account_id: 'acc-1',
  },
  last_refresh: '2026-11-22T11:53:04.563894790Z',
  later: true,
}

const parsed = (value: unknown): AuthFile.AuthFile =>
  AuthFile.parse(JSON.stringify(value))._unsafeUnwrap()

const without = (key: string) => {
  const { [key]: _, ...rest } = full as Record<string, unknown>
  return rest
}

describe('the file of codex login', () => {
  it('tells the sign-in', () => {
    const credential = O.toUndefined(AuthFile.credentialOf(parsed(full)))
    expect(credential?.refresh.reveal()).toBe('rt_1')
    expect(O.toUndefined(credential?.access ?? O.none)?.reveal()).toBe(accessToken)
    expect(O.toUndefined(credential?.id ?? O.none)?.reveal()).toBe(idToken)
    expect(credential?.expiresAt).toEqual(O.some(1_800_000_000_000))
    expect(credential?.refreshedAt).toEqual(O.some(Date.UTC(2026, 10, 22, 11, 53, 4, 563)))
  })

  it('tells who the CLI thinks it is', () => {
    expect(AuthFile.identityOf(parsed(full))).toEqual(
      O.some({ accountId: 'acc-1', user: 'user-1' }),
    )
    const noAccount = { ...full, tokens: { ...full.tokens, account_id: null, id_token: 'opaque' } }
    expect(AuthFile.identityOf(parsed({ ...noAccount }))).toEqual(
      O.some({ accountId: 'acc-1', user: 'user-1' }),
    )
  })

  it('shows no token when it is printed by mistake', () => {
    const { tokens } = parsed(full)
    expect(JSON.stringify(tokens)).not.toContain('rt_1')
  })
})

describe('how the CLI signs its requests', () => {
  it.each([
    { name: 'as codex login writes it', file: full, isChatGpt: true, isApiKey: false },
    { name: 'no mode', file: without('auth_mode'), isChatGpt: true, isApiKey: false },
    { name: 'no key', file: without('OPENAI_API_KEY'), isChatGpt: true, isApiKey: false },
    { name: 'no last refresh', file: without('last_refresh'), isChatGpt: true, isApiKey: false },
    {
      name: 'no mode, but a key',
      file: { ...without('auth_mode'), OPENAI_API_KEY: 'sk-1' },
      isChatGpt: false,
      isApiKey: true,
    },
    {
      name: 'a mode and a key as well',
      file: { ...full, OPENAI_API_KEY: 'sk-1' },
      isChatGpt: true,
      isApiKey: false,
    },
    {
      name: 'an API key alone',
      file: { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-1' },
      isChatGpt: false,
      isApiKey: true,
    },
    {
      name: 'tokens that another program lends it',
      file: { ...full, auth_mode: 'chatgptAuthTokens' },
      isChatGpt: true,
      isApiKey: false,
    },
    {
      name: 'another mode',
      file: { ...full, auth_mode: 'agentIdentity' },
      isChatGpt: false,
      isApiKey: false,
    },
    { name: 'nothing', file: {}, isChatGpt: true, isApiKey: false },
  ])('$name', ({ file, isChatGpt, isApiKey }) => {
    expect(AuthFile.isChatGpt(parsed(file))).toBe(isChatGpt)
    expect(AuthFile.isApiKey(parsed(file))).toBe(isApiKey)
    expect(O.isSome(AuthFile.tokensOf(parsed(file)))).toBe(isChatGpt && 'tokens' in file)
  })

  it.each([{ tokens: null }, { tokens: {} }, { tokens: { access_token: 'a' } }])(
    'with no tokens in %j',
    (file) => {
      expect(AuthFile.tokensOf(parsed(file))).toEqual(O.none)
      expect(AuthFile.identityOf(parsed(file))).toEqual(O.none)
      expect(AuthFile.credentialOf(parsed(file))).toEqual(O.none)
    },
  )

  it.each(['', 'null', '[]', '7', '{'])('refuses %j, which is no record', (text) => {
    expect(AuthFile.parse(text)._unsafeUnwrapErr()._tag).toBe('Malformed')
  })
})

it('writes back what it does not know', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const text = JSON.stringify(record, null, 2)
      expect(AuthFile.print(AuthFile.parse(text)._unsafeUnwrap())).toBe(text)
    }),
  )
})

describe('an account written as codex login does', () => {
  const account = (credential: Partial<Credential.Credential>): Account => ({
    identity: { accountId: 'acc-1', user: 'user-1' },
    email: O.some('ann@example.com'),
    label: O.none,
    plan: O.none,
    enabled: true,
    credential: {
      access: O.some(Credential.secret(accessToken)),
      refresh: Credential.secret('rt_1'),
      id: O.some(Credential.secret(idToken)),
      expiresAt: O.some(1_800_000_000_000),
      refreshedAt: O.none,
      ...credential,
    },
    invalidation: O.none,
    addedAt: 0,
    stored: {},
  })
  const now = Date.UTC(2026, 10, 22, 12)

  it('is the same text', () => {
    const written = AuthFile.ofCredential(account({}), now)._unsafeUnwrap()
    expect(AuthFile.print(written)).toBe(
      [
        '{',
        '  "auth_mode": "chatgpt",',
        '  "OPENAI_API_KEY": null,',
        '  "tokens": {',
        `    "id_token": "${idToken}",`,
        `    "access_token": "${accessToken}",`,
        '    "refresh_token": "rt_1",',
        '    "account_id": "acc-1"',
        '  },',
        '  "last_refresh": "2026-11-22T12:00:00.000Z"',
        '}',
      ].join('\n'),
    )
  })

  it('says when its tokens were made, where that is known', () => {
    const written = AuthFile.ofCredential(account({ refreshedAt: O.some(now - 60_000) }), now)
    expect(AuthFile.print(written._unsafeUnwrap())).toContain('"2026-11-22T11:59:00.000Z"')
  })

  it('is read back as the same sign-in', () => {
    const written = AuthFile.ofCredential(account({}), now)._unsafeUnwrap()
    const read = AuthFile.parse(AuthFile.print(written))._unsafeUnwrap()
    expect(AuthFile.identityOf(read)).toEqual(O.some({ accountId: 'acc-1', user: 'user-1' }))
  })

  it.each([
    { name: 'no identity token', credential: { id: O.none }, refusal: 'NoIdToken' },
    {
      name: 'an identity token that is none',
      credential: { id: O.some(Credential.secret('opaque')) },
      refusal: 'NoIdToken',
    },
    { name: 'no access token', credential: { access: O.none }, refusal: 'NoAccessToken' },
  ])('is refused with $name', ({ credential, refusal }) => {
    expect(AuthFile.ofCredential(account(credential), now)._unsafeUnwrapErr()).toEqual({
      _tag: refusal,
      account: 'acc-1/user-1',
    })
  })
})
