import * as O from 'fp-ts/Option'
import { ok } from 'neverthrow'
import * as Label from '../../../core/accounts/label'

it.each([
  { text: 'work', label: O.some('work') },
  { text: '  two words ', label: O.some('two words') },
  { text: '\u4ed5\u4e8b', label: O.some('\u4ed5\u4e8b') },
  { text: '\u{1f600}'.repeat(64), label: O.some('\u{1f600}'.repeat(64)) },
  { text: '', label: O.none },
  { text: ' \t ', label: O.none },
])('$text is a label', ({ text, label }) => {
  expect(Label.parse(text)).toEqual(ok(label))
})

it.each([
  { text: 'a\u001b[31m', refusal: 'LabelUnprintable' },
  { text: 'a\nb', refusal: 'LabelUnprintable' },
  { text: '\u202eback', refusal: 'LabelUnprintable' },
  { text: 'x'.repeat(65), refusal: 'LabelTooLong' },
  { text: '\u{1f600}'.repeat(65), refusal: 'LabelTooLong' },
])('$text is none', ({ text, refusal }) => {
  expect(Label.parse(text)._unsafeUnwrapErr()._tag).toBe(refusal)
})

it('tells labels apart as selectors do', () => {
  expect(Label.isSame('Work', ' work')).toBe(true)
  expect(Label.isSame('work', 'works')).toBe(false)
})
