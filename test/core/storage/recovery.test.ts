import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Journal from '../../../core/storage/journal'
import * as PoolFile from '../../../core/storage/pool-file'
import * as Recovery from '../../../core/storage/recovery'
import { aFilledPool, aPool } from '../../support/arbitraries'
import { accountOf } from '../../support/tokens'

const ada = accountOf({ accountId: 'acc-1', userId: 'user-a', email: 'ada@mail.test' }, 5, 'old')
const bea = accountOf({ accountId: 'acc-2', userId: 'user-b', email: 'bea@mail.test' }, 5, 'bea')
const newAda = accountOf({ accountId: 'acc-1', userId: 'user-a', email: 'ada@mail.test' }, 9, 'new')

const poolOf = (...accounts: ReadonlyArray<Account.Account>): Pool.Pool => ({
  ...Pool.empty,
  accounts,
})

const tokens = (pool: Pool.Pool) =>
  pool.accounts.map(({ credential }) => credential.refresh.reveal())

describe('a pool that somebody else has written over ours', () => {
  it('gets back the account that it lacks, and says so', () => {
    const whole = Recovery.withStored(poolOf(ada, bea), [])(poolOf(ada))
    expect(tokens(whole)).toEqual(['rt_old', 'rt_bea'])
    expect(whole.notices).toEqual([{ _tag: 'Restored', name: 'bea@mail.test' }])
  })

  it('does not get back the account that was set aside', () => {
    const pool = poolOf(ada)
    expect(Recovery.withStored(poolOf(ada, bea), [bea])(pool)).toBe(pool)
  })

  it('gets back the newer sign-in, and keeps what it says beside', () => {
    const labelled = { ...ada, label: O.some('mine') }
    const whole = Recovery.withStored(poolOf(newAda), [])(poolOf(labelled))
    expect(tokens(whole)).toEqual(['rt_new'])
    expect(whole.accounts[0]?.label).toEqual(O.some('mine'))
    expect(whole.notices).toEqual([{ _tag: 'SignInKept', name: 'mine' }])
  })

  it('keeps a sign-in that is newer than ours, or as new', () => {
    for (const pool of [poolOf(newAda), poolOf({ ...ada, label: O.some('x') })])
      expect(Recovery.withStored(poolOf(ada), [])(pool)).toBe(pool)
  })

  it('loses no account of either, and no account twice', () => {
    fc.assert(
      fc.property(aPool, aPool, (stored, pool) => {
        const keys = Recovery.withStored(stored, [])(pool).accounts.map(Account.key)
        expect(new Set(keys).size).toBe(keys.length)
        for (const account of pool.accounts) expect(keys).toContain(Account.key(account))
        for (const account of stored.accounts)
          expect(
            keys.includes(Account.key(account)) ||
              pool.accounts.some((other) => Account.isSame(other, account)),
          ).toBe(true)
      }),
    )
  })
})

describe('a pool whose journal is ahead of it', () => {
  it('gets the newer sign-in, and says so', () => {
    const whole = Recovery.withJournalled(poolOf(newAda, bea))(poolOf(ada, bea))
    expect(tokens(whole)).toEqual(['rt_new', 'rt_bea'])
    expect(whole.notices).toEqual([{ _tag: 'SignInJournalled', name: 'ada@mail.test' }])
  })

  it('gets nothing else: what was not acknowledged may be done again', () => {
    const disabled = { ...ada, enabled: false, label: O.some('mine') }
    for (const journalled of [poolOf(disabled), poolOf(ada, bea), poolOf()]) {
      const pool = poolOf(ada)
      expect(Recovery.withJournalled(journalled)(pool)).toBe(pool)
    }
  })

  it('gets a sign-in that is as new: both were given within a second, and the clock was set', () => {
    const asNew = accountOf({ accountId: 'acc-1', userId: 'user-a' }, 5, 'next')
    expect(tokens(Recovery.withJournalled(poolOf(asNew))(poolOf(ada)))).toEqual(['rt_next'])
  })

  it('keeps a sign-in that is newer than that of the journal', () => {
    const pool = poolOf(newAda)
    expect(Recovery.withJournalled(poolOf(ada))(pool)).toBe(pool)
  })
})

describe('a copy', () => {
  const ofCopy = Recovery.ofCopy('/pool', 'Recovered')

  it('that is a pool takes the place of the file, and it is said where it was', () => {
    const found = O.toUndefined(ofCopy({ path: '/copy', text: PoolFile.print(poolOf(ada)) }))
    expect(tokens(found ?? Pool.empty)).toEqual(['rt_old'])
    expect(found?.notices).toEqual([{ _tag: 'Recovered', path: '/pool', from: '/copy' }])
  })

  it.each(['', '{', 'null', '[]', '{"version":9,"accounts":[]}'])(
    'that is %s takes none',
    (text) => {
      expect(ofCopy({ path: '/copy', text })).toEqual(O.none)
    },
  )
})

describe('a journal', () => {
  it('gives back what it was made of', () => {
    fc.assert(
      fc.property(aFilledPool, (pool) => {
        const text = PoolFile.print(pool)
        expect(Journal.contentOf(Journal.print(7, '/pool', text))).toEqual(O.some(text))
      }),
    )
  })

  it('gives nothing when any one character of it is gone or another', () => {
    const whole = Journal.print(7, '/pool', PoolFile.print(poolOf(ada)))
    const start = whole.indexOf('"checksum"')
    fc.assert(
      fc.property(fc.integer({ min: start, max: whole.length - 1 }), (place) => {
        const other = whole[place] === 'x' ? 'y' : 'x'
        for (const put of ['', other]) {
          const torn = whole.slice(0, place) + put + whole.slice(place + 1)
          expect(Journal.contentOf(torn)).toEqual(O.none)
        }
        expect(Journal.contentOf(whole.slice(0, place))).toEqual(O.none)
      }),
    )
  })
})
