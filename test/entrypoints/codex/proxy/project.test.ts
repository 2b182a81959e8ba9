/** The proxy where a project has accounts of its own, one of them a person whom the user's pool has too. */
import * as O from 'fp-ts/Option'
import { memoryClock } from '../../../../adapters/memory/clock'
import * as Account from '../../../../core/accounts/account'
import * as AuthFile from '../../../../core/official/auth-file'
import * as Layout from '../../../../core/storage/layout'
import * as PoolFile from '../../../../core/storage/pool-file'
import { minute } from '../../../../core/time'
import { explainLast } from '../../../../entrypoints/programs/explain'
import { model, openProxy } from '../../../support/proxy'
import {
  authFile,
  keyOf,
  layout,
  makeWorld,
  personOf,
  poolOf,
  portsOf,
  type SignedIn,
  type World,
} from '../../../support/world'

const own = Layout.ofProject('engine-21c13398be1f')(layout)

/**
 * The official CLI is signed in as Ada, with the sign-in of the user's pool. That is the newest of hers: a
 * project's pool that took it would have it beside the user's.
 */
const withProject = async () => {
  const world = await makeWorld({ names: ['ada', 'grace'] })
  const [ada, grace] = [personOf(world, 'ada'), personOf(world, 'grace')]
  const tokens = world.upstream.signIn(ada.account, { lifetimes: { access: -1 } })
  const put = (path: string, people: ReadonlyArray<SignedIn>): void =>
    world.write(path, PoolFile.print(poolOf(people, world.time.now())))
  put(own.pool, [{ ...ada, tokens }])
  const clock = memoryClock(world.time.process('person'))
  await world.time.run(() => clock.sleep(minute).unwrapOr(undefined))
  const fresh = { ...ada, tokens: world.upstream.signIn(ada.account) }
  put(layout.pool, [fresh, grace])
  world.write(layout.authFile, authFile(fresh))
  return { world, tokens, shown: fresh.tokens.refreshToken }
}

const tokenIn = (world: World, path: string): string | undefined =>
  PoolFile.parse(world.text(path))
    ._unsafeUnwrap()
    .accounts.find((one) => Account.key(one) === keyOf(world, 'ada'))
    ?.credential.refresh.reveal()

const tokenOfFront = (world: World): string | undefined =>
  O.toUndefined(
    AuthFile.credentialOf(AuthFile.parse(world.text(layout.authFile))._unsafeUnwrap()),
  )?.refresh.reveal()

it('serves from the project’s pool, and renews there alone', async () => {
  const { shown, tokens, world } = await withProject()
  const users = [world.text(layout.pool), world.text(layout.authFile)]
  const proxy = await openProxy(world, { layout: own })
  expect((await proxy.ask(model([['thread-id', 't']]))).status).toBe(200)
  await proxy.close()
  expect(world.upstream.journal.requestsOf(keyOf(world, 'ada'))).toHaveLength(1)
  expect(world.upstream.journal.requestsOf(keyOf(world, 'grace'))).toHaveLength(0)
  expect([tokens.refreshToken, shown]).not.toContain(tokenIn(world, own.pool))
  expect(world.upstream.journal.refreshes()).toHaveLength(1)
  expect([world.text(layout.pool), world.text(layout.authFile)]).toEqual(users)
  expect(world.upstream.journal.violations()).toEqual([])
})

it('renews the official CLI’s own sign-in in the user’s pool', async () => {
  const { shown, tokens, world } = await withProject()
  const proxy = await openProxy(world, { layout: own })
  const answer = await proxy.ask({
    ...{ method: 'POST', path: '/oauth/token', headers: [['content-type', 'application/json']] },
    body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: shown }),
  })
  const given = JSON.parse(answer.text).refresh_token
  expect(given).toBe(tokenIn(world, layout.pool))
  expect(tokenIn(world, own.pool)).toBe(tokens.refreshToken)
  // What the official CLI writes down now is in one pool.
  expect(new Set([given, tokens.refreshToken, shown]).size).toBe(3)
  expect(tokenOfFront(world)).toBe(shown)
  expect(world.upstream.journal.violations()).toEqual([])
})

it('tells of a decision where it was made', async () => {
  const { world } = await withProject()
  const proxy = await openProxy(world, { layout: own })
  await proxy.ask(model([['thread-id', 't']]))
  await proxy.close()
  const ports = portsOf(world, world.time.process('cli'))
  const lastIn = (where: Layout.Layout) =>
    world.time.run(() => explainLast(ports, where)({ conversation: O.none, model: O.none }))
  expect(O.isSome((await lastIn(own))._unsafeUnwrap())).toBe(true)
  expect(O.isSome((await lastIn(layout))._unsafeUnwrap())).toBe(false)
})
