import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import type { AccountKey } from '../../../core/accounts/identity'
import * as Pool from '../../../core/accounts/pool'
import {
  aFilledPool,
  anInstant,
  anInvalidation,
  aPerson,
  aPool,
  aSignIn,
} from '../../support/arbitraries'
import { accountOf, credentialOf, jwt } from '../../support/tokens'

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
  it('that is stored once more leaves a token that the issuer gave later', () => {
    const issuedAt = (iat: number) => ({
      ...ada,
      credential: {
        ...ada.credential,
        access: O.some(Credential.secret(jwt({ iat }))),
        refresh: Credential.secret(`rt_${iat}`),
      },
    })
    const renewed = Pool.signIn(issuedAt(9))(Pool.empty)
    const rtAgain = Credential.secret('rt_9_again')
    const tokens = [5, 13].map((iat) =>
      Pool.signIn(issuedAt(iat))(renewed).accounts.map(({ credential }) =>
        credential.refresh.reveal(),
      ),
    )
    expect(tokens).toEqual([['rt_9'], ['rt_13']])
    const again = { ...issuedAt(9), credential: { ...issuedAt(9).credential, refresh: rtAgain } }
    expect(Pool.signIn(again)(renewed).accounts[0]?.credential.refresh).toBe(rtAgain)
  })

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

