import { memoryBrowser } from '../../../adapters/memory/browser'
import { openSharedOver } from '../../../entrypoints/plugin/engine/shared'
import type { Client } from '../../../entrypoints/plugin/host'
import type { Shared } from '../../../entrypoints/plugin/plugin'
import { layout, makeWorld, portsOf } from '../../support/world'

const client: Client = {
  auth: { set: async () => undefined },
  app: { log: async () => undefined },
  tui: { showToast: async () => undefined },
}

/** In a world that goes on until what is asked of it is done. */
const inWorld = async <A>(ask: (shared: Shared) => Promise<A>): Promise<A> => {
  const world = await makeWorld()
  const host = world.time.process('host')
  const ports = { ...portsOf(world, host), browser: memoryBrowser(host) }
  const environment = { CODEX_MULTI_AUTH_DIR: layout.root }
  const shared = openSharedOver(ports, { environment, home: '/home/ada' })._unsafeUnwrap()
  return world.time.run(() => ask(shared))
}

describe('the engine of one process', () => {
  it('serves every project until the last leaves, though they share a client', () =>
    inWorld(async (shared) => {
      const [one, other] = [shared.join(client), shared.join(client)]
      const engine = await shared.engine()
      await one.leave()
      expect(await shared.engine()).toBe(engine)
      await other.leave()
      expect(await shared.engine()).not.toBe(engine)
    }))

  it('is a new one for who joins while the last leaves', () =>
    inWorld(async (shared) => {
      const last = shared.join(client)
      const engine = await shared.engine()
      const leaving = last.leave()
      shared.join(client)
      expect(await shared.engine()).not.toBe(engine)
      await leaving
    }))
})
