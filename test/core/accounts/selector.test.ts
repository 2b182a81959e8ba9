import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Selector from '../../../core/accounts/selector'
import { aFilledPool } from '../../support/arbitraries'
import { accountOf } from '../../support/tokens'

const rows = [
  { accountId: 'acc-1111', userId: 'user-a', email: 'ada@mail.test', label: 'Work' },
  { accountId: 'acc-2222', userId: 'user-a', email: 'ada@mail.test', label: 'Home' },
  { accountId: 'acc-3333', userId: 'user-b', email: 'bea@mail.test', label: 'Homework' },
  { accountId: '4444-acc', userId: 'user-c', email: 'cyd+2@mail.test', label: undefined },
  { accountId: 'acc-5555', userId: 'user-d', email: 'dot@mail.test', label: '\u001b[31mred\u0007' },
]

const pool = rows.reduce(
  (before, { label, ...person }) =>
    Pool.signIn({ ...accountOf(person), label: O.fromNullable(label) })(before),
  Pool.empty,
)

const resolve = (selector: string) => Selector.resolve(selector)(pool)

it.each([
  { name: 'a number', selector: '2', expected: 'acc-2222/user-a' },
  { name: 'a number with spaces around', selector: ' 4 ', expected: '4444-acc/user-c' },
  { name: 'an e-mail', selector: 'bea@mail.test', expected: 'acc-3333/user-b' },
  { name: 'an e-mail in other letters', selector: 'BEA@Mail.Test', expected: 'acc-3333/user-b' },
  { name: 'an account id', selector: 'acc-1111', expected: 'acc-1111/user-a' },
  { name: 'a key', selector: 'acc-2222/user-a', expected: 'acc-2222/user-a' },
  { name: 'a label', selector: 'work', expected: 'acc-1111/user-a' },
  { name: 'a whole label before a part of another', selector: 'Home', expected: 'acc-2222/user-a' },
  { name: 'a part of an e-mail', selector: 'cyd', expected: '4444-acc/user-c' },
  { name: 'a part of an id', selector: '3333', expected: 'acc-3333/user-b' },
  { name: 'a number too large, as a part', selector: '4444', expected: '4444-acc/user-c' },
  {
    name: 'a label with control characters',
    selector: '\u001b[31mred',
    expected: 'acc-5555/user-d',
  },
])('$name names one account', ({ selector, expected }) => {
  expect(resolve(selector)._unsafeUnwrap()).toBe(expected)
})

it.each([
  { name: 'an e-mail of two workspaces', selector: 'ada@mail.test', candidates: 2 },
  { name: 'a part of several', selector: 'mail.test', candidates: 5 },
  { name: 'a part of two labels', selector: 'wor', candidates: 2 },
])('$name names several', ({ selector, candidates }) => {
  const refusal = resolve(selector)._unsafeUnwrapErr()
  expect(refusal).toMatchObject({ _tag: 'SeveralMatch', selector })
  expect(refusal.candidates).toHaveLength(candidates)
})

it.each([
  { name: 'nothing', selector: '' },
  { name: 'blanks', selector: '  ' },
  { name: 'number zero', selector: '0' },
  { name: 'a number beyond the last', selector: '99' },
  { name: 'a negative number', selector: '-9' },
  { name: 'a stranger', selector: 'zoe@mail.test' },
  { name: 'a name of every object', selector: 'constructor' },
])('$name names none, and all are candidates', ({ selector }) => {
  const refusal = resolve(selector)._unsafeUnwrapErr()
  expect(refusal).toMatchObject({ _tag: 'NoMatch', selector })
  expect(refusal.candidates.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
})

it('says of a candidate how to name it and how to know it', () => {
  expect(resolve('4444-acc@')._unsafeUnwrapErr().candidates[0]).toEqual({
    key: 'acc-1111/user-a',
    number: 1,
    name: 'Work',
    email: O.some('ada@mail.test'),
    accountId: 'acc-1111',
  })
})

it('names nobody in an empty pool', () => {
  expect(Selector.resolve('1')(Pool.empty)._unsafeUnwrapErr()).toEqual({
    _tag: 'NoMatch',
    selector: '1',
    candidates: [],
    flagged: [],
  })
})

it('finds every account by its number and by its key', () => {
  fc.assert(
    fc.property(aFilledPool, (any) => {
      any.accounts.forEach((account, index) => {
        expect(Selector.resolve(String(index + 1))(any)).toEqual(
          Selector.resolve(Account.key(account))(any),
        )
        expect(Selector.resolve(Account.key(account))(any)._unsafeUnwrap()).toBe(
          Account.key(account),
        )
      })
    }),
  )
})

it('finds an account of the pool or none, whatever is typed', () => {
  fc.assert(
    fc.property(aFilledPool, fc.string(), (any, selector) => {
      Selector.resolve(selector)(any).match(
        (key) => expect(any.accounts.map(Account.key)).toContain(key),
        (refusal) => expect(refusal.selector).toBe(selector),
      )
    }),
  )
})