describe('renewed', () => {
  const aRenewal = fc.tuple(aFilledPool, fc.nat(), anInstant).map(([pool, dice, at]) => {
    const key = keyIn(pool, dice)
    return { pool, key, before: mustFind(key, pool).credential, got: credentialOf({}, at, 'got') }
  })

  it('takes the place of the token it was got for, and is not the older one, whatever the clock said', () => {
    fc.assert(
      fc.property(aRenewal, ({ pool, key, before, got }) => {
        const after = mustFind(key, Pool.renewed(key, before.refresh, got)(pool)._unsafeUnwrap())
        expect(after.credential).toMatchObject({ access: got.access, refresh: got.refresh })
        expect(after.invalidation).toEqual(O.none)
        expect(Credential.newest(after.credential, before)).toBe(after.credential)
      }),
    )
  })

  it('is weighed like any other beside a token it was not got for', () => {
    fc.assert(
      fc.property(aRenewal, ({ pool, key, got }) => {
        const other = Credential.secret('rt_other')
        expect(Pool.renewed(key, other, got)(pool)).toEqual(Pool.refreshed(key, got)(pool))
      }),
    )
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

  it('is known of every account of the pool', () => {
    fc.assert(
      fc.property(aFilledPool, anInvalidation, fc.nat(), (pool, invalidation, dice) => {
        const after = Pool.invalidate(keyIn(pool, dice), O.none, invalidation)(pool)._unsafeUnwrap()
        expect(Pool.losses(after)).toContain(invalidation.at)
        expect(Pool.losses(after)).toHaveLength(after.accounts.filter(Account.needsSignIn).length)
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

describe('enable and disable', () => {
  it('undo each other, but for the pin', () => {
    fc.assert(
      fc.property(aFilledPool, fc.nat(), (pool, dice) => {
        const key = keyIn(pool, dice)
        const enabled = Pool.enable(key)(pool)._unsafeUnwrap()
        const disabled = Pool.disable(key)(enabled)._unsafeUnwrap()
        expect(mustFind(key, disabled).enabled).toBe(false)
        expect(disabled.pinned).not.toEqual(O.some(key))
        expect(disabled.active).toEqual(pool.active)
        expect(Pool.enable(key)(disabled)._unsafeUnwrap().accounts).toEqual(enabled.accounts)
      }),
    )
  })

  it('change nothing the second time', () => {
    fc.assert(
      fc.property(aFilledPool, fc.nat(), (pool, dice) => {
        const key = keyIn(pool, dice)
        const disabled = Pool.disable(key)(pool)._unsafeUnwrap()
        expect(Pool.disable(key)(disabled)._unsafeUnwrap()).toBe(disabled)
        const enabled = Pool.enable(key)(pool)._unsafeUnwrap()
        expect(Pool.enable(key)(enabled)._unsafeUnwrap()).toBe(enabled)
      }),
    )
  })

  it('let go of no other pin', () => {
    const pinned = Pool.pin(Account.key(bea))(pooled)._unsafeUnwrap()
    const disabled = Pool.disable(Account.key(ada))(pinned)._unsafeUnwrap()
    expect(disabled.pinned).toEqual(O.some(Account.key(bea)))
    expect(disabled.affinityGeneration).toBe(pinned.affinityGeneration)
  })
})

describe('accounts set aside', () => {
  const aside = (account: Account.Account) => ({
    account,
    at: O.none,
    because: 'token-invalid',
    lastError: O.none,
  })

  it('are each there once, and none that the pool has', () => {
    const pool = Pool.signIn(ada)(Pool.empty)
    const given = [aside(ada), aside(bea), aside(bea), aside(adaAtWork)]
    expect(Pool.besideFlagged(given)(pool).flagged).toEqual([aside(bea), aside(adaAtWork)])
  })

  it('count on from the last of the pool', () => {
    const pool = Pool.besideFlagged([aside(bea)])(Pool.signIn(ada)(Pool.empty))
    const numbers = [ada, bea, adaAtWork].map((one) => Pool.numberOf(Account.key(one))(pool))
    expect(numbers).toEqual([1, 2, 0])
  })
})

describe('remove', () => {
  it('takes one account and nothing else, and leaves nobody who is gone active or pinned', () => {
    fc.assert(
      fc.property(aFilledPool, fc.nat(), (pool, dice) => {
        const key = keyIn(pool, dice)
        const left = Pool.remove(key)(pool)._unsafeUnwrap()
        expect(left.accounts).toEqual(pool.accounts.filter((one) => Account.key(one) !== key))
        for (const named of [left.active, left.pinned]) {
          if (O.isSome(named)) expect(keys(left)).toContain(named.value)
        }
        for (const named of Object.values(left.activeByFamily)) expect(keys(left)).toContain(named)
        if (O.toNullable(pool.active) !== key) expect(left.active).toEqual(pool.active)
        if (O.toNullable(pool.pinned) !== key) expect(left.pinned).toEqual(pool.pinned)
      }),
    )
  })

  it('makes the first that can serve the active one', () => {
    const some = { ...pooled, active: O.some(Account.key(bea)) }
    const disabled = Pool.disable(Account.key(ada))(some)._unsafeUnwrap()
    const left = Pool.remove(Account.key(bea))(disabled)._unsafeUnwrap()
    expect(left.active).toEqual(O.some(Account.key(adaAtWork)))
    const lost = { at: 1, code: 'token_revoked' }
    const signedOut = Pool.invalidate(Account.key(ada), O.none, lost)(some)._unsafeUnwrap()
    const without = Pool.remove(Account.key(bea))(signedOut)._unsafeUnwrap()
    expect(without.active).toEqual(O.some(Account.key(adaAtWork)))
  })

  it('leaves an empty pool after the last', () => {
    const alone = Pool.signIn(ada)(Pool.empty)
    expect(Pool.remove(Account.key(ada))(alone)._unsafeUnwrap()).toMatchObject({
      accounts: [],
      active: O.none,
      pinned: O.none,
    })
  })
})

describe('relabel', () => {
  const called = Pool.relabel(Account.key(ada), O.some('Work'))(pooled)._unsafeUnwrap()

  it('gives a label and takes it away', () => {
    expect(mustFind(Account.key(ada), called).label).toEqual(O.some('Work'))
    const bare = Pool.relabel(Account.key(ada), O.none)(called)._unsafeUnwrap()
    expect(bare).toEqual(pooled)
  })

  it('refuses the label of another account, not its own', () => {
    expect(Pool.relabel(Account.key(bea), O.some('work'))(called)._unsafeUnwrapErr()).toEqual({
      _tag: 'LabelTaken',
      label: 'work',
      number: 1,
    })
    expect(Pool.relabel(Account.key(ada), O.some('work'))(called).isOk()).toBe(true)
  })
})

it.each([
  { name: 'enable', change: Pool.enable },
  { name: 'disable', change: Pool.disable },
  { name: 'remove', change: Pool.remove },
  { name: 'relabel', change: (key: AccountKey) => Pool.relabel(key, O.none) },
])('$name knows when the account is gone', ({ change }) => {
  expect(change('acc-9/nobody')(pooled)._unsafeUnwrapErr()._tag).toBe('NoSuchAccount')
})
