/**
 * The pool in its stored form, version 3 of the existing tool (reference: storage), with three row
 * fields of ours: `idToken`, `userId`, `lastRefreshAt`.
 *
 * In the file, active and pinned accounts are list positions; in the pool they are keys. Whatever
 * a row or the file holds that we do not know is carried along and written back.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { err, type Result } from 'neverthrow'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import * as Identity from '../accounts/identity'
import * as Pool from '../accounts/pool'
import { optional } from '../codec'
import { decode, parseJson, type Malformed } from '../result'

export type PoolFileRefusal =
  Malformed | { readonly _tag: 'UnknownVersion'; readonly version: number }

const version = 3

/** The model families of the existing tool, each with an active account of its own in the file. */
const families: ReadonlyArray<string> = ['gpt-5-codex', 'codex-max', 'codex', 'gpt-5.2', 'gpt-5.1']

export const parse = (text: string): Result<Pool.Pool, PoolFileRefusal> => read(text).map(toPool)

const read = (text: string): Result<File, PoolFileRefusal> =>
  parseJson(text)
    .andThen(decode(versionForm))
    .andThen((file): Result<File, PoolFileRefusal> =>
      file.version === version
        ? decode(fileForm)(file)
        : err({ _tag: 'UnknownVersion', version: file.version }),
    )

export const print = (pool: Pool.Pool): string => `${JSON.stringify(toFile(pool), null, 2)}\n`

/**
 * The text of a copy without the rows of an account, all else as it was but for the positions, which
 * go on meaning whom they meant; none when it holds no such row.
 */
export const without =
  (account: Account.Account) =>
  (text: string): Result<O.Option<string>, PoolFileRefusal> =>
    read(text).map((file) => {
      const rows = file.accounts.filter((row) => !Account.isSame(toAccount(row), account))
      if (rows.length === file.accounts.length) return O.none
      const moved = (position: number | null | undefined): number | undefined => {
        const row = file.accounts[position ?? -1]
        const now = row === undefined ? -1 : rows.indexOf(row)
        return now < 0 ? undefined : now
      }
      const { activeIndexByFamily } = file
      const changed = overlay(file, {
        accounts: rows,
        activeIndex: moved(file.activeIndex) ?? 0,
        activeIndexByFamily: activeIndexByFamily
          ? Object.fromEntries(
              Object.entries(activeIndexByFamily).map(([family, position]) => [
                family,
                moved(position) ?? 0,
              ]),
            )
          : undefined,
        pinnedAccountIndex: moved(file.pinnedAccountIndex),
      })
      return O.some(`${JSON.stringify(changed, null, 2)}\n`)
    })

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

const versionForm = t.type({ version: t.number }, 'PoolFile')

const fileForm = t.intersection(
  [
    t.type({ version: t.literal(version), accounts: t.array(rowForm) }),
    t.partial({
      activeIndex: optional(t.number),
      activeIndexByFamily: optional(t.record(t.string, t.number)),
      pinnedAccountIndex: optional(t.number),
      affinityGeneration: optional(t.number),
    }),
  ],
  'PoolFile',
)
type File = t.TypeOf<typeof fileForm>

const toPool = (file: File): Pool.Pool => {
  const rows = file.accounts.map(toAccount)
  const at = (index: number | null | undefined): O.Option<Identity.AccountKey> =>
    pipe(
      O.fromNullable(index),
      O.chain((position) => O.fromNullable(rows[position])),
      O.map(Account.key),
    )
  const byFamily = Object.entries(file.activeIndexByFamily ?? {}).flatMap(([family, index]) => {
    const key = at(index)
    return O.isSome(key) ? [[family, key.value] as const] : []
  })
  return {
    accounts: oneOfEach(rows),
    active: at(file.activeIndex),
    pinned: at(file.pinnedAccountIndex),
    affinityGeneration: file.affinityGeneration ?? 0,
    activeByFamily: Object.fromEntries(byFamily),
    stored: file,
  }
}

/** Two rows of one identity are one account; the credential issued last is the one that works. */
const oneOfEach = (rows: ReadonlyArray<Account.Account>): ReadonlyArray<Account.Account> => {
  const byKey = new Map<Identity.AccountKey, Account.Account>()
  for (const row of rows) {
    const key = Account.key(row)
    const kept = byKey.get(key)
    const isNewer =
      kept === undefined || Credential.newest(kept.credential, row.credential) === row.credential
    if (isNewer) byKey.set(key, row)
  }
  return [...byKey.values()]
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
  const email = pipe(
    O.fromNullable(row.email),
    O.alt(() => claims.email),
  )
  const userId = pipe(
    O.fromNullable(row.userId),
    O.alt(() => claims.userId),
  )
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
      expiresAt: pipe(
        stored.expiresAt,
        O.alt(() => claims.expiresAt),
      ),
    },
    invalidation: pipe(
      O.fromNullable(row.authInvalidatedAt),
      O.map((at) => ({ at, code: row.authInvalidationErrorCode ?? 'unknown' })),
    ),
    addedAt: row.addedAt ?? 0,
    stored: row,
  }
}

const toFile = (pool: Pool.Pool): object => {
  const positions = new Map(pool.accounts.map((account, index) => [Account.key(account), index]))
  const positionOf = (key: O.Option<Identity.AccountKey>): number | undefined =>
    O.isSome(key) ? positions.get(key.value) : undefined
  const active = positionOf(pool.active) ?? 0
  const byFamily = families.map((family) => {
    const key = O.fromNullable(pool.activeByFamily[family])
    return [family, positionOf(key) ?? active] as const
  })
  return overlay(pool.stored, {
    version,
    accounts: pool.accounts.map(toRow),
    activeIndex: active,
    activeIndexByFamily: Object.fromEntries(byFamily),
    pinnedAccountIndex: positionOf(pool.pinned),
    affinityGeneration: pool.affinityGeneration === 0 ? undefined : pool.affinityGeneration,
  })
}

const toRow = (account: Account.Account): object => {
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
const overlay = (
  stored: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): object =>
  Object.fromEntries(
    Object.entries({ ...stored, ...ours }).filter(([, value]) => value !== undefined),
  )
