/**
 * Accounts set aside with a reason, in the form of the existing tool: rows as in the pool, each with
 * its own refresh token, when it was set aside and why.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { err, type Result } from 'neverthrow'
import type * as Account from '../accounts/account'
import * as Flagged from '../accounts/flagged'
import { decode, parseJson } from '../result'
import type { PoolFileRefusal } from './pool-file'
import * as PoolRow from './pool-row'

/** As stored: what we do not know of it is kept, rows that are no accounts included. */
type FlaggedFile = t.TypeOf<typeof form>

const version = 1

const form = t.intersection(
  [t.UnknownRecord, t.type({ version: t.number, accounts: t.array(t.unknown) })],
  'FlaggedFile',
)

const read = (text: string): Result<FlaggedFile, PoolFileRefusal> =>
  parseJson(text)
    .andThen(decode(form))
    .andThen((file): Result<FlaggedFile, PoolFileRefusal> =>
      file.version > version
        ? err({ _tag: 'UnknownVersion', version: file.version })
        : decode(form)(file),
    )

export const parse = (text: string): Result<ReadonlyArray<Flagged.Flagged>, PoolFileRefusal> =>
  read(text).map(({ accounts }) =>
    accounts.flatMap((row) => {
      const flagged = ofRow(row)
      return O.isSome(flagged) ? [flagged.value] : []
    }),
  )

/** Whether a text is such a file, and no pool: the two look alike. */
export const isIt = (text: string): boolean =>
  read(text).match(
    ({ accounts }) =>
      accounts.some((row) => t.UnknownRecord.is(row) && Object.hasOwn(row, 'flaggedReason')),
    () => false,
  )

const ofRow = (row: unknown): O.Option<Flagged.Flagged> =>
  PoolRow.read(row).match(
    ({ account }) => {
      const { flaggedAt, flaggedReason, lastError, ...stored } = account.stored
      return O.some({
        account: { ...account, stored },
        at: typeof flaggedAt === 'number' ? O.some(flaggedAt) : O.none,
        because: typeof flaggedReason === 'string' ? flaggedReason : 'unknown',
        lastError: typeof lastError === 'string' ? O.some(lastError) : O.none,
      })
    },
    () => O.none,
  )

const toRow = ({ account, at, because, lastError }: Flagged.Flagged): object => ({
  ...PoolRow.print(account),
  ...(O.isSome(at) ? { flaggedAt: at.value } : {}),
  flaggedReason: because,
  ...(O.isSome(lastError) ? { lastError: lastError.value } : {}),
})

const print = (file: FlaggedFile): string => `${JSON.stringify(file, null, 2)}\n`

/** The text of a file in which nobody is set aside. */
export const none = print({ version, accounts: [] })

/** The text with an account set aside, in the place of its row where it has one. */
export const put =
  (flagged: Flagged.Flagged) =>
  (text: string): Result<string, PoolFileRefusal> =>
    read(text).map((file) => {
      const at = file.accounts.findIndex(isRowOf(flagged.account))
      const row = toRow(flagged)
      return print({
        ...file,
        accounts: at < 0 ? [...file.accounts, row] : file.accounts.with(at, row),
      })
    })

/** The text without the rows of an account; none when it has no such row. */
export const without =
  (account: Account.Account) =>
  (text: string): Result<O.Option<string>, PoolFileRefusal> =>
    read(text).map((file) => {
      const left = file.accounts.filter((row) => !isRowOf(account)(row))
      return left.length === file.accounts.length
        ? O.none
        : O.some(print({ ...file, accounts: left }))
    })

const isRowOf =
  (account: Account.Account) =>
  (row: unknown): boolean => {
    const flagged = ofRow(row)
    return O.isSome(flagged) && Flagged.isOf(account)(flagged.value)
  }
