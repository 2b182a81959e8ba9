/**
 * The token endpoint: authorization codes and refresh tokens, each good once, and their revocation.
 */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import type { Hash } from '../../../ports/hash'
import type { Random } from '../../../ports/random'
import type { Reply } from '../../../ports/http-server'
import { second, type Instant } from '../../../core/time'
import * as Base64url from './base64url'
import * as Call from './call'
import { clientId } from './claims'
import type { Recorder } from './journal'
import type { Grant } from './login-page'
import type { Account } from './people'
import * as Refusal from './refusal'
import type { Tokens, Vault } from './tokens'

export type TokenField = 'id_token' | 'access_token' | 'refresh_token'

export interface OAuth {
  readonly token: Call.Handler
  readonly revoke: Call.Handler
  /** A code that the token endpoint takes once. */
  readonly codeFor: (grant: Grant) => string
  /** From now on the answer to a refresh leaves these fields out. */
  readonly refreshOmits: (fields: ReadonlyArray<TokenField>) => void
  /** Whose code or refresh token a call of the token or revoke endpoint carries. */
  readonly ownerOf: (incoming: Call.Incoming) => O.Option<Account>
}

export interface OAuthTerms {
  readonly hash: Pick<Hash, 'sha256'>
  readonly random: Pick<Random, 'bytes'>
  readonly vault: Vault
  readonly journal: Pick<Recorder, 'violated'>
}

type Fields = Readonly<Record<string, string>>

export const challengeOf = (hash: Pick<Hash, 'sha256'>, verifier: string): string =>
  Base64url.ofBytes(hash.sha256(new TextEncoder().encode(verifier)))

const payloadOf = (tokens: Tokens, now: Instant) => ({
  id_token: tokens.idToken,
  access_token: tokens.accessToken,
  refresh_token: tokens.refreshToken,
  token_type: 'Bearer',
  scope: 'openid profile email offline_access',
  expires_in: Math.floor((tokens.expiresAt - now) / second),
})

const emptyToken = Refusal.grantRefused(
  'empty_string',
  "Invalid 'refresh_token': empty string. Expected a string with minimum length 1, but got an empty string instead.",
)
const unknownClient = Refusal.grantRefused('invalid_client', 'Unknown client.')

const checkedCode = (
  { hash }: OAuthTerms,
  grant: Grant | undefined,
  fields: Fields,
  now: Instant,
): Result<Grant, Refusal.Refusal> => {
  const wrong = (message: string) => err(Refusal.grantRefused('invalid_grant', message))
  if (fields['client_id'] !== clientId) return err(unknownClient)
  if (grant === undefined || grant.expiresAt <= now)
    return wrong('The authorization code is not valid.')
  if (fields['redirect_uri'] !== grant.redirectUri) return wrong('The redirect URI does not match.')
  return challengeOf(hash, fields['code_verifier'] ?? '') === grant.challenge
    ? ok(grant)
    : wrong('The code verifier does not match.')
}

const exchanged = (
  terms: OAuthTerms,
  incoming: Call.Incoming,
  fields: Fields,
  grant: Grant | undefined,
): Reply => {
  const { at, path } = incoming
  const checked = Call.isForm(incoming)
    ? checkedCode(terms, grant, fields, at)
    : err(Refusal.grantRefused('invalid_request', 'Expected a form.'))
  return checked.match(
    ({ account }) => Call.json(payloadOf(terms.vault.issue(account, at), at)),
    (refusal) => {
      terms.journal.violated({ _tag: 'BadRequest', path, because: refusal.body })
      return Call.refused(refusal)
    },
  )
}

const refreshed = (
  { vault, journal }: OAuthTerms,
  { at, path }: Call.Incoming,
  fields: Fields,
  omitted: ReadonlyArray<TokenField>,
): Reply => {
  const token = fields['refresh_token'] ?? ''
  const unfit =
    token === '' ? emptyToken : fields['client_id'] === clientId ? undefined : unknownClient
  if (unfit !== undefined) {
    journal.violated({ _tag: 'BadRequest', path, because: unfit.body })
    return Call.refused(unfit)
  }
  const isNamed = (name: string) => omitted.some((field) => field === name)
  return vault.spend(token, at, { keepsRefresh: isNamed('refresh_token') }).match(
    (tokens) => {
      const given = Object.entries(payloadOf(tokens, at)).filter(([name]) => !isNamed(name))
      return Call.json(Object.fromEntries(given))
    },
    (refusal) => {
      const owner = vault.owner(token)
      if (refusal === 'refresh_token_reused' && O.isSome(owner))
        journal.violated({ _tag: 'RefreshReused', account: owner.value.key })
      return Call.refused(Refusal.refreshRefused(refusal))
    },
  )
}

export const create = (terms: OAuthTerms): OAuth => {
  const { vault, journal } = terms
  const grants = new Map<string, Grant>()
  let omitted: ReadonlyArray<TokenField> = []
  let codes = 0
  return {
    codeFor: (grant) => {
      codes += 1
      const code = `ac_sim_${Base64url.ofBytes(terms.random.bytes(18))}_${String(codes)}`
      grants.set(code, grant)
      return code
    },
    token: (incoming) => {
      const fields = Call.fields(incoming)
      switch (fields['grant_type']) {
        case 'authorization_code': {
          const code = fields['code'] ?? ''
          const grant = grants.get(code)
          grants.delete(code)
          return exchanged(terms, incoming, fields, grant)
        }
        case 'refresh_token':
          return refreshed(terms, incoming, fields, omitted)
        case 'urn:ietf:params:oauth:grant-type:token-exchange':
          return Call.refused(Refusal.noApiKey)
        default:
          journal.violated({ _tag: 'BadRequest', path: incoming.path, because: 'grant_type' })
          return Call.refused(Refusal.grantRefused('unsupported_grant_type', 'Unknown grant type.'))
      }
    },
    revoke: (incoming) => {
      // An unknown token is no error here (RFC 7009, section 2.2).
      vault.revoke(Call.fields(incoming)['token'] ?? '')
      return Call.json({})
    },
    refreshOmits: (fields) => {
      omitted = fields
    },
    ownerOf: (incoming) => {
      const fields = Call.fields(incoming)
      const grant = grants.get(fields['code'] ?? '')
      if (grant !== undefined) return O.some(grant.account)
      return vault.owner(fields['refresh_token'] ?? fields['token'] ?? '')
    },
  }
}
