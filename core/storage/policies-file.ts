/**
 * Policies in their stored form. The existing tool keys rows of its own by a digest in the same file,
 * beside ours; those stay as they are, and so does what a row of ours holds that we do not know.
 */
import * as t from 'io-ts'
import type { Result } from 'neverthrow'
import type { AccountKey } from '../accounts/identity'
import * as Policy from '../accounts/policy'
import { optional } from '../codec'
import { decode, parseJson, type Malformed } from '../result'

const rowForm = t.partial(
  {
    tags: optional(t.array(t.string)),
    weight: optional(t.number),
    tier: optional(t.number),
    paused: optional(t.boolean),
    draining: optional(t.boolean),
    note: optional(t.string),
  },
  'Policy',
)

const fileForm = t.intersection(
  [t.UnknownRecord, t.partial({ byAccount: t.record(t.string, rowForm) })],
  'Policies',
)
type File = t.TypeOf<typeof fileForm>

export const parse = (text: string): Result<Policy.Policies, Malformed> =>
  read(text).map(({ byAccount = {} }) =>
    Object.fromEntries(Object.entries(byAccount).map(([key, row]) => [key, ofRow(row)])),
  )

const read = (text: string): Result<File, Malformed> => parseJson(text).andThen(decode(fileForm))

const ofRow = (row: t.TypeOf<typeof rowForm>): Policy.Policy =>
  Policy.fitting({
    tags: row.tags ?? Policy.standard.tags,
    weight: row.weight ?? Policy.standard.weight,
    tier: row.tier ?? Policy.standard.tier,
    paused: row.paused ?? Policy.standard.paused,
    draining: row.draining ?? Policy.standard.draining,
    note: row.note ?? Policy.standard.note,
  })

/** Laid over the text that is there, `{}` for none. */
export const print =
  (policies: Policy.Policies) =>
  (before: string): string => {
    const file: File = read(before).unwrapOr({})
    const stored: Readonly<Record<AccountKey, object>> = file.byAccount ?? {}
    const byAccount = Object.fromEntries(
      Object.entries(policies).map(([key, policy]) => [key, { ...stored[key], ...policy }]),
    )
    return `${JSON.stringify({ ...file, byAccount }, null, 2)}\n`
  }
