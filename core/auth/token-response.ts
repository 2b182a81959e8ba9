/**
 * The issuer's token endpoint: what is asked of it and what its answers mean (protocol.md, section 2).
 *
 * A code exchange must give all three tokens. A refresh may leave any of them out, and the one left
 * out keeps its old value. A refresh token works once, so an answer is never thrown away over a
 * field beside it: a token of the wrong type counts as left out.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import type { Result } from 'neverthrow'
import * as Credential from '../accounts/credential'
import { clientId, type Seams } from '../official/seams'
import type { Headers } from '../request/headers'
import { decode, parseJson, type Malformed } from '../result'
import * as Time from '../time'
import * as Claims from './claims'

export interface TokenRequest {
  readonly method: 'POST'
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** What a code is exchanged with: the redirect URI it was made for and the verifier behind its challenge. */
export interface Exchange {
  readonly code: string
  readonly redirectUri: string
  readonly verifier: string
}

/** Why a refresh is asked for, in the official CLI's words: the issuer is told. */
export type RefreshReason = 'proactive_expiry' | 'unauthorized_recovery'

/** A refused token request. After a permanent refusal the same token is not worth another try. */
export interface Refusal {
  readonly permanent: boolean
  readonly code: O.Option<string>
}

const tokenUrl = (seams: Pick<Seams, 'issuer'>): string => `${seams.issuer}/oauth/token`

/** Form-encoded, and without originator or user agent, as the official CLI sends it. */
export const exchangeRequest = (
  seams: Pick<Seams, 'issuer'>,
  exchange: Exchange,
): TokenRequest => ({
  method: 'POST',
  url: tokenUrl(seams),
  headers: [
    ['content-type', 'application/x-www-form-urlencoded'],
    ['accept', 'application/json'],
  ],
  body: new URLSearchParams([
    ['grant_type', 'authorization_code'],
    ['client_id', clientId],
    ['code', exchange.code],
    ['redirect_uri', exchange.redirectUri],
    ['code_verifier', exchange.verifier],
  ]).toString(),
})

export const refreshRequest = (
  seams: Pick<Seams, 'issuer'>,
  refreshToken: string,
  reason: RefreshReason = 'proactive_expiry',
): TokenRequest => ({
  method: 'POST',
  url: tokenUrl(seams),
  headers: [
    ['content-type', 'application/json'],
    ['accept', 'application/json'],
    ['originator', 'codex_cli_rs'],
    ['user-agent', 'codex-multi-auth'],
  ],
  body: JSON.stringify({
    client_id: clientId,
    grant_type: 'refresh_token',
    refresh_reason: reason,
    refresh_token: refreshToken,
  }),
})

/** Ends the sign-in that the refresh token belongs to. */
export const revokeRequest = (
  seams: Pick<Seams, 'issuer'>,
  refreshToken: string,
): TokenRequest => ({
  method: 'POST',
  url: `${seams.issuer}/oauth/revoke`,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({
    token: refreshToken,
    token_type_hint: 'refresh_token',
    client_id: clientId,
  }),
})

/** The credential of a new sign-in. */
export const ofExchange =
  (now: Time.Instant) =>
  (json: unknown): Result<Credential.Credential, Malformed> =>
    decode(exchangeForm)(json).map((answer) => ({
      access: O.some(Credential.secret(answer.access_token)),
      refresh: Credential.secret(answer.refresh_token),
      id: O.some(Credential.secret(answer.id_token)),
      expiresAt: expiryOf(now, answer.access_token, answer.expires_in),
      refreshedAt: O.some(now),
    }))

/** The previous credential with the tokens the answer brings. */
export const ofRefresh =
  (now: Time.Instant, previous: Credential.Credential) =>
  (json: unknown): Result<Credential.Credential, Malformed> =>
    decode(refreshForm)(json).map((answer) => {
      const access = tokenOf(answer.access_token)
      return {
        access: pipe(
          access,
          O.map(Credential.secret),
          O.alt(() => previous.access),
        ),
        refresh: pipe(
          tokenOf(answer.refresh_token),
          O.match(() => previous.refresh, Credential.secret),
        ),
        id: pipe(
          tokenOf(answer.id_token),
          O.map(Credential.secret),
          O.alt(() => previous.id),
        ),
        expiresAt: O.isSome(access)
          ? expiryOf(now, access.value, answer.expires_in)
          : previous.expiresAt,
        refreshedAt: O.some(now),
      }
    })

/** Any 401 is permanent; a 400 only with a code that says so; anything else may pass. */
export const refusalOf = (status: number, bodyText: string): Refusal => {
  const code = codeOf(bodyText)
  const isFinal = O.isSome(code) && finalCodes.includes(code.value)
  return { permanent: status === 401 || (status === 400 && isFinal), code }
}

const finalCodes: ReadonlyArray<string> = [
  'refresh_token_expired',
  'refresh_token_reused',
  'refresh_token_invalidated',
  'invalid_grant',
]

/** Access tokens live about ten days; a lifetime beyond a year is a mistake, not a promise. */
const lifetimeSecondsMax = 365 * 24 * 3_600

/** The lifetime the answer names, told by our clock; else the end the token itself names. */
const expiryOf = (now: Time.Instant, access: string, expiresIn: unknown): O.Option<Time.Instant> =>
  typeof expiresIn === 'number' && expiresIn > 0 && expiresIn <= lifetimeSecondsMax
    ? O.some(Time.after(now, expiresIn * Time.second))
    : Claims.ofToken(access).expiresAt

const tokenOf = (value: unknown): O.Option<string> =>
  typeof value === 'string' && value !== '' ? O.some(value) : O.none

const codeOf = (bodyText: string): O.Option<string> =>
  parseJson(bodyText)
    .andThen(decode(refusalForm))
    .match(
      ({ error, code }) =>
        pipe(
          tokenOf(
            typeof error === 'object' && error !== null && 'code' in error ? error.code : error,
          ),
          O.alt(() => tokenOf(code)),
        ),
      () => O.none,
    )

interface TokenBrand {
  readonly 'a token': unique symbol
}
const tokenForm = t.brand(
  t.string,
  (text): text is t.Branded<string, TokenBrand> => text !== '',
  'a token',
)

const exchangeForm = t.intersection(
  [
    t.type({ id_token: tokenForm, access_token: tokenForm, refresh_token: tokenForm }),
    t.partial({ expires_in: t.unknown }),
  ],
  'CodeExchange',
)

/** Any object: see the head of this file for why its fields are looked at one by one. */
const refreshForm = t.partial(
  {
    id_token: t.unknown,
    access_token: t.unknown,
    refresh_token: t.unknown,
    expires_in: t.unknown,
  },
  'Refresh',
)

const refusalForm = t.partial({ error: t.unknown, code: t.unknown }, 'TokenRefusal')
