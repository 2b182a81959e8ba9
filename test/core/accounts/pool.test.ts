import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import type { AccountKey } from '../../../core/accounts/identity'
import * as Credential from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import {
  aFilledPool,
  anInstant,
  anInvalidation,
  aPerson,
  aPool,
  aSignIn,
} from '../../support/arbitraries'
import { accountOf, credentialOf } from '../../support/tokens'

const ada = accountOf(
  { accountId: 'acc-1', userId: 'user-a', email: 'ada@mail.test', plan: 'plus' },
  1,
)
const adaAtWork = accountOf({ accountId: 'acc-2', userId: 'user-a', email: 'ada@mail.test' }, 2)
const bea = accountOf({ accountId: 'acc-2', userId: 'user-b', email: 'bea@mail.test' }, 3)
const pooled = [ada, adaAtWork, bea].reduce(
  (pool, account) => Pool.signIn(account)(pool),
  Pool.empty,
)

const keys = (pool: Pool.Pool) => pool.accounts.map(Account.key)
const mustFind = (key: AccountKey, pool: Pool.Pool): Account.Account => {
  const found = Pool.find(key)(pool)
  if (O.isNone(found)) throw new Error(`${key} is missing`)
  return found.value
}
const keyIn = (pool: Pool.Pool, dice: number): AccountKey => {
  const all = keys(pool)
  return all[dice % all.length] ?? ''
}

