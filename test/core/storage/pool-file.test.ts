import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Account from '../../../core/accounts/account'
import type { Credential } from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import { aPool } from '../../support/arbitraries'
import { accountOf } from '../../support/tokens'

const fixture = (name: string): string =>
  readFileSync(join(__dirname, '../../fixtures/existing-tool', name), 'utf8')

const read = (text: string): Pool.Pool => PoolFile.parse(text)._unsafeUnwrap()

/** A pool as plain values, tokens and all; `stored` is how the file carries what we do not know. */
const plain = (pool: Pool.Pool) => ({
  ...pool,
  stored: undefined,
  accounts: pool.accounts.map((account) => ({
    ...account,
    stored: undefined,
    credential: plainCredential(account.credential),
  })),
})

const plainCredential = ({ access, refresh, id, expiresAt, refreshedAt }: Credential) => ({
  access: O.toUndefined(access)?.reveal(),
  refresh: refresh.reveal(),
  id: O.toUndefined(id)?.reveal(),
  expiresAt,
  refreshedAt,
})

describe('a pool of the existing tool', () => {
  const text = fixture('openai-codex-accounts.json')
  const pool = read(text)

  it('is read with everything it says', () => {
    expect(pool.accounts.map(Account.key)).toEqual([
      'acc-ada-0000-4000-8000-000000000001/user-ada',
      'acc-grace-0000-4000-8000-000000000002/user-grace',
      'acc-edsger-0000-4000-8000-000000000003/user-edsger',
      'acc-barbara-0000-4000-8000-000000000004/user-barbara',
    ])
    expect(pool.accounts.map(({ label }) => O.toUndefined(label))).toEqual([
      'Label ada',
      undefined,
      'Label edsger',
      undefined,
    ])
    expect(pool.accounts.map(({ enabled }) => enabled)).toEqual([true, false, true, true])
    expect(pool.accounts.map(({ plan }) => O.toUndefined(plan))).toEqual([
      'plus',
      'plus',
      'plus',
      'plus',
    ])
    expect(pool.accounts[3]?.invalidation).toEqual(
      O.some({ at: 1_780_000_000_000, code: 'token_revoked' }),
    )
    expect(pool.active).toEqual(O.some('acc-edsger-0000-4000-8000-000000000003/user-edsger'))
    expect(pool.pinned).toEqual(pool.active)
    expect(pool.affinityGeneration).toBe(8)
    expect(pool.activeByFamily['gpt-5.2']).toBe('acc-grace-0000-4000-8000-000000000002/user-grace')
  })

  it('is the same pool when written and read again', () => {
    expect(plain(read(PoolFile.print(pool)))).toEqual(plain(pool))
  })

  it('is written as it was, but for the user ids that its tokens name', () => {
    const before = JSON.parse(text)
    const after = JSON.parse(PoolFile.print(pool))
    expect(after).toEqual({
      ...before,
      accounts: before.accounts.map((row: object, index: number) => ({
        ...row,
        userId: pool.accounts[index]?.identity.user,
      })),
    })
  })

  it('keeps an active account for each of its model families', () => {
    const switched = Pool.pin(Account.key(pool.accounts[0]!))(pool)._unsafeUnwrap()
    expect(JSON.parse(PoolFile.print(switched))).toMatchObject({
      activeIndex: 0,
      pinnedAccountIndex: 0,
      affinityGeneration: 9,
      activeIndexByFamily: {
        'gpt-5-codex': 0,
        'codex-max': 0,
        codex: 0,
        'gpt-5.2': 0,
        'gpt-5.1': 0,
      },
    })
  })
})

describe('what a file holds that we do not know', () => {
  const row = {
    refreshToken: 'rt_1',
    accountId: 'acc-1',
    email: 'ada@mail.test',
    addedAt: 7,
    colour: { red: [1, null] },
  }
  const file = { version: 3, accounts: [row], activeIndex: 0, weather: 'fine' }

  it('survives a change', () => {
    const pool = read(JSON.stringify(file))
    const changed = Pool.pin('acc-1/ada@mail.test')(pool)._unsafeUnwrap()
    const after = JSON.parse(PoolFile.print(changed))
    expect(after).toMatchObject({ weather: 'fine', accounts: [{ colour: { red: [1, null] } }] })
  })

  it('stays with its account when others come', () => {
    const [first, second] = [row, { ...row, accountId: 'acc-2', colour: 'blue' }]
    const pool = read(JSON.stringify({ ...file, accounts: [first, second] }))
    expect(JSON.parse(PoolFile.print(pool)).accounts.map((one: typeof row) => one.colour)).toEqual([
      { red: [1, null] },
      'blue',
    ])
  })
})

