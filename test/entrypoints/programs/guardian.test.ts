import { memoryClock } from '../../../adapters/memory/clock'
import { hour, minute, second, type Millis } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../../entrypoints/embed/testing/journal'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Cooldown from '../../../core/health/cooldown'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { openEngine } from '../../support/engine'
import { keyOf, layout, makeWorld, type World } from '../../support/world'

const isFresh = (world: World, name: string): boolean =>
  world
    .pool()
    .accounts.some(
      (account) =>
        Account.key(account) === keyOf(world, name) &&
        Credential.isFresh(world.time.now(), 5 * minute)(account.credential),
    )

const renewals = ({ upstream }: World): number =>
  upstream.journal.calls().filter(({ path }) => path === tokenPath).length

/** Processes that serve, and nobody asks them for anything. */
const guarded = async (
  world: World,
  span: Millis,
  processes = 1,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const engines = await Promise.all(
    Array.from({ length: processes }, (_, number) =>
      openEngine(world, { name: `engine ${number}`, environment }),
    ),
  )
  const clock = memoryClock(world.time.process('time'))
  await world.time.run(async () => {
    for (const { guard } of engines) guard()
    await clock.sleep(span)
    await Promise.all(engines.map(({ close }) => close()))
  })
}

it('renews a token that is about to end, once for all processes, and no other', async () => {
  const world = await makeWorld({ stale: ['ada'] })
  await guarded(world, 3 * minute, 3)
  expect([renewals(world), isFresh(world, 'ada')]).toEqual([1, true])
})

it('does nothing while a process starts, nor when it is switched off', async () => {
  const world = await makeWorld({ stale: ['ada'] })
  await guarded(world, 59 * second)
  await guarded(world, 5 * minute, 1, { CODEX_AUTH_PROACTIVE_GUARDIAN: '0' })
  expect(renewals(world)).toBe(0)
})

it('renews one account at each look', async () => {
  const world = await makeWorld({ stale: ['ada', 'grace', 'barbara'] })
  await guarded(world, 1.5 * minute)
  expect(renewals(world)).toBe(1)
})

it('tries an account again when the issuer could not renew it, and leaves it as it is', async () => {
  const world = await makeWorld({ stale: ['ada'] })
  world.upstream.fail(tokenPath, [Behaviour.rateLimited(second)])
  await guarded(world, 4.5 * minute)
  expect([renewals(world), isFresh(world, 'ada')]).toEqual([2, true])
})

it('reads a change of its settings while it waits', async () => {
  const world = await makeWorld({ stale: ['ada'] })
  const environment = { CODEX_AUTH_PROACTIVE_GUARDIAN_INTERVAL_MS: '600000' }
  await guarded(world, 2 * minute, 1, environment)
  expect(renewals(world)).toBe(0)
  const faster = async (): Promise<void> => {
    await memoryClock(world.time.process('person')).sleep(20 * second)
    const text = JSON.stringify({ pluginConfig: { proactiveRefreshIntervalMs: 30_000 } })
    world.write(layout.settings, text)
  }
  const slow = JSON.stringify({ pluginConfig: { proactiveRefreshIntervalMs: 600_000 } })
  world.write(layout.settings, slow)
  await Promise.all([guarded(world, 50 * second), faster()])
  expect(renewals(world)).toBe(1)
})

describe('a limit that lasts long', () => {
  const usagePath = '/backend-api/wham/usage'
  const limitedWorld = async (usedPercent: number): Promise<World> => {
    const world = await makeWorld()
    const now = world.time.now()
    const state = RuntimeState.apply({
      ...{ _tag: 'Cooled', account: keyOf(world, 'ada'), at: now },
      cooldown: Cooldown.cooling(now + 5 * hour, 'rate-limited'),
    })(RuntimeState.empty)
    world.write(layout.runtimeState, RuntimeFile.print(state, now))
    world.upstream.setQuota(keyOf(world, 'ada'), {
      windows: [{ usedPercent, resetsIn: 2 * hour }],
    })
    return world
  }
  const leftOf = (world: World): number => {
    const state = RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))
    const cooldown = RuntimeState.cooldownOf(keyOf(world, 'ada'))(state)
    return cooldown._tag === 'Ready' ? 0 : cooldown.until - world.time.now()
  }
  const looks = ({ upstream }: World): number =>
    upstream.journal.calls().filter(({ path }) => path === usagePath).length

  it('is ended when the backend says that nothing is spent, and no model is asked', async () => {
    const world = await limitedWorld(10)
    await guarded(world, 90 * second)
    expect(leftOf(world)).toBe(0)
    expect([looks(world), world.upstream.journal.requestsOf().length]).toEqual([1, 0])
  })

  it('ends when the window does, and no process looks more than every 15 minutes', async () => {
    const world = await limitedWorld(100)
    await guarded(world, 30 * minute, 3)
    expect(leftOf(world)).toBeLessThan(2 * hour)
    expect(leftOf(world)).toBeGreaterThan(hour)
    expect(looks(world)).toBeLessThanOrEqual(3 * 2)
  })

  it('stays where the backend does not tell', async () => {
    const world = await limitedWorld(10)
    world.upstream.fail(usagePath, [Behaviour.serverFault(500)])
    await guarded(world, 10 * minute)
    expect(leftOf(world)).toBeGreaterThan(4 * hour)
    expect(looks(world)).toBe(1)
  })
})
