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
  const keyOf = (account: string, user: string) =>
    Identity.key(Identity.make(account, O.some(user), O.none))
  expect(keyOf('acc-1', 'user-a')).not.toBe(keyOf('acc-2', 'user-a'))
  expect(keyOf('acc-1', 'user-a')).not.toBe(keyOf('acc-1', 'user-b'))
  expect(keyOf('acc-1', 'user-a')).toBe(keyOf('acc-1', 'user-a'))
})
