import * as t from 'io-ts'
import { optional } from '../../core/codec'
import { decode } from '../../core/result'

const form = t.partial({ name: optional(t.string) })

it.each([
  { given: { name: 'ada' } },
  { given: { name: null } },
  { given: { name: undefined } },
  { given: {} },
])('takes $given as it is', ({ given }) => {
  expect(decode(form)(given)._unsafeUnwrap()).toEqual(given)
  expect(form.is(given)).toBe(true)
  expect(form.encode(given)).toEqual(given)
})

it('says where another value stands, and what was expected there', () => {
  expect(decode(form)({ name: 1 })._unsafeUnwrapErr()).toEqual({
    ...{ _tag: 'Malformed', at: 'name', expected: 'string or none' },
  })
  expect(form.is({ name: 1 })).toBe(false)
})
