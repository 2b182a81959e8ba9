import * as Account from '../../../core/accounts/account'
import { hasArrival } from '../../../core/accounts/arrival'
import * as Pool from '../../../core/accounts/pool'
import { accountOf } from '../../support/tokens'

const ada = accountOf({ accountId: 'acc-1', userId: 'user-a' })
const bea = accountOf({ accountId: 'acc-2', userId: 'user-b' })
const disabled = { ...bea, enabled: false }
const lost = Account.invalidated({ at: 1, code: 'token_revoked' })(bea)

const poolOf = (...accounts: ReadonlyArray<Account.Account>): Pool.Pool => ({
  ...Pool.empty,
  accounts,
})

it.each([
  { name: 'nothing', before: [ada], after: [ada], expected: false },
  { name: 'a new account', before: [ada], after: [ada, bea], expected: true },
  { name: 'one that was enabled', before: [ada, disabled], after: [ada, bea], expected: true },
  { name: 'one that signed in again', before: [ada, lost], after: [ada, bea], expected: true },
  { name: 'one that is disabled', before: [ada], after: [ada, disabled], expected: false },
  { name: 'one that needs a sign-in', before: [ada], after: [ada, lost], expected: false },
  { name: 'one that goes', before: [ada, bea], after: [ada], expected: false },
])('$name is an arrival: $expected', ({ before, after, expected }) => {
  expect(hasArrival(poolOf(...before))(poolOf(...after))).toBe(expected)
})
