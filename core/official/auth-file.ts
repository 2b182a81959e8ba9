/**
 * The official CLI's own sign-in, `auth.json` (protocol.md, section 1).
 *
 * It is shared with a program that drops what it does not know, spends the refresh token when it
 * likes and rejects the whole file for one bad field. So reading is lenient, what is written is
 * exactly what `codex login` writes, and fields that we do not know are carried along.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { err, ok, type Result } from 'neverthrow'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import * as Identity from '../accounts/identity'
import * as Claims from '../auth/claims'
import { decode, parseJson, type Malformed } from '../result'
import * as Time from '../time'

export interface Tokens {
  readonly id: O.Option<Credential.Secret>
  readonly access: Credential.Secret
  readonly refresh: Credential.Secret
  readonly accountId: O.Option<string>
}

export interface AuthFile {
  /** As the file says it; none in older files, where the API key decides. */
  readonly mode: O.Option<string>
  readonly apiKey: O.Option<Credential.Secret>
  /** None when they are missing or not of the form the CLI takes. */
  readonly tokens: O.Option<Tokens>
  readonly refreshedAt: O.Option<Time.Instant>
  /** The record as it was read or will be written; the fields above are what it means. */
  readonly stored: Readonly<Record<string, unknown>>
}

/** The CLI rejects a file without an identity token, and no other token may stand in for it. */
export type CannotWrite =
  | { readonly _tag: 'NoIdToken'; readonly account: Identity.AccountKey }
  | { readonly _tag: 'NoAccessToken'; readonly account: Identity.AccountKey }

/** Whether the CLI signs its requests with ChatGPT tokens; without a mode an API key comes first. */
export const isChatGpt = (file: AuthFile): boolean =>
  O.isSome(file.mode)
    ? file.mode.value === 'chatgpt' || file.mode.value === 'chatgptAuthTokens'
    : O.isNone(file.apiKey)

/** Whether requests are paid for with an API key, which is none of our business. */
export const isApiKey = (file: AuthFile): boolean =>
  O.isSome(file.mode) ? file.mode.value === 'apikey' : O.isSome(file.apiKey)

export const tokensOf = (file: AuthFile): O.Option<Tokens> =>
  isChatGpt(file) ? file.tokens : O.none

/** Who the CLI thinks it is; none without an account id. */
export const identityOf = (file: AuthFile): O.Option<Identity.Identity> =>
  pipe(
    tokensOf(file),
    O.chain((tokens) => {
      const claims = claimsOf(tokens)
      return pipe(
        tokens.accountId,
        O.alt(() => claims.accountId),
        O.map((accountId) => Identity.make(accountId, claims.userId, claims.email)),
      )
    }),
  )

/** The file's sign-in as a credential of ours, to be weighed against the pool's. */
export const credentialOf = (file: AuthFile): O.Option<Credential.Credential> =>
  pipe(
    tokensOf(file),
    O.map((tokens) => ({
      access: O.some(tokens.access),
      refresh: tokens.refresh,
      id: tokens.id,
      expiresAt: Claims.ofToken(tokens.access.reveal()).expiresAt,
      refreshedAt: file.refreshedAt,
    })),
  )

/** What `codex login` would have written for this account. */
export const ofCredential = (
  account: Account.Account,
  now: Time.Instant,
): Result<AuthFile, CannotWrite> => {
  const { access, refresh, id, refreshedAt } = account.credential
  if (O.isNone(id) || !isJwt(id.value.reveal())) {
    return err({ _tag: 'NoIdToken', account: Account.key(account) })
  }
  if (O.isNone(access)) return err({ _tag: 'NoAccessToken', account: Account.key(account) })
  const tokens = {
    id_token: id.value.reveal(),
    access_token: access.value.reveal(),
    refresh_token: refresh.reveal(),
    account_id: account.identity.accountId,
  }
  return ok(
    ofStored({
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      tokens,
      last_refresh: Time.iso(O.getOrElse(() => now)(refreshedAt)),
    }),
  )
}

/** The same sign-in with newer tokens, as the CLI stores them after a refresh of its own. */
export const renewed =
  ({ access, refresh, id, refreshedAt }: Credential.Credential, now: Time.Instant) =>
  (file: AuthFile): AuthFile =>
    ofStored({
      ...file.stored,
      tokens: {
        ...(t.UnknownRecord.is(file.stored['tokens']) ? file.stored['tokens'] : {}),
        ...(O.isSome(id) ? { id_token: id.value.reveal() } : {}),
        ...(O.isSome(access) ? { access_token: access.value.reveal() } : {}),
        refresh_token: refresh.reveal(),
      },
      last_refresh: Time.iso(O.getOrElse(() => now)(refreshedAt)),
    })

const claimsOf = (tokens: Tokens): Claims.Claims =>
  pipe(
    tokens.id,
    O.match(
      () => Claims.none,
      (id) => Claims.ofToken(id.reveal()),
    ),
    Claims.orElse(Claims.ofToken(tokens.access.reveal())),
  )

const isJwt = (token: string): boolean => /^[^.]+\.[^.]+\.[^.]*$/.test(token)

export const parse = (text: string): Result<AuthFile, Malformed> =>
  parseJson(text).andThen(decode(t.UnknownRecord)).map(ofStored)

export const print = (file: AuthFile): string => JSON.stringify(file.stored, null, 2)

const tokensForm = t.intersection(
  [
    t.type({ access_token: t.string, refresh_token: t.string }),
    t.partial({ id_token: t.unknown, account_id: t.unknown }),
  ],
  'AuthTokens',
)

const ofStored = (stored: Readonly<Record<string, unknown>>): AuthFile => ({
  mode: textOf(stored['auth_mode']),
  apiKey: pipe(textOf(stored['OPENAI_API_KEY']), O.map(Credential.secret)),
  tokens: decode(tokensForm)(stored['tokens']).match(
    (tokens) =>
      O.some({
        id: pipe(textOf(tokens.id_token), O.map(Credential.secret)),
        access: Credential.secret(tokens.access_token),
        refresh: Credential.secret(tokens.refresh_token),
        accountId: textOf(tokens.account_id),
      }),
    (): O.Option<Tokens> => O.none,
  ),
  refreshedAt: pipe(textOf(stored['last_refresh']), O.chain(instantOf)),
  stored,
})

const textOf = (value: unknown): O.Option<string> =>
  typeof value === 'string' && value !== '' ? O.some(value) : O.none

/** The CLI writes nanoseconds; we read them to the millisecond. */
const instantOf = (text: string): O.Option<Time.Instant> => {
  const at = Date.parse(text)
  return Number.isNaN(at) ? O.none : O.some(at)
}
