/**
 * What is remembered of the official CLI's sign-in file: that it was there, so that its absence is a
 * logout; and which refresh token is used up, so that a crash between a refresh and the writing of
 * the file is mended by whoever looks next.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { AccountKey } from '../accounts/identity'
import { decode, parseJson } from '../result'
import type { Instant } from '../time'

/** Of an account, its refresh token that is used up. */
const spentForm = t.type({ account: t.string, digest: t.string }, 'Spent')

const form = t.intersection(
  [t.type({ version: t.literal(1), seenAt: t.number }), t.partial({ spent: spentForm })],
  'FrontRecord',
)

const laterForm = t.type({ version: t.number }, 'AnyFrontRecord')

/** `digest` is SHA-256 in hexadecimal: the record says nothing of the token itself. */
export type Spent = t.TypeOf<typeof spentForm>

export type FrontRecord = t.TypeOf<typeof form>

export const seen = (at: Instant): FrontRecord => ({ version: 1, seenAt: at })

export const spending =
  (spent: Spent) =>
  (record: FrontRecord): FrontRecord => ({ ...record, spent })

/** Whose the token is, when it is the one that is used up. */
export const spenderOf =
  (digest: string) =>
  ({ spent }: FrontRecord): O.Option<AccountKey> =>
    spent !== undefined && spent.digest === digest ? O.some(spent.account) : O.none

/** None for a record of a later version. Of a damaged one it is still true that there was a file. */
export const parse = (text: string): O.Option<FrontRecord> => {
  const json = parseJson(text)
  const record = json.andThen(decode(form))
  if (record.isOk()) return O.some(record.value)
  return json.andThen(decode(laterForm)).match(
    ({ version }) => (version > 1 ? O.none : O.some(seen(0))),
    () => O.some(seen(0)),
  )
}

export const print = (record: FrontRecord): string =>
  `${JSON.stringify(form.encode(record), null, 2)}\n`
