/**
 * Accounts set aside with a reason, in the form of the existing tool: rows as in the pool, each with
 * its own refresh token, when it was set aside and why.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { err, type Result } from 'neverthrow'
import * as Account from '../accounts/account'
import { decode, parseJson } from '../result'
import type { PoolFileRefusal } from './pool-file'
import * as PoolRow from './pool-row'

/** As stored: what we do not know of it is kept, rows that are no accounts included. */
export type FlaggedFile = t.TypeOf<typeof form>

const version = 1

const form = t.intersection(
  [t.UnknownRecord, t.type({ version: t.number, accounts: t.array(t.unknown) })],
  'FlaggedFile',
)

export const parse = (text: string): Result<FlaggedFile, PoolFileRefusal> =>
  parseJson(text)
    .andThen(decode(form))
    .andThen((file): Result<FlaggedFile, PoolFileRefusal> =>
      file.version > version
        ? err({ _tag: 'UnknownVersion', version: file.version })
        : decode(form)(file),
    )

export const accountsOf = ({ accounts }: FlaggedFile): ReadonlyArray<Account.Account> =>
  accounts.flatMap((row) =>
    PoolRow.read(row).match(
      ({ account }) => [account],
      () => [],
    ),
  )

/** None of a text that is no such file. */
export const accountsIn = (text: string): ReadonlyArray<Account.Account> =>
  parse(text).match(accountsOf, () => [])

/** The text without the rows of an account; none when it has no such row. */
export const without =
  (account: Account.Account) =>
  (text: string): Result<O.Option<string>, PoolFileRefusal> =>
    parse(text).map((file) => {
      const left = file.accounts.filter((row) =>
        PoolRow.read(row).match(
          (read) => !Account.isSame(read.account, account),
          () => true,
        ),
      )
      return left.length === file.accounts.length
        ? O.none
        : O.some(`${JSON.stringify({ ...file, accounts: left }, null, 2)}\n`)
    })
