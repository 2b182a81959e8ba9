import * as fc from 'fast-check'
import { printable } from '../../../core/tui/printable'

it.each([
  {
    name: 'plain text',
    given: 'Ada Lovelace <ada@mail.test>',
    expected: 'Ada Lovelace <ada@mail.test>',
  },
  { name: 'letters of any alphabet', given: 'Ωμέγα 名前 é', expected: 'Ωμέγα 名前 é' },
  { name: 'signs made of several', given: '👩‍👩‍👧 👍🏽', expected: '👩‍👩‍👧 👍🏽' },
  { name: 'an escape sequence', given: '\u001b[31mred', expected: '\\u{1b}[31mred' },
  { name: 'one in eight bits', given: '\u009b31m', expected: '\\u{9b}31m' },
  {
    name: 'a new line, a return and a tab',
    given: 'a\nb\rc\td',
    expected: 'a\\u{a}b\\u{d}c\\u{9}d',
  },
  { name: 'text turned round', given: 'a\u202eb\u2066c', expected: 'a\\u{202e}b\\u{2066}c' },
  { name: 'a line separator', given: 'a\u2028b', expected: 'a\\u{2028}b' },
  { name: 'half a character', given: 'a\ud800b', expected: 'a\\u{d800}b' },
  { name: 'hidden tags', given: 'a\u{e0041}b', expected: 'a\\u{e0041}b' },
  { name: 'a soft hyphen', given: 'a\u00adb', expected: 'a\\u{ad}b' },
])('prints $name', ({ given, expected }) => {
  expect(printable(given)).toBe(expected)
})

it('lets no control character and no direction mark through, and is the same a second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const safe = printable(text)
      expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/)
      expect(printable(safe)).toBe(safe)
    }),
  )
})