describe('rows', () => {
  const file = (...accounts: ReadonlyArray<object>) =>
    read(JSON.stringify({ version: 3, accounts, activeIndex: 1 }))

  it('of one identity are one account with the credential issued last', () => {
    const row = {
      refreshToken: 'rt_old',
      accountId: 'acc-1',
      email: 'ada@mail.test',
      lastRefreshAt: 1,
    }
    const pool = file(row, {
      ...row,
      refreshToken: 'rt_new',
      email: 'ADA@mail.test',
      lastRefreshAt: 2,
    })
    expect(pool.accounts).toHaveLength(1)
    expect(pool.accounts[0]?.credential.refresh.reveal()).toBe('rt_new')
    expect(pool.active).toEqual(O.some('acc-1/ada@mail.test'))
  })

  it('may say no more than a refresh token', () => {
    const [account] = file({ refreshToken: 'rt_1' }).accounts
    expect(account).toMatchObject({
      enabled: true,
      email: O.none,
      label: O.none,
      invalidation: O.none,
    })
  })

  it('are found by no position that is not there', () => {
    expect(file({ refreshToken: 'rt_1', accountId: 'acc-1' }).active).toEqual(O.none)
  })
})

describe('a bad row', () => {
  const good = { refreshToken: 'rt_1', accountId: 'acc-1', email: 'ada@mail.test' }
  const last = { refreshToken: 'rt_2', accountId: 'acc-2', email: 'bea@mail.test' }
  const file = (bad: unknown) =>
    read(JSON.stringify({ version: 3, accounts: [good, bad, last], activeIndex: 2 }))

  it.each([null, 7, 'row', [], {}, { refreshToken: 7 }, { refreshToken: '', email: 'x@y.z' }])(
    '%j leaves the others as they are, stays in the file, and is told',
    (bad) => {
      const pool = file(bad)
      expect(pool.accounts.map(Account.key)).toEqual(['acc-1/ada@mail.test', 'acc-2/bea@mail.test'])
      expect(pool.active).toEqual(O.some('acc-2/bea@mail.test'))
      expect(pool.notices).toEqual([{ _tag: 'RowsUnread', rows: [2] }])
      const written = JSON.parse(PoolFile.print(pool))
      expect(written.accounts[2]).toEqual(bad)
      expect(written.activeIndex).toBe(1)
    },
  )

  it('with fields that hold what they cannot is an account without them, and they are told', () => {
    const pool = file({ ...last, refreshToken: 'rt_3', email: 7, enabled: 'yes', colour: 'red' })
    expect(pool.accounts.map(Account.key)).toEqual([
      'acc-1/ada@mail.test',
      'acc-2/',
      'acc-2/bea@mail.test',
    ])
    expect(pool.accounts[1]).toMatchObject({ enabled: true, stored: { colour: 'red' } })
    expect(pool.notices).toEqual([
      { _tag: 'FieldUnread', row: 2, field: 'email' },
      { _tag: 'FieldUnread', row: 2, field: 'enabled' },
    ])
  })

  it('is of the account that its token names, where it names another', () => {
    const named = accountOf({ accountId: 'acc-9', userId: 'user-z' })
    const accessToken = O.toUndefined(named.credential.access)?.reveal()
    const pool = file({ ...good, accountId: 'acc-1', accessToken })
    expect(pool.accounts.map(Account.key)).toContain('acc-9/user-z')
  })

  it('is one among ten thousand', () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ ...good, accountId: `acc-${n}` }))
    const pool = read(JSON.stringify({ version: 3, accounts: [...rows, null] }))
    expect(pool.accounts).toHaveLength(10_000)
  })

  it('named __proto__ is a name like any other', () => {
    const text = `{"version":3,"__proto__":{"version":9},"accounts":[
      {"refreshToken":"rt_1","accountId":"__proto__","__proto__":{"email":"a@b.c"}}]}`
    const pool = read(text)
    expect(pool.accounts.map(Account.key)).toEqual(['__proto__/'])
    expect(PoolFile.print(pool)).toMatch(/"__proto__": \{\s+"version": 9/)
    expect(PoolFile.print(pool)).toMatch(/"__proto__": \{\s+"email": "a@b.c"/)
  })
})

describe('version 1', () => {
  it('becomes what the existing tool makes of it, but for the user ids that its tokens name', () => {
    const migrated = JSON.parse(fixture('v1-as-migrated.json'))
    const pool = read(fixture('v1-openai-codex-accounts.json'))
    expect(JSON.parse(PoolFile.print(pool))).toEqual({
      ...migrated,
      accounts: migrated.accounts.map((row: object, index: number) => ({
        ...row,
        userId: pool.accounts[index]?.identity.user,
      })),
    })
    expect(pool.notices).toEqual([])
  })
})