describe('signIn', () => {
  it('takes two workspaces of one e-mail, and two people of one workspace, as accounts of their own', () => {
    expect(keys(pooled)).toEqual(['acc-1/user-a', 'acc-2/user-a', 'acc-2/user-b'])
  })

  it('updates in place: number, label and unknown fields stay, the rest is new', () => {
    const labelled = { ...ada, label: O.some('Work'), enabled: false, stored: { note: 7 } }
    const revoked = Account.invalidated({ at: 5, code: 'token_revoked' })(labelled)
    const before = { ...pooled, accounts: [revoked, adaAtWork, bea] }
    const again = accountOf(
      { accountId: 'acc-1', userId: 'user-a', email: 'ada@new.test', plan: 'pro' },
      9,
      'second',
    )
    expect(Pool.whatSignInDoes(again)(before)).toEqual({ _tag: 'Updated' })
    const after = Pool.signIn(again)(before)
    expect(keys(after)).toEqual(keys(before))
    expect(after.accounts[0]).toMatchObject({
      label: O.some('Work'),
      stored: { note: 7 },
      addedAt: 1,
      email: O.some('ada@new.test'),
      plan: O.some('pro'),
      enabled: true,
      invalidation: O.none,
    })
    expect(after.accounts[0]?.credential).toBe(again.credential)
  })

  it('makes the account the active one and leaves a pin on another', () => {
    const pinned = Pool.pin('acc-1/user-a')(pooled)._unsafeUnwrap()
    const after = Pool.signIn(bea)(pinned)
    expect(after.active).toEqual(O.some('acc-2/user-b'))
    expect(after.pinned).toEqual(O.some('acc-1/user-a'))
    expect(O.toUndefined(Pool.activeAccount(after))?.email).toEqual(bea.email)
  })

  describe('of an account stored without its user id', () => {
    const unknown = accountOf({ accountId: 'acc-1', email: 'Ada@mail.test' }, 1)
    const before = Pool.pin('acc-1/ada@mail.test')({
      ...Pool.signIn(unknown)(Pool.empty),
      activeByFamily: { codex: 'acc-1/ada@mail.test' },
    })._unsafeUnwrap()

    it('updates it, and what was said of it is said of its new key', () => {
      expect(Pool.whatSignInDoes(ada)(before)).toEqual({ _tag: 'Updated' })
      const after = Pool.signIn(ada)(before)
      expect(keys(after)).toEqual(['acc-1/user-a'])
      expect([after.active, after.pinned]).toEqual([O.some('acc-1/user-a'), O.some('acc-1/user-a')])
      expect(after.activeByFamily).toEqual({ codex: 'acc-1/user-a' })
    })

    it('keeps the user id that a later sign-in does not name', () => {
      expect(keys(Pool.signIn(unknown)(Pool.signIn(ada)(Pool.empty)))).toEqual(['acc-1/user-a'])
    })

    it('takes another e-mail or another user of the workspace for somebody else', () => {
      const other = accountOf({ accountId: 'acc-1', userId: 'user-b', email: 'bea@mail.test' })
      expect(Pool.whatSignInDoes(other)(before)).toEqual({ _tag: 'Added' })
      const namesake = accountOf({ accountId: 'acc-1', userId: 'user-z', email: 'ada@mail.test' })
      expect(Pool.whatSignInDoes(namesake)(pooled)).toEqual({ _tag: 'Added' })
    })
  })

  it('keeps every other account as it was', () => {
    fc.assert(
      fc.property(aPool, aSignIn, (pool, account) => {
        const after = Pool.signIn(account)(pool)
        const kept = pool.accounts.filter((row) => after.accounts.includes(row))
        const isUpdate = Pool.whatSignInDoes(account)(pool)._tag === 'Updated'
        expect(kept).toHaveLength(pool.accounts.length - (isUpdate ? 1 : 0))
        expect(after.accounts).toHaveLength(pool.accounts.length + (isUpdate ? 0 : 1))
      }),
    )
  })

  it('makes the second sign-in of an account an update, and its credential the one kept', () => {
    fc.assert(
      fc.property(aPool, aSignIn, (pool, account) => {
        const once = Pool.signIn(account)(pool)
        expect(Pool.whatSignInDoes(account)(once)).toEqual({ _tag: 'Updated' })
        const twice = Pool.signIn(account)(once)
        expect(keys(twice)).toEqual(keys(once))
        const kept = O.toUndefined(Pool.activeAccount(twice))?.credential
        expect(kept?.refresh).toBe(account.credential.refresh)
      }),
    )
  })

  it('made elsewhere joins as any other, and puts no older credential in a newer one’s place', () => {
    fc.assert(
      fc.property(aPool, aSignIn, (pool, account) => {
        const adopted = Pool.adopt(account)(pool)
        expect(keys(adopted)).toEqual(keys(Pool.signIn(account)(pool)))
        const isNew = Pool.whatSignInDoes(account)(pool)._tag === 'Added'
        const kept = O.toUndefined(Pool.activeAccount(adopted))!.credential
        const before = pool.accounts.map(({ credential }) => credential)
        if (isNew) expect(kept).toBe(account.credential)
        else {
          expect([account.credential, ...before]).toContain(kept)
          expect(Credential.newest(kept, account.credential)).toBe(kept)
        }
      }),
    )
  })

  it('never leaves two accounts of one key, nor an active or pinned one that is missing', () => {
    fc.assert(
      fc.property(aPool, (pool) => {
        expect(new Set(keys(pool)).size).toBe(pool.accounts.length)
        for (const key of [pool.active, pool.pinned]) {
          if (O.isSome(key)) expect(keys(pool)).toContain(key.value)
        }
      }),
    )
  })
})

describe('pin', () => {
  it('chooses, enables and raises the generation, so that older ties end', () => {
    const disabled = { ...pooled, accounts: [{ ...ada, enabled: false }, adaAtWork, bea] }
    const after = Pool.pin('acc-1/user-a')(disabled)._unsafeUnwrap()
    expect([after.active, after.pinned]).toEqual([O.some('acc-1/user-a'), O.some('acc-1/user-a')])
    expect(after.accounts[0]?.enabled).toBe(true)
    expect(after.affinityGeneration).toBe(pooled.affinityGeneration + 1)
  })

  it('knows no account by a key it has not', () => {
    expect(Pool.pin('acc-9/nobody')(pooled)._unsafeUnwrapErr()).toEqual({
      _tag: 'NoSuchAccount',
      key: 'acc-9/nobody',
    })
  })

  it('is undone by unpin, but for who is active', () => {
    fc.assert(
      fc.property(aFilledPool, fc.nat(), (pool, dice) => {
        const key = keyIn(pool, dice)
        const after = Pool.unpin(Pool.pin(key)(pool)._unsafeUnwrap())
        expect(after.pinned).toEqual(O.none)
        expect(after.active).toEqual(O.some(key))
      }),
    )
  })

  it('is left alone by an unpin without one', () => {
    expect(Pool.unpin(pooled)).toBe(pooled)
  })
})

