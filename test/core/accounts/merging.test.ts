import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Merging from '../../../core/accounts/merging'
import * as Pool from '../../../core/accounts/pool'
import { aPool } from '../../support/arbitraries'
import { accountOf } from '../../support/tokens'

const person = { accountId: 'acc-1', userId: 'user-a', email: 'ada@mail.test', plan: 'plus' }
const older = { ...accountOf(person, 1, 'older'), label: O.some('Work') }
const newer = accountOf(person, 9, 'newer')
const bea = accountOf({ accountId: 'acc-2', userId: 'user-b', email: 'bea@mail.test' }, 3)
const poolOf = (...accounts: ReadonlyArray<Account.Account>): Pool.Pool => ({
  ...Pool.empty,
  accounts,
})
const refreshOf = ({ pool }: { readonly pool: Pool.Pool }) =>
  pool.accounts.map(({ credential }) => credential.refresh.reveal())

describe('merge', () => {
  it('takes a newer sign-in, and leaves how the account is called', () => {
    const merged = Merging.merge(poolOf(newer))(poolOf(older))
    expect(merged.taken.map(({ change }) => change)).toEqual(['updated'])
    expect(merged.pool.accounts).toMatchObject([{ label: O.some('Work') }])
    expect(refreshOf(merged)).toEqual(refreshOf({ pool: poolOf(newer) }))
  })

  it('passes an older one over', () => {
    const before = poolOf(newer)
    const merged = Merging.merge(poolOf(older))(before)
    expect(merged.taken.map(({ change }) => change)).toEqual(['unchanged'])
    expect(merged.pool).toBe(before)
  })

  it('keeps a mark on the very sign-in that is lost, whoever set it', () => {
    const lost = Account.invalidated({ at: 5, code: 'token_revoked' })(older)
    for (const merged of [
      Merging.merge(poolOf(lost))(poolOf(older)),
      Merging.merge(poolOf(older))(poolOf(lost)),
    ])
      expect(merged.pool.accounts.map(Account.needsSignIn)).toEqual([true])
  })

  it('knows a row without a user id, and moves what was said of it', () => {
    const { userId: _, ...anonymous } = person
    const row = accountOf(anonymous, 1, 'older')
    const key = O.some(Account.key(row))
    const merged = Merging.merge(poolOf(newer))({ ...poolOf(row, bea), active: key, pinned: key })
    expect(merged.pool.accounts).toHaveLength(2)
    expect(merged.pool).toMatchObject({
      active: O.some('acc-1/user-a'),
      pinned: O.some('acc-1/user-a'),
    })
  })

  it('takes no label twice', () => {
    const merged = Merging.merge(poolOf({ ...bea, label: O.some('WORK') }))(poolOf(older))
    expect(merged.pool.accounts.map(({ label }) => label)).toEqual([O.some('Work'), O.none])
  })

  it('takes a row without a user for whoever has its e-mail once all are in', () => {
    const { userId: _, ...nameless } = person
    const row = accountOf(nameless, 5, 'nameless')
    const moved = accountOf({ ...person, email: 'lovelace@mail.test' }, 9, 'moved')
    for (const other of [poolOf(row, moved), poolOf(moved, row)]) {
      const merged = Merging.merge(other)(poolOf(older))
      expect(refreshOf(merged)).toEqual(refreshOf({ pool: poolOf(moved, row) }))
      expect(Merging.merge(other)(merged.pool).pool).toBe(merged.pool)
    }
  })

  it('loses no account and makes no sign-in older', () => {
    fc.assert(
      fc.property(aPool, aPool, (before, other) => {
        const { pool, taken } = Merging.merge(other)(before)
        expect(taken).toHaveLength(other.accounts.length)
        for (const account of [...before.accounts, ...other.accounts]) {
          const kept = pool.accounts.filter(
            Account.hasUserId(account)
              ? (row) => Account.key(row) === Account.key(account)
              : // Two users may have the one e-mail that it is known by.
                (row) => Account.isSame(row, account),
          )
          const isAsNew = ({ credential }: Account.Account): boolean =>
            Credential.newest(credential, account.credential) === credential
          expect(kept.some(isAsNew)).toBe(true)
        }
        expect(Merging.merge(other)(pool).pool).toBe(pool)
      }),
    )
  })
})

describe('restore', () => {
  it('is the backup, with newer sign-ins, and names what is not in it', () => {
    const cleo = accountOf({ accountId: 'acc-3', userId: 'user-c', email: 'cleo@mail.test' }, 4)
    const restored = Merging.restore(poolOf(older, cleo))(poolOf(bea, newer))
    expect(restored.pool.accounts.map(Account.name)).toEqual(['Work', 'cleo@mail.test'])
    expect(refreshOf(restored)).toEqual(refreshOf({ pool: poolOf(newer, cleo) }))
    expect(restored.dropped.map(Account.name)).toEqual(['bea@mail.test'])
  })

  it('loosens every conversation from its account, and keeps what was found out', () => {
    const notices = [{ _tag: 'OpenToOthers', path: '/pool' } as const]
    const before = { ...poolOf(newer), affinityGeneration: 4, notices }
    const { pool } = Merging.restore({ ...poolOf(older), affinityGeneration: 9 })(before)
    expect(pool).toMatchObject({ affinityGeneration: 5, notices })
  })

  it('leaves a sign-in that was made within a second of the one in the backup', () => {
    const within = accountOf(person, 1, 'within')
    expect(refreshOf(Merging.restore(poolOf(older))(poolOf(within)))).toEqual(
      refreshOf({ pool: poolOf(within) }),
    )
  })
})
