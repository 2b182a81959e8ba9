import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, layout, type CliWorld } from '../../support/cli'
import { accountOf } from '../../support/tokens'
import { expectGolden } from '../../support/golden'

const email = 'ada@mail.test'
const people = {
  own: accountOf({ accountId: 'acc-own', userId: 'user-a', email }),
  grace: accountOf({ accountId: 'acc-grace', userId: 'user-g', email: 'grace@mail.test' }),
  work: accountOf({ accountId: 'acc-work', userId: 'user-a', email: 'ADA@mail.test' }),
}

const worldOf = (...accounts: ReadonlyArray<Account.Account>): Promise<CliWorld> =>
  cliWorld({
    files: {
      [layout.pool]: PoolFile.print({
        ...Pool.empty,
        accounts,
        active: O.map(Account.key)(O.fromNullable(accounts[0])),
      }),
    },
  })

const world = () => worldOf(people.own, people.grace, people.work)

const poolOf = (where: CliWorld) => PoolFile.parse(where.text(layout.pool) ?? '')._unsafeUnwrap()

it.each([
  { words: [], numbers: [1, 3] },
  { words: ['1'], numbers: [1, 3] },
  { words: ['3'], numbers: [1, 3] },
  { words: [email], numbers: [1, 3] },
  { words: ['acc-work'], numbers: [1, 3] },
  { words: ['grace'], numbers: [2] },
])('of $words are the accounts of that person: $numbers', async ({ words, numbers }) => {
  const { data } = documentOf(await (await world()).run(['workspace', ...words, '--json']))
  expect(data.workspaces.map((one: { number: number }) => one.number)).toEqual(numbers)
})

it('are shown with the id that login takes', async () => {
  const where = await world()
  const before = where.text(layout.pool)
  const ran = await where.run(['workspace'])
  expect(ran).toMatchObject({ code: 0, talk: '' })
  expectGolden('workspace', ran.answer)
  expect(where.text(layout.pool)).toBe(before)
})

it.each([
  { words: [email, '3'], key: 'acc-work/user-a' },
  { words: ['1', 'acc-work'], key: 'acc-work/user-a' },
  { words: ['3', 'own'], key: 'acc-own/user-a' },
])('$words switches to $key, and pins it', async ({ words, key }) => {
  const where = await world()
  const ran = await where.run(['workspace', ...words])
  expect(ran.code).toBe(0)
  expect(ran.answer).toMatch(/^Switched to account [13], ada@mail\.test/i)
  expect(poolOf(where)).toMatchObject({ active: O.some(key), pinned: O.some(key) })
})

it('signs the official CLI in with the workspace, as a switch does', async () => {
  const where = await cliWorld()
  const person = where.upstream.addPerson({
    email,
    workspaces: [{ plan: 'plus' }, { plan: 'team' }],
  })
  for (const account of person.accounts) {
    where.upstream.browser.signsIn(account)
    await where.run(['login'])
  }
  const front = (): unknown => JSON.parse(where.text(layout.authFile) ?? '{}').tokens.account_id
  expect(front()).toBe(person.accounts[0].accountId)
  const ran = await where.run(['workspace', '1', '2'])
  expect(front()).toBe(person.accounts[1]?.accountId)
  expect(ran.answer).toContain(`The official Codex CLI is signed in with it now`)
})

it.each([
  { words: ['1', '2'], code: 'no-match', candidates: ['acc-own/user-a', 'acc-work/user-a'] },
  { words: ['1', 'acc'], code: 'several-match', candidates: ['acc-own/user-a', 'acc-work/user-a'] },
  { words: ['mail.test'], code: 'several-match', candidates: expect.any(Array) },
  { words: ['nobody'], code: 'no-match', candidates: expect.any(Array) },
])('$words is $code, and switches nothing', async ({ words, code, candidates }) => {
  const where = await world()
  const before = where.text(layout.pool)
  const ran = await where.run(['workspace', ...words, '--json'])
  expect(ran.code).toBe(2)
  expect(documentOf(ran).error).toMatchObject({ code, candidates })
  expect(where.text(layout.pool)).toBe(before)
})

it('are none without accounts', async () => {
  const where = await cliWorld()
  expect(await where.run(['workspace'])).toMatchObject({
    code: 0,
    answer: 'No accounts yet. Add one: codex-multi-auth login\n',
  })
  expect((await where.run(['workspace', '1'])).code).toBe(4)
})

it('of an account whose user is not known are told by the e-mail', async () => {
  const older = accountOf({ accountId: 'acc-old', email })
  const where = await worldOf(people.own, older, people.grace)
  const { data } = documentOf(await where.run(['workspace', '2', '--json']))
  expect(data.workspaces.map((one: { accountId: string }) => one.accountId)).toEqual([
    'acc-own',
    'acc-old',
  ])
})
