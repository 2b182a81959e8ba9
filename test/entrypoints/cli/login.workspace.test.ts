import * as Account from '../../../core/accounts/account'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, layout } from '../../support/cli'

const worldWithTwo = async () => {
  const world = await cliWorld()
  const [own, work] = world.upstream.addPerson({
    email: 'ada@mail.test',
    workspaces: [{ plan: 'plus' }, { plan: 'team' }],
  }).accounts
  return { world, own, work: work! }
}

it('is named to the issuer, and its account is stored', async () => {
  const { world, work } = await worldWithTwo()
  world.upstream.browser.signsIn(work)
  const ran = await world.run(['login', '--workspace', work.accountId])
  expect(ran.code).toBe(0)
  expect(ran.talk).toContain(`&allowed_workspace_id=${work.accountId}`)
  const pool = PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()
  expect(pool.accounts.map(Account.key)).toEqual([work.key])
})

it('is not the one that signed in: nothing is stored', async () => {
  const { world, own, work } = await worldWithTwo()
  world.upstream.device.approves(own)
  const ran = await world.run([
    ...['login', '--device-auth', '--json'],
    ...['--workspace', work.accountId],
  ])
  expect(ran.code).toBe(1)
  expect(documentOf(ran)).toMatchObject({ ok: false, error: { code: 'other-workspace' } })
  expect(world.text(layout.pool)).toBeUndefined()
  expect(world.text(layout.authFile)).toBeUndefined()
})
