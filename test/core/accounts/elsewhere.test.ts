import * as O from 'fp-ts/Option'
import * as fc from 'fast-check'
import * as Account from '../../../core/accounts/account'
import * as Elsewhere from '../../../core/accounts/elsewhere'
import * as Pool from '../../../core/accounts/pool'
import { aPool } from '../../support/arbitraries'
import { accountOf } from '../../support/tokens'

const named = (name: string): Account.Account =>
  accountOf(
    { accountId: `acc-${name}`, userId: `user-${name}`, email: `${name}@mail.test` },
    0,
    name,
  )

const poolOf = (...accounts: ReadonlyArray<Account.Account>): Pool.Pool => ({
  ...Pool.empty,
  accounts,
  active: O.map(Account.key)(O.fromNullable(accounts[0])),
})

it('lets through all that is nowhere else', () => {
  fc.assert(
    fc.property(aPool, aPool, (file, own) => {
      const divided = Elsewhere.leaveOut(() => false, own)(file)
      expect(divided).toEqual({ pool: file, leftOut: [] })
    }),
  )
})

it('lets no token through that is elsewhere, but one that the pool itself had', () => {
  fc.assert(
    fc.property(aPool, aPool, aPool, (file, own, other) => {
      const isElsewhere = Elsewhere.hasToken(other.accounts)
      const { leftOut, pool } = Elsewhere.leaveOut(isElsewhere, own)(file)
      const taken = pool.accounts.filter(isElsewhere)
      expect(taken.every((account) => own.accounts.includes(account))).toBe(true)
      expect(leftOut).toEqual(file.accounts.filter(isElsewhere))
    }),
  )
})

it('leaves the account of the pool as it is where the file’s stays out', () => {
  const [ada, grace] = [named('ada'), named('grace')]
  const older: Account.Account = { ...ada, label: O.some('of the file') }
  const { leftOut, pool } = Elsewhere.leaveOut(
    (one) => one === older,
    poolOf(ada),
  )(poolOf(older, grace))
  expect([pool.accounts, leftOut]).toEqual([[ada, grace], [older]])
})

it('forgets that an account was chosen which stays out', () => {
  const [ada, grace] = [named('ada'), named('grace')]
  const { pool } = Elsewhere.leaveOut(Elsewhere.hasAccount([ada]), Pool.empty)(poolOf(ada, grace))
  expect([pool.accounts, pool.active]).toEqual([[grace], O.some(Account.key(grace))])
})
