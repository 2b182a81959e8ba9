import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Headers from '../../../core/request/headers'
import { aHeaderName, someHeaders } from '../../support/headers'

const some: Headers.Headers = [
  ['a', '1'],
  ['b', '2'],
  ['a', '3'],
]

describe('get', () => {
  it.each([
    { name: 'a', expected: O.some('1') },
    { name: 'b', expected: O.some('2') },
    { name: 'c', expected: O.none },
    { name: 'toString', expected: O.none },
  ])('$name', ({ name, expected }) => {
    expect(Headers.get(name)(some)).toEqual(expected)
  })
})

describe('set', () => {
  it.each([
    {
      name: 'stands in place of the first, and the repeats go',
      header: 'a',
      expected: [
        ['a', 'new'],
        ['b', '2'],
      ],
    },
    {
      name: 'in its own place',
      header: 'b',
      expected: [
        ['a', '1'],
        ['b', 'new'],
        ['a', '3'],
      ],
    },
    { name: 'at the end', header: 'c', expected: [...some, ['c', 'new']] },
  ])('$name', ({ header, expected }) => {
    expect(Headers.set(header, 'new')(some)).toEqual(expected)
  })

  it('is what is got', () => {
    fc.assert(
      fc.property(someHeaders, aHeaderName, fc.string(), (headers, name, value) => {
        expect(Headers.get(name)(Headers.set(name, value)(headers))).toEqual(O.some(value))
      }),
    )
  })

  it('leaves one of that name', () => {
    fc.assert(
      fc.property(someHeaders, aHeaderName, (headers, name) => {
        const after = Headers.set(name, 'x')(headers)
        expect(after.filter(([other]) => other === name)).toHaveLength(1)
      }),
    )
  })

  it('leaves every other header, in its order', () => {
    fc.assert(
      fc.property(someHeaders, aHeaderName, (headers, name) => {
        const others = Headers.without((other) => other === name)
        expect(others(Headers.set(name, 'x')(headers))).toEqual(others(headers))
      }),
    )
  })

  it('twice is as once, and the last value stays', () => {
    fc.assert(
      fc.property(someHeaders, aHeaderName, (headers, name) => {
        const once = Headers.set(name, 'x')(headers)
        expect(Headers.set(name, 'x')(once)).toEqual(once)
        expect(Headers.set(name, 'x')(Headers.set(name, 'y')(headers))).toEqual(once)
      }),
    )
  })
})

describe('without', () => {
  it('drops every header of the name, and no other', () => {
    fc.assert(
      fc.property(someHeaders, aHeaderName, (headers, name) => {
        const after = Headers.without((other) => other === name)(headers)
        const dropped = headers.filter((pair) => !after.includes(pair))
        expect(dropped).toEqual(headers.filter(([other]) => other === name))
      }),
    )
  })

  it('drops what it is told', () => {
    expect(Headers.without((name) => name === 'a')(some)).toEqual([['b', '2']])
    expect(Headers.without(() => true)(some)).toEqual([])
  })
})
