import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { decode, fromOption, parseJson } from '../../core/result'

describe('decode', () => {
  const row = t.intersection(
    [t.type({ email: t.string }), t.partial({ age: t.union([t.number, t.null]) })],
    'Row',
  )
  const codec = t.type({ accounts: t.array(row), name: t.string }, 'File')

  it.each([
    { name: 'no object', given: 7, at: '', expected: 'File' },
    { name: 'a missing field', given: { accounts: [] }, at: 'name', expected: 'string' },
    {
      name: 'a wrong field',
      given: { accounts: {}, name: '' },
      at: 'accounts',
      expected: 'Array<Row>',
    },
    {
      name: 'a wrong field of the second row',
      given: { accounts: [{ email: '' }, { email: 7 }], name: '' },
      at: 'accounts.1.email',
      expected: 'string',
    },
    {
      name: 'a field that is neither of two things',
      given: { accounts: [{ email: '', age: 'old' }], name: '' },
      at: 'accounts.0.age',
      expected: 'number',
    },
  ])('names the first wrong place: $name', ({ given, at, expected }) => {
    expect(decode(codec)(given)._unsafeUnwrapErr()).toEqual({ _tag: 'Malformed', at, expected })
  })

  it('gives the value, with what it does not know', () => {
    const given = { accounts: [{ email: 'a', colour: 'red' }], name: 'x', more: [1] }
    expect(decode(codec)(given)._unsafeUnwrap()).toEqual(given)
  })
})

it('ends an option with an error of its own', () => {
  const orMissing = fromOption(() => 'missing')
  expect(orMissing(O.some(7))._unsafeUnwrap()).toBe(7)
  expect(orMissing(O.none)._unsafeUnwrapErr()).toBe('missing')
})

describe('parseJson', () => {
  it.each(['', '{', 'nonsense', '{"a":1}}', 'undefined', "{'a':1}"])('refuses %j', (text) => {
    expect(parseJson(text)._unsafeUnwrapErr()).toEqual({
      _tag: 'Malformed',
      at: '',
      expected: 'JSON',
    })
  })

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parseJson(text)._unsafeUnwrap())).toBe(text)
      }),
    )
  })
})
