import * as O from 'fp-ts/Option'
import * as Binding from '../../../core/routing/binding'
import { day, type Instant } from '../../../core/time'
import { noon } from '../../support/routing'

const to = (account: string, at: Instant = noon, kind: Binding.Kind = 'compaction') => ({
  account,
  kind,
  at,
})

it('is of its kind and id alone, and the last one told', () => {
  const bindings = Binding.bind('talk', to('b'))(Binding.bind('talk', to('a'))({}))
  expect(Binding.bindingOf('compaction', 'talk', noon)(bindings)).toEqual(O.some(to('b')))
  expect(Binding.bindingOf('response', 'talk', noon)(bindings)).toEqual(O.none)
  expect(Binding.bindingOf('compaction', 'other', noon)(bindings)).toEqual(O.none)
})

it('is forgotten after 30 days', () => {
  const bindings = Binding.bind('talk', to('a'))({})
  expect(O.isSome(Binding.bindingOf('compaction', 'talk', noon + 30 * day - 1)(bindings))).toBe(
    true,
  )
  expect(Binding.bindingOf('compaction', 'talk', noon + 30 * day)(bindings)).toEqual(O.none)
})

it('is kept for 512 things, the latest', () => {
  const many = Array.from({ length: 513 }, (_, index) => index).reduce<Binding.Bindings>(
    (all, index) => Binding.bind(`talk-${index}`, to('a', noon + index))(all),
    {},
  )
  expect(Object.keys(many)).toHaveLength(512)
  expect(O.isNone(Binding.bindingOf('compaction', 'talk-0', noon)(many))).toBe(true)
})
