import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Disturb } from '../../../adapters/memory/scheduler'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Flagged from '../../../core/accounts/flagged'
import * as Policy from '../../../core/accounts/policy'
import * as Pool from '../../../core/accounts/pool'
import * as FlaggedFile from '../../../core/storage/flagged-file'
import * as PoliciesFile from '../../../core/storage/policies-file'
import * as PoolFile from '../../../core/storage/pool-file'
import type { Tokens } from '../../../entrypoints/embed/testing/tokens'
import { cliWorld, documentOf, killed, layout, noon, type CliWorld } from '../../support/cli'

const accountOf = (tokens: Tokens): Account.Account =>
  Account.ofSignIn(noon, {
    access: O.some(Credential.secret(tokens.accessToken)),
    refresh: Credential.secret(tokens.refreshToken),
    id: O.some(Credential.secret(tokens.idToken)),
    expiresAt: O.some(tokens.expiresAt),
    refreshedAt: O.some(noon),
  })._unsafeUnwrap()

const write = ({ disk }: CliWorld, path: string, text: string): void => {
  disk.mkdir(layout.root, 0o700, noon)
  const file = disk.open(path, 'wx', 0o600, noon)
  disk.write(file, text, noon)
  disk.close(file)
}

/** Ada in the pool; Bea set aside with a sign-in that works, and Cyd with one that is lost. */
const worldWith = async (disturb: Disturb = () => ({ _tag: 'None' })) => {
  const world = await cliWorld({ disturb })
  const person = (name: string) =>
    world.upstream.addPerson({ email: `${name}@mail.test` }).accounts[0]
  const [ada, bea, cyd] = [person('ada'), person('bea'), person('cyd')]
  const tokens = { bea: world.upstream.signIn(bea), cyd: world.upstream.signIn(cyd) }
  world.upstream.refuseRefresh(cyd.key, 'refresh_token_invalidated')
  const flagged = (account: Account.Account): Flagged.Flagged => ({
    ...{ account, at: O.some(noon - 60_000), because: 'token-invalid', lastError: O.none },
  })
  const rows = [
    flagged({ ...accountOf(tokens.bea), label: O.some('Bea'), stored: { accountNote: 'kept' } }),
    flagged(accountOf(tokens.cyd)),
  ]
  write(
    world,
    layout.pool,
    PoolFile.print(Pool.signIn(accountOf(world.upstream.signIn(ada)))(Pool.empty)),
  )
  write(
    world,
    layout.flagged,
    rows.reduce((text, one) => FlaggedFile.put(one)(text)._unsafeUnwrap(), FlaggedFile.none),
  )
  return { world, tokens, ada, bea, cyd }
}

const poolOf = (world: CliWorld) => PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()
const asideOf = (world: CliWorld) =>
  FlaggedFile.parse(world.text(layout.flagged) ?? FlaggedFile.none)._unsafeUnwrap()
const namesOf = (accounts: ReadonlyArray<Account.Account>) =>
  accounts.map(({ email }) => O.getOrElse(() => '')(email).replace('@mail.test', ''))

it('takes back the one that works, and says who needs a new sign-in', async () => {
  const { world, tokens } = await worldWith()
  expect(await world.run(['verify-flagged'])).toMatchObject({
    code: 4,
    talk: '',
    answer: [
      'Tried: 2 accounts',
      '  Bea            token-invalid  restored',
      '  cyd@mail.test  token-invalid  needs a new sign-in (refresh_token_invalidated)',
      'Sign in again: codex-multi-auth login',
      '',
    ].join('\n'),
  })
  expect(namesOf(poolOf(world).accounts)).toEqual(['ada', 'bea'])
  const bea = poolOf(world).accounts[1]!
  expect(bea).toMatchObject({
    ...{ label: O.some('Bea'), invalidation: O.none, enabled: true },
    stored: { accountNote: 'kept' },
  })
  expect(bea.stored).not.toHaveProperty('flaggedReason')
  expect(bea.credential.refresh.reveal()).not.toBe(tokens.bea.refreshToken)
  expect(asideOf(world)).toMatchObject([
    { because: 'token-invalid', lastError: O.some('refresh_token_invalidated') },
  ])
  expect(namesOf(asideOf(world).map(({ account }) => account))).toEqual(['cyd'])
})

it('leaves the active account as it is, and the policies of one that comes back', async () => {
  const { world, ada, bea } = await worldWith()
  const paused = { ...Policy.standard, paused: true }
  write(world, layout.policies, PoliciesFile.print({ [bea.key]: paused })('{}'))
  await world.run(['verify-flagged'])
  const { accounts, pool } = documentOf(await world.run(['list', '--json'])).data
  expect(pool.active).toBe(ada.key)
  expect(accounts).toMatchObject([
    { number: 1, status: 'ready' },
    { number: 2, key: bea.key, label: 'Bea', reasons: ['paused'] },
    { number: 3, status: 'flagged' },
  ])
})