describe('what is no pool', () => {
  it.each([
    { name: 'nothing', text: '' },
    { name: 'half a file', text: fixture('openai-codex-accounts.json').slice(0, 1_000) },
    { name: 'null', text: 'null' },
    { name: 'a list', text: '[]' },
    { name: 'an empty record', text: '{}' },
    { name: 'a text', text: '"pool"' },
    { name: 'no accounts', text: '{"version":3}' },
    { name: 'accounts that are no list', text: '{"version":3,"accounts":{}}' },
    { name: 'a version in letters', text: '{"version":"3","accounts":[]}' },
  ])('$name is malformed', ({ text }) => {
    expect(PoolFile.parse(text)._unsafeUnwrapErr()._tag).toBe('Malformed')
  })

  it.each([99, 4])('version %d, which is from the future, is refused by its number', (version) => {
    const text = JSON.stringify({ version, accounts: [] })
    expect(PoolFile.parse(text)._unsafeUnwrapErr()).toEqual({ _tag: 'UnknownVersion', version })
  })

  it.each([2, 0, -1, 2.5])('version %d, which never was, is damage', (version) => {
    const text = JSON.stringify({ version, accounts: [] })
    expect(PoolFile.parse(text)._unsafeUnwrapErr()).toMatchObject({ at: 'version' })
  })

  it('is refused, whatever it is, without a fall', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        PoolFile.parse(text).match(
          (pool) => expect(pool.accounts).toEqual(expect.any(Array)),
          (refusal) => expect(refusal._tag).toMatch(/^(Malformed|UnknownVersion)$/),
        )
      }),
    )
  })
})

/** The families follow the active account in the file; a plan is what the tokens at hand name. */
const settled = (pool: Pool.Pool) => {
  const shown = plain(pool)
  return {
    ...shown,
    activeByFamily: undefined,
    accounts: shown.accounts.map((account) => ({ ...account, plan: undefined })),
  }
}

describe('any pool', () => {
  it('is the same when written and read again', () => {
    fc.assert(
      fc.property(aPool, (pool) => {
        const again = read(PoolFile.print(pool))
        expect(settled(again)).toEqual(settled(pool))
        expect(again.active).toEqual(pool.active)
      }),
    )
  })

  it('is written the same way twice', () => {
    fc.assert(
      fc.property(aPool, (pool) => {
        const once = PoolFile.print(pool)
        expect(PoolFile.print(read(once))).toBe(once)
      }),
    )
  })
})

describe('a copy without an account', () => {
  const copy = readFileSync(
    join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
    'utf8',
  )
  const { accounts } = PoolFile.parse(copy)._unsafeUnwrap()
  const raw = JSON.parse(copy)

  it.each([0, 1, 2, 3])('holds every other row as it was: without row %i', (gone) => {
    const account = accounts[gone]
    if (account === undefined) throw new Error('the fixture is too short')
    const text = O.toUndefined(PoolFile.without(account)(copy)._unsafeUnwrap())
    const left = JSON.parse(text ?? '')
    expect(left.accounts).toEqual(raw.accounts.toSpliced(gone, 1))
    const pool = PoolFile.parse(text ?? '')._unsafeUnwrap()
    expect(pool.pinned).toEqual(gone === 2 ? O.none : O.some(Account.key(accounts[2] ?? account)))
    const first = gone === 0 ? 1 : 0
    const activeAt = (index: number) =>
      Account.key(accounts[index === gone ? first : index] ?? account)
    expect(pool.active).toEqual(O.some(activeAt(raw.activeIndex)))
    for (const [family, index] of Object.entries<number>(raw.activeIndexByFamily))
      expect(pool.activeByFamily[family]).toBe(activeAt(index))
    expect(Object.keys(left).filter((name) => name !== 'pinnedAccountIndex')).toEqual(
      Object.keys(raw).filter((name) => name !== 'pinnedAccountIndex'),
    )
  })

  it('is not written when it holds no such row', () => {
    const stranger = accountOf({ accountId: 'acc-9', userId: 'user-z', email: 'z@mail.test' })
    expect(PoolFile.without(stranger)(copy)._unsafeUnwrap()).toEqual(O.none)
  })

  it.each(['', '{', '[]', '{"version":2,"accounts":[]}', '{"version":4,"accounts":[]}'])(
    'is refused when it is %j',
    (text) => {
      const stranger = accountOf({ accountId: 'acc-9', userId: 'user-z' })
      expect(PoolFile.without(stranger)(text).isErr()).toBe(true)
    },
  )
})