describe('refreshed', () => {
  it('stores the new credential and takes the mark away', () => {
    const before = Pool.invalidate('acc-1/user-a', O.none, { at: 2, code: 'token_revoked' })(
      pooled,
    )._unsafeUnwrap()
    const renewed = credentialOf({ accountId: 'acc-1', plan: 'team' }, 50, 'renewed')
    const after = Pool.refreshed('acc-1/user-a', renewed)(before)._unsafeUnwrap()
    expect(after.accounts[0]).toMatchObject({ invalidation: O.none, plan: O.some('team') })
    expect(after.accounts[0]?.credential).toBe(renewed)
  })

  it('never replaces a credential that was issued later', () => {
    fc.assert(
      fc.property(aFilledPool, fc.nat(), aPerson, anInstant, (pool, dice, person, at) => {
        const key = keyIn(pool, dice)
        const held = mustFind(key, pool).credential
        const after = Pool.refreshed(key, credentialOf(person, at))(pool)._unsafeUnwrap()
        const kept = mustFind(key, after).credential
        const instant = O.getOrElse(() => 0)
        expect(instant(kept.refreshedAt)).toBe(Math.max(at, instant(held.refreshedAt)))
        if (instant(held.refreshedAt) > at) expect(kept).toBe(held)
      }),
    )
  })
})

describe('invalidate', () => {
  const access = O.toUndefined(ada.credential.access)?.reveal() ?? ''

  it('marks the account whose token was refused', () => {
    const after = Pool.invalidate('acc-1/user-a', O.some(access), { at: 7, code: 'token_revoked' })(
      pooled,
    )._unsafeUnwrap()
    expect(after.accounts.map(Account.needsSignIn)).toEqual([true, false, false])
  })

  it('says nothing of a newer token than the refused one', () => {
    const after = Pool.invalidate('acc-1/user-a', O.some('older'), { at: 7, code: 'x' })(pooled)
    expect(after._unsafeUnwrap().accounts.some(Account.needsSignIn)).toBe(false)
  })

  it('is counted over the whole pool', () => {
    fc.assert(
      fc.property(aFilledPool, anInvalidation, fc.nat(), (pool, invalidation, dice) => {
        const after = Pool.invalidate(keyIn(pool, dice), O.none, invalidation)(pool)._unsafeUnwrap()
        expect(Pool.invalidatedSince(invalidation.at)(after)).toBeGreaterThanOrEqual(1)
        expect(Pool.invalidatedSince(Infinity)(after)).toBe(0)
      }),
    )
  })
})

describe('an account', () => {
  it.each([
    { name: 'its label', account: { ...ada, label: O.some('Work') }, expected: 'Work' },
    { name: 'its e-mail', account: ada, expected: 'ada@mail.test' },
    { name: 'its id', account: { ...ada, email: O.none }, expected: 'acc-1' },
  ])('is called by $name', ({ account, expected }) => {
    expect(Account.name(account)).toBe(expected)
  })

  it.each([
    { name: 'no claim at all', person: { email: 'ada@mail.test' } },
    { name: 'an empty one', person: { email: 'ada@mail.test', accountId: '' } },
  ])('is refused where its tokens name no ChatGPT account: $name', ({ person }) => {
    expect(Account.ofSignIn(0, credentialOf(person, 0))._unsafeUnwrapErr()).toEqual({
      _tag: 'NoAccountId',
      email: O.some('ada@mail.test'),
    })
  })
})