it('answers a program with what became of each', async () => {
  const { world, bea, cyd } = await worldWith()
  expect(documentOf(await world.run(['verify-flagged', '--json'])).data).toEqual({
    ...{ total: 2, restored: 1, healthyFlagged: 0, stillFlagged: 1, remainingFlagged: 1 },
    ...{ changed: true, dryRun: false, restore: true },
    reports: [
      {
        ...{ key: bea.key, email: 'bea@mail.test', flaggedReason: 'token-invalid' },
        ...{ outcome: 'restored', error: null },
      },
      {
        ...{ key: cyd.key, email: 'cyd@mail.test', flaggedReason: 'token-invalid' },
        ...{ outcome: 'still-flagged', error: 'refresh_token_invalidated' },
      },
    ],
  })
})

it('spends no token in a dry run, and changes nothing', async () => {
  const { world } = await worldWith()
  const before = world.disk.snapshot()
  expect((await world.run(['verify-flagged', '--dry-run'])).code).toBe(0)
  expect(world.disk.snapshot()).toEqual(before)
  expect(world.network.exchanges).toEqual([])
})

it('keeps the new tokens of one that is to stay set aside, which works the next time', async () => {
  const { world, tokens } = await worldWith()
  await world.run(['verify-flagged', '--no-restore'])
  expect(namesOf(poolOf(world).accounts)).toEqual(['ada'])
  const [bea] = asideOf(world)
  expect(bea).toMatchObject({ account: { label: O.some('Bea') }, lastError: O.none })
  expect(bea!.account.credential.refresh.reveal()).not.toBe(tokens.bea.refreshToken)
  await world.run(['verify-flagged'])
  expect(namesOf(poolOf(world).accounts)).toEqual(['ada', 'bea'])
})

it('asks nobody about one that was signed in again since, and lets go of its old sign-in', async () => {
  const { world, bea } = await worldWith()
  const fresh = accountOf(world.upstream.signIn(bea))
  world.disk.unlink(layout.pool, noon)
  write(world, layout.pool, PoolFile.print(Pool.signIn(fresh)(Pool.empty)))
  await world.run(['verify-flagged'])
  const [kept] = poolOf(world).accounts
  expect(kept!.credential.refresh.reveal()).toBe(fresh.credential.refresh.reveal())
  expect(namesOf(asideOf(world).map(({ account }) => account))).toEqual(['cyd'])
})

it('takes the flagged accounts of the existing tool', async () => {
  const fixture = readFileSync(
    join(__dirname, '../../fixtures/existing-tool/openai-codex-flagged-accounts.json'),
    'utf8',
  )
  const world = await cliWorld({ files: { [layout.flaggedOnce]: fixture } })
  const { accounts } = documentOf(await world.run(['list', '--json'])).data
  expect(accounts).toMatchObject([
    { number: 1, label: 'Label alan', status: 'flagged', reasons: ['flagged'], active: false },
  ])
  expect((await world.run(['verify-flagged'])).code).toBe(4)
  expect(asideOf(world)).toMatchObject([{ because: 'token-invalid' }])
})

it('says that it cannot read who is set aside, and leaves it alone', async () => {
  const world = await cliWorld({ files: { [layout.flagged]: '{"version":1,"accounts":{}}' } })
  const ran = await world.run(['list'])
  expect(ran).toMatchObject({ code: 0 })
  expect(ran.talk).toBe(
    `Warning: ${layout.flagged} holds no accounts set aside that can be read, and is left as it is.\n`,
  )
})

it('loses nobody, wherever it dies', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 710 }),
      fc.constantFrom('KillBefore' as const, 'KillAfter' as const),
      fc.boolean(),
      async (nth, death, restores) => {
        let steps = 0
        let isArmed = true
        const { world } = await worldWith(({ process }) => {
          if (!isArmed || process !== 'cli') return { _tag: 'None' }
          steps += 1
          return steps === nth ? { _tag: death } : { _tag: 'None' }
        })
        const ran = await world.run(['verify-flagged', ...(restores ? [] : ['--no-restore'])])
        isArmed = false
        const all = [...poolOf(world).accounts, ...asideOf(world).map(({ account }) => account)]
        expect(new Set(namesOf(all))).toEqual(new Set(['ada', 'bea', 'cyd']))
        if (ran.code === killed)
          expect([0, 4]).toContain((await world.run(['verify-flagged'])).code)
        const { accounts } = documentOf(await world.run(['list', '--json'])).data
        expect(accounts).toHaveLength(3)
      },
    ),
    { numRuns: 40 },
  )
}, 60_000)
