/** An account that was asked for by name serves, or nobody does. */
import * as O from 'fp-ts/Option'
import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { model, openProxy, type OpenProxy } from '../../../support/proxy'
import { keyOf, makeWorld, type World } from '../../../support/world'

const openStrict = (world: World, name: string): Promise<OpenProxy> =>
  openProxy(world, { strict: O.some(keyOf(world, name)) })

const attempts = (world: World): ReadonlyArray<number> =>
  world.people.map(({ account }) => world.upstream.journal.requestsOf(account.key).length)

it('serves every request, whoever is active and wherever the conversation was', async () => {
  const world = await makeWorld()
  const thread = model([['thread-id', 't']])
  expect((await (await openStrict(world, 'ada')).ask(thread)).status).toBe(200)
  expect((await (await openStrict(world, 'barbara')).ask(thread)).status).toBe(200)
  expect(attempts(world)).toEqual([1, 0, 1])
})

it('reports a limit with its reset and asks nobody else', async () => {
  const world = await makeWorld()
  world.upstream.script(keyOf(world, 'grace'), [Behaviour.usageLimit(7_200_000)])
  const proxy = await openStrict(world, 'grace')
  const answer = await proxy.ask(model())
  expect(answer.status).toBe(429)
  expect(JSON.parse(answer.text)).toMatchObject({
    error: { type: 'usage_limit_reached', resets_in_seconds: 7_200 },
  })
  expect(attempts(world)).toEqual([0, 1, 0])
})

it.each<{ name: string; behaviour: Behaviour.Behaviour; status: number }>([
  { name: 'a failing backend', behaviour: Behaviour.serverFault(500), status: 503 },
  { name: 'a workspace that is shut', behaviour: Behaviour.deactivatedWorkspace, status: 429 },
])('reports $name and asks nobody else', async ({ behaviour, status }) => {
  const world = await makeWorld()
  world.upstream.always(keyOf(world, 'grace'), behaviour)
  const proxy = await openStrict(world, 'grace')
  expect((await proxy.ask(model())).status).toBe(status)
  const [ada, , barbara] = attempts(world)
  expect([ada, barbara]).toEqual([0, 0])
})

it('says that no other may serve when its sign-in is lost', async () => {
  const world = await makeWorld()
  world.upstream.refuseAccess(keyOf(world, 'grace'), 'token_revoked')
  const proxy = await openStrict(world, 'grace')
  const answer = await proxy.ask(model())
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('codex-multi-auth login')
  expect(proxy.said()).toContain('the account asked for cannot serve, and no other may')
  expect(attempts(world)).toEqual([0, 1, 0])
})
