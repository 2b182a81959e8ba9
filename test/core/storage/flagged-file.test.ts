import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as FlaggedFile from '../../../core/storage/flagged-file'
import { accountOf } from '../../support/tokens'

const text = readFileSync(
  join(__dirname, '../../fixtures/existing-tool/openai-codex-flagged-accounts.json'),
  'utf8',
)
const [alan] = FlaggedFile.parse(text)._unsafeUnwrap()

it('reads why and when an account was set aside, as the existing tool writes it', () => {
  expect(alan).toMatchObject({
    account: { label: O.some('Label alan'), email: O.some('alan@mail.test') },
    at: O.some(1_780_000_000_001),
    because: 'token-invalid',
    lastError: O.some('refresh_token_reused'),
  })
  expect(Object.keys(alan!.account.stored)).not.toContain('flaggedAt')
})

it('writes a row as it was, but for what has changed', () => {
  const put = FlaggedFile.put({ ...alan!, lastError: O.some('http_500') })(text)._unsafeUnwrap()
  const before = JSON.parse(text)
  const [row] = before.accounts
  // Who the user is stands in its token.
  const changed = { ...row, userId: 'user-alan', lastError: 'http_500' }
  expect(JSON.parse(put)).toEqual({ ...before, accounts: [changed] })
})

it('adds one that is not there, and takes out the one that is meant', () => {
  const other = { ...alan!, account: accountOf({ accountId: 'acc-2', userId: 'user-b' }) }
  const both = FlaggedFile.put(other)(text)._unsafeUnwrap()
  expect(FlaggedFile.parse(both)._unsafeUnwrap()).toHaveLength(2)
  const left = O.toUndefined(FlaggedFile.without(other.account)(both)._unsafeUnwrap())
  expect(JSON.parse(left ?? '')).toEqual(JSON.parse(text))
  expect(FlaggedFile.without(other.account)(text)._unsafeUnwrap()).toEqual(O.none)
})

it('keeps what it does not know, rows that are no accounts included', () => {
  const odd = JSON.stringify({ version: 1, extra: { a: 1 }, accounts: [null, { email: 'x' }] })
  expect(FlaggedFile.parse(odd)._unsafeUnwrap()).toEqual([])
  const put = JSON.parse(FlaggedFile.put(alan!)(odd)._unsafeUnwrap())
  expect(put).toMatchObject({ extra: { a: 1 }, accounts: [null, { email: 'x' }, {}] })
})

it.each([
  { name: 'a later version', given: '{"version":2,"accounts":[]}', refusal: 'UnknownVersion' },
  { name: 'no list', given: '{"version":1,"accounts":{}}', refusal: 'Malformed' },
  { name: 'garbage', given: '{', refusal: 'Malformed' },
])('leaves $name alone', ({ given, refusal }) => {
  expect(FlaggedFile.parse(given)._unsafeUnwrapErr()._tag).toBe(refusal)
  expect(FlaggedFile.put(alan!)(given)._unsafeUnwrapErr()._tag).toBe(refusal)
  expect(FlaggedFile.without(alan!.account)(given)._unsafeUnwrapErr()._tag).toBe(refusal)
})
