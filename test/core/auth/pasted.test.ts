import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Pasted from '../../../core/auth/pasted'

const of = Pasted.of('our-state')
const code = { _tag: 'Code', code: 'c1' }
const lacks = (what: string) => ({ _tag: 'Unusable', lacks: what })
const page = 'http://127.0.0.1:1455/auth/callback'

it.each([
  { line: `${page}?code=c1&state=our-state`, expected: code },
  { line: `  ${page}?code=c1&scope=openid&state=our-state \r`, expected: code },
  { line: `${page}#code=c1&state=our-state`, expected: code },
  { line: `${page}?code=c1#state=our-state`, expected: code },
  { line: `http://localhost:1455/auth/callback?state=our-state&code=c1`, expected: code },
  { line: 'code=c1&state=our-state', expected: code },
  { line: '?state=our-state&code=c1', expected: code },
  { line: 'c1#our-state', expected: code },
  { line: `${page}?code=c%2F1&state=our-state`, expected: { _tag: 'Code', code: 'c/1' } },
  { line: `${page}?code=c1&state=other`, expected: lacks('OurState') },
  { line: 'c1#other', expected: lacks('OurState') },
  { line: `${page}?code=c1`, expected: lacks('State') },
  { line: 'c1', expected: lacks('State') },
  { line: 'c1#', expected: lacks('State') },
  { line: `${page}?state=our-state`, expected: lacks('Code') },
  { line: '#our-state', expected: lacks('Code') },
  { line: page, expected: lacks('Both') },
  { line: 'what is this', expected: lacks('Both') },
  { line: 'a#our-state#b', expected: lacks('Both') },
  {
    line: `${page}?error=access_denied&error_description=No+way&state=our-state`,
    expected: { _tag: 'Refused', error: 'access_denied', description: O.some('No way') },
  },
  { line: `${page}?error=access_denied&state=other`, expected: lacks('OurState') },
  ...['', '  ', 'q', 'Quit', 'CANCEL', 'back'].map((line) => ({
    line,
    expected: { _tag: 'Cancelled' },
  })),
])('"$line" is $expected._tag', ({ line, expected }) => {
  expect(of(line)).toEqual(expected)
})

it('gives a code for no text that lacks the state', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      fc.pre(!text.includes('our-state'))
      expect(of(text)._tag).not.toBe('Code')
    }),
  )
})

it('gives any code that comes as a browser writes it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('?', '#'),
      (text, sign) => {
        const query = new URLSearchParams({ code: text, state: 'our-state' })
        expect(of(`${page}${sign}${query.toString()}`)).toEqual({ _tag: 'Code', code: text })
      },
    ),
  )
})
