/** What a pool of the existing tool says of limits is known to the first request, and to every later one. */
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour } from '../../../core/time'
import { ask, openEngine } from '../../support/engine'
import { keyOf, layout, makeWorld, type World } from '../../support/world'

const withRows = (world: World, stored: Readonly<Record<string, unknown>>): void => {
  const pool = world.pool()
  const accounts = pool.accounts.map((account, index) =>
    index < 2 ? { ...account, stored: { ...account.stored, ...stored } } : account,
  )
  world.write(layout.pool, PoolFile.print({ ...Pool.empty, accounts }))
}

it('sends no request to an account whose row says that it is limited', async () => {
  const world = await makeWorld()
  withRows(world, { rateLimitResetTimes: { codex: world.time.now() + hour } })
  const engine = await openEngine(world)
  await world.time.run(() => ask(engine))
  expect(engine.attempts.map(({ name }) => name)).toEqual(['barbara'])
})

it('says so to every process from then on, and keeps the row as it was', async () => {
  const world = await makeWorld()
  const until = world.time.now() + hour
  withRows(world, { rateLimitResetTimes: { codex: until }, coolingDownUntil: 7 })
  const engine = await openEngine(world)
  await world.time.run(() => ask(engine))
  await world.time.run(engine.close)
  const state = RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))
  for (const name of ['ada', 'grace']) {
    expect(RuntimeState.cooldownOf(keyOf(world, name))(state)).toMatchObject({ until })
    expect(state.seeded).toHaveProperty([keyOf(world, name)])
  }
  const [row] = JSON.parse(world.text(layout.pool)).accounts
  expect(row).toMatchObject({ rateLimitResetTimes: { codex: until }, coolingDownUntil: 7 })
})
