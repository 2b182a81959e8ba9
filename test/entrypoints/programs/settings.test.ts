/** Where settings are read from, and how soon a running process knows of a change. */
import { hour, minute, second, since } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { openSettings, readSettings } from '../../../entrypoints/programs/settings'
import { ask, openEngine } from '../../support/engine'
import { settingsFile, standardSettings } from '../../support/settings'
import { keyOf, layout, makeWorld, portsOf, spreadingWorld } from '../../support/world'

const named = '/etc/of-the-firm.json'

it('reads every file there is, and the environment before them', async () => {
  const world = await makeWorld()
  const ports = portsOf(world, world.time.process('reader'))
  const { files } = ports
  world.write(named, '{"fetchTimeoutMs": 1000}')
  world.write(layout.settings, settingsFile({ fetchTimeoutMs: 2_000, connectTimeoutMs: 2_000 }))
  world.write(layout.olderSettings[0] ?? '', '{"connectTimeoutMs": 3000, "tokenRefreshSkewMs": 3}')
  world.write(layout.olderSettings[2] ?? '', '{"tokenRefreshSkewMs": 4, "refreshSpacingMs": 4}')
  const environment = {
    CODEX_MULTI_AUTH_CONFIG_PATH: named,
    CODEX_AUTH_SESSION_AFFINITY: 'off',
  }
  const { settings, complaints, originOf } = await world.time.run(async () =>
    (await readSettings({ files }, layout, environment))._unsafeUnwrap(),
  )
  expect(complaints).toEqual([])
  expect(settings).toEqual({
    ...standardSettings,
    sessionAffinity: false,
    fetchTimeoutMs: 1_000,
    connectTimeoutMs: 2_000,
    tokenRefreshSkewMs: 3,
    refreshSpacingMs: 4,
  })
  expect(originOf('refreshSpacingMs')).toMatchObject({ path: layout.olderSettings[2] })
})

it('gives what it has read until a file has changed', async () => {
  const world = await makeWorld()
  const ports = portsOf(world, world.time.process('reader'))
  const settings = openSettings(ports, layout, {})
  const current = () => world.time.run(settings.current)
  const before = await current()
  expect(await current()).toBe(before)
  world.write(layout.settings, settingsFile({ refreshSpacingMs: 7 }))
  const after = await current()
  expect(after).toEqual({ ...standardSettings, refreshSpacingMs: 7 })
  expect(await current()).toBe(after)
})

it('counts from the next request on, in a process that serves', async () => {
  const world = await spreadingWorld()
  const engine = await openEngine(world)
  const served = async (conversation: string): Promise<string> => {
    await world.time.run(() => ask(engine, { conversation }))
    return engine.attempts.at(-1)?.name ?? ''
  }
  expect([await served('one'), await served('two')]).toEqual(['ada', 'grace'])
  world.write(layout.settings, settingsFile({ schedulingStrategy: 'sequential' }))
  expect([await served('three'), await served('four')]).toEqual(['barbara', 'barbara'])
})

it('bounds how long the backend is waited for', async () => {
  const world = await makeWorld()
  world.upstream.script(keyOf(world, 'ada'), [Behaviour.slow(minute, Behaviour.ok)])
  const engine = await openEngine(world, { environment: { CODEX_AUTH_FETCH_TIMEOUT_MS: '2000' } })
  const { startedAt, headAt } = await world.time.run(() => ask(engine))
  expect(engine.attempts.map(({ name, end }) => [name, end])).toEqual([
    ['ada', 'broken'],
    ['grace', 'whole'],
  ])
  expect(since(startedAt, headAt)).toBeLessThan(3 * second)
})

it('says how soon before its end a token is renewed', async () => {
  const world = await makeWorld({ names: ['ada'], options: { lifetimes: { access: hour } } })
  const engine = await openEngine(world)
  world.time.shiftClock(55 * minute)
  await world.time.run(() => ask(engine))
  expect(world.upstream.journal.refreshes()).toHaveLength(0)
  world.write(layout.settings, settingsFile({ tokenRefreshSkewMs: 10 * minute }))
  await world.time.run(() => ask(engine))
  expect(world.upstream.journal.refreshes()).toHaveLength(1)
})
