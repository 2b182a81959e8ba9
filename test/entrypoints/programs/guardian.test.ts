import { memoryClock } from '../../../adapters/memory/clock'
import { minute, second, type Millis } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../../entrypoints/embed/testing/journal'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
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
