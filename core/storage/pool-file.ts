/**
 * The pool in its stored form, version 3 of the existing tool (reference: storage), with three row
 * fields of ours: `idToken`, `userId`, `lastRefreshAt`. Its version 1 is read too.
 *
 * In the file, active and pinned accounts are list positions; in the pool they are keys. Whatever
 * a row or the file holds that we do not know is carried along and written back, and so is a row that
 * is no account: one bad row is no reason to lose the others, nor to throw it away.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { err, type Result } from 'neverthrow'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import type * as Identity from '../accounts/identity'
import * as Pool from '../accounts/pool'
import { decode, parseJson, type Malformed } from '../result'
import type { Notice } from './notice'
import * as PoolRow from './pool-row'

/** What is malformed is damage; a version from the future is somebody else's, and left alone. */
export type PoolFileRefusal =
  Malformed | { readonly _tag: 'UnknownVersion'; readonly version: number }

const version = 3

/** The model families of the existing tool, each with an active account of its own in the file. */
const families: ReadonlyArray<string> = ['gpt-5-codex', 'codex-max', 'codex', 'gpt-5.2', 'gpt-5.1']

export const parse = (text: string): Result<Pool.Pool, PoolFileRefusal> => read(text).map(toPool)

const read = (text: string): Result<File, PoolFileRefusal> =>
  parseJson(text)
    .andThen(decode(versionForm))
    .andThen((file): Result<File, PoolFileRefusal> => {
      if (file.version > version) return err({ _tag: 'UnknownVersion', version: file.version })
      if (file.version !== version && file.version !== 1)
        return err({ _tag: 'Malformed', at: 'version', expected: `1 or ${version}` })
      return decode(fileForm)(file).map(file.version === 1 ? ofFirstVersion : (same) => same)
    })

export const print = (pool: Pool.Pool): string => `${JSON.stringify(toFile(pool), null, 2)}\n`

/**
 * The text of a copy without the rows of an account, all else as it was but for the positions, which
 * go on meaning whom they meant; none when it holds no such row.
 */
export const without =
  (account: Account.Account) =>
  (text: string): Result<O.Option<string>, PoolFileRefusal> =>
    read(text).map((file) => {
      const rows = file.accounts.filter((row) => !isOf(account)(row))
      if (rows.length === file.accounts.length) return O.none
      const moved = (position: unknown): number | undefined => {
        const now = rows.indexOf(file.accounts[positionOf(position)])
        return now < 0 ? undefined : now
      }
      const byFamily = file['activeIndexByFamily']
      const changed = PoolRow.overlay(file, {
        accounts: rows,
        activeIndex: moved(file['activeIndex']) ?? 0,
        activeIndexByFamily: t.UnknownRecord.is(byFamily)
          ? Object.fromEntries(
              Object.entries(byFamily).map(([family, position]) => [family, moved(position) ?? 0]),
            )
          : undefined,
        pinnedAccountIndex: moved(file['pinnedAccountIndex']),
      })
      return O.some(`${JSON.stringify(changed, null, 2)}\n`)
    })

const isOf =
  (account: Account.Account) =>
  (row: unknown): boolean =>
    PoolRow.read(row).match(
      (read) => Account.isSame(read.account, account),
      () => false,
    )

const versionForm = t.type({ version: t.number }, 'PoolFile')

/** What else it holds is looked at where it is needed: none of it is worth a pool. */
const fileForm = t.intersection(
  [t.UnknownRecord, t.type({ accounts: t.array(t.unknown) })],
  'PoolFile',
)
type File = t.TypeOf<typeof fileForm>

/** It knew one limit an account; the next version knows one a model family. */
const ofFirstVersion = (file: File): File => ({
  ...file,
  accounts: file.accounts.map((row) => {
    if (!t.UnknownRecord.is(row)) return row
    const { rateLimitResetTime: at, ...others } = row
    return typeof at === 'number'
      ? {
          ...others,
          rateLimitResetTimes: Object.fromEntries(families.map((family) => [family, at])),
        }
      : others
  }),
})

/** A place in a list, or none. */
const positionOf = (value: unknown): number => (typeof value === 'number' ? value : -1)

const toPool = (file: File): Pool.Pool => {
  const rows = file.accounts.map(PoolRow.read)
  const at = (position: unknown): O.Option<Identity.AccountKey> =>
    pipe(
      O.fromNullable(rows[positionOf(position)]),
      O.chain((row) => (row.isOk() ? O.some(Account.key(row.value.account)) : O.none)),
    )
  const families = file['activeIndexByFamily']
  const byFamily = Object.entries(t.UnknownRecord.is(families) ? families : {}).flatMap(
    ([family, position]) => {
      const key = at(position)
      return O.isSome(key) ? [[family, key.value] as const] : []
    },
  )
  const generation = file['affinityGeneration']
  return {
    accounts: oneOfEach(rows.flatMap((row) => (row.isOk() ? [row.value.account] : []))),
    active: at(file['activeIndex']),
    pinned: at(file['pinnedAccountIndex']),
    affinityGeneration: typeof generation === 'number' ? generation : 0,
    activeByFamily: Object.fromEntries(byFamily),
    stored: { ...file, accounts: file.accounts.filter((_, index) => rows[index]?.isErr()) },
    flagged: [],
    notices: noticesOf(rows),
  }
}

const noticesOf = (rows: ReadonlyArray<Result<PoolRow.Read, Malformed>>): ReadonlyArray<Notice> => {
  const unread = rows.flatMap((row, index) => (row.isErr() ? [index + 1] : []))
  return [
    ...(unread.length === 0 ? [] : [{ _tag: 'RowsUnread' as const, rows: unread }]),
    ...rows.flatMap((row, index) =>
      row.isErr()
        ? []
        : row.value.unread.map((field): Notice => ({ _tag: 'FieldUnread', row: index + 1, field })),
    ),
  ]
}

/** Rows that are no accounts, as they were. */
const strays = ({ stored }: Pool.Pool): ReadonlyArray<unknown> =>
  Array.isArray(stored['accounts']) ? stored['accounts'] : []

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

const toFile = (pool: Pool.Pool): object => {
  const positions = new Map(pool.accounts.map((account, index) => [Account.key(account), index]))
  const placeOf = (key: O.Option<Identity.AccountKey>): number | undefined =>
    O.isSome(key) ? positions.get(key.value) : undefined
  const active = placeOf(pool.active) ?? 0
  const byFamily = families.map((family) => {
    const key = O.fromNullable(pool.activeByFamily[family])
    return [family, placeOf(key) ?? active] as const
  })
  return PoolRow.overlay(pool.stored, {
    version,
    accounts: [...pool.accounts.map(PoolRow.print), ...strays(pool)],
    activeIndex: active,
    activeIndexByFamily: Object.fromEntries(byFamily),
    pinnedAccountIndex: placeOf(pool.pinned),
    affinityGeneration: pool.affinityGeneration === 0 ? undefined : pool.affinityGeneration,
  })
}
