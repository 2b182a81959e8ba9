import * as O from 'fp-ts/Option'
import * as Identity from '../../../core/accounts/identity'

it.each([
  {
    name: 'the user id',
    userId: O.some('user-a'),
    email: O.some('ada@mail.test'),
    key: 'acc-1/user-a',
  },
  {
    name: 'the e-mail key without one',
    userId: O.none,
    email: O.some(' Ada@Mail.Test '),
    key: 'acc-1/ada@mail.test',
  },
  { name: 'nobody without either', userId: O.none, email: O.none, key: 'acc-1/' },
])('is the account with $name', ({ userId, email, key }) => {
  expect(Identity.key(Identity.make('acc-1', userId, email))).toBe(key)
})

it('tells workspaces of one person, and people of one workspace, apart', () => {
  const make = (account: string, user: string) => Identity.make(account, O.some(user), O.none)
  const { equals } = Identity.sameIdentity
  expect(equals(make('acc-1', 'user-a'), make('acc-2', 'user-a'))).toBe(false)
  expect(equals(make('acc-1', 'user-a'), make('acc-1', 'user-b'))).toBe(false)
  expect(equals(make('acc-1', 'user-a'), make('acc-1', 'user-a'))).toBe(true)
})
