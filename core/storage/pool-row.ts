/**
 * One row of the stored pool, an account. Tolerant: what a field cannot hold counts as missing, and
 * only a row without a refresh token is no account at all.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { err, ok, type Result } from 'neverthrow'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import * as Identity from '../accounts/identity'
import * as Claims from '../auth/claims'
import { optional } from '../codec'
import { decode, type Malformed } from '../result'

const rowForm = t.intersection(
  [
    t.type({ refreshToken: t.string }),
    t.partial({
      accountId: optional(t.string),
      userId: optional(t.string),
      email: optional(t.string),
      accountLabel: optional(t.string),
      accessToken: optional(t.string),
      idToken: optional(t.string),
      expiresAt: optional(t.number),
      lastRefreshAt: optional(t.number),
      enabled: optional(t.boolean),
      addedAt: optional(t.number),
      authInvalidatedAt: optional(t.number),
      authInvalidationErrorCode: optional(t.string),
    }),
  ],
  'PoolRow',
)
type Row = t.TypeOf<typeof rowForm>

export interface Read {
  readonly account: Account.Account
  /** Fields that hold what they cannot hold. */
  readonly unread: ReadonlyArray<string>
}

export const read = (value: unknown): Result<Read, Malformed> => readWithout(value, [])

/** Each turn leaves out one field more, so it ends. */
const readWithout = (value: unknown, unread: ReadonlyArray<string>): Result<Read, Malformed> => {
  // Nearly every row is right, and only of a wrong one it must be told where.
  const row = rowForm.is(value) ? ok(value) : decode(rowForm)(value)
  if (row.isOk() && row.value.refreshToken !== '')
    return ok({ account: toAccount(row.value), unread })
  const at = row.isErr() ? row.error.at : 'refreshToken'
  return t.UnknownRecord.is(value) && at !== 'refreshToken' && Object.hasOwn(value, at)
    ? readWithout(Object.fromEntries(Object.entries(value).filter(([field]) => field !== at)), [
        ...unread,
        at,
      ])
    : err({ _tag: 'Malformed', at, expected: 'an account' })
}

/** The token's own account id wins over the row's: rows of older tools hold organisation ids there. */
const toAccount = (row: Row): Account.Account => {
  const token = (text: string | null | undefined): O.Option<Credential.Secret> =>
    pipe(O.fromNullable(text), O.map(Credential.secret))
  const stored: Credential.Credential = {
    access: token(row.accessToken),
    refresh: Credential.secret(row.refreshToken),
    id: token(row.idToken),
    expiresAt: O.fromNullable(row.expiresAt),
    refreshedAt: O.fromNullable(row.lastRefreshAt),
  }
  const claims = Account.claimsOf(stored)
  const email = Claims.firstOf(O.fromNullable(row.email), claims.email)
  const userId = Claims.firstOf(O.fromNullable(row.userId), claims.userId)
  const accountId = pipe(
    claims.accountId,
    O.getOrElse(() => row.accountId ?? ''),
  )
  return {
    identity: Identity.make(accountId, userId, email),
    email,
    label: O.fromNullable(row.accountLabel),
    enabled: row.enabled ?? true,
    plan: claims.plan,
    credential: {
      ...stored,
      expiresAt: Claims.firstOf(stored.expiresAt, claims.expiresAt),
    },
    invalidation: pipe(
      O.fromNullable(row.authInvalidatedAt),
      O.map((at) => ({ at, code: row.authInvalidationErrorCode ?? 'unknown' })),
    ),
    addedAt: row.addedAt ?? 0,
    stored: row,
  }
}

/** As the file holds it. */
export const print = (account: Account.Account): object => {
  const { credential, identity, invalidation } = account
  const reveal = (secret: O.Option<Credential.Secret>): string | undefined =>
    O.isSome(secret) ? secret.value.reveal() : undefined
  const hasUserId =
    O.isNone(account.email) || identity.user !== Identity.emailKey(account.email.value)
  return overlay(account.stored, {
    accountId: identity.accountId === '' ? undefined : identity.accountId,
    userId: hasUserId && identity.user !== '' ? identity.user : undefined,
    email: O.toUndefined(account.email),
    accountLabel: O.toUndefined(account.label),
    refreshToken: credential.refresh.reveal(),
    accessToken: reveal(credential.access),
    idToken: reveal(credential.id),
    expiresAt: O.toUndefined(credential.expiresAt),
    lastRefreshAt: O.toUndefined(credential.refreshedAt),
    // A row that never said so stays silent: enabled is what silence means.
    enabled:
      account.enabled && account.stored['enabled'] === undefined ? undefined : account.enabled,
    addedAt: account.addedAt,
    authInvalidatedAt: O.isSome(invalidation) ? invalidation.value.at : undefined,
    authInvalidationErrorCode: O.isSome(invalidation) ? invalidation.value.code : undefined,
  })
}

/** The stored record with our fields laid over it; an undefined one takes the stored one away. */
export const overlay = (
  stored: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): object =>
  Object.fromEntries(
    Object.entries({ ...stored, ...ours }).filter(([, value]) => value !== undefined),
  )
