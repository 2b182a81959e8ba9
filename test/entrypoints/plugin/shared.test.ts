import { memoryBrowser } from '../../../adapters/memory/browser'
import { openSharedOver } from '../../../entrypoints/plugin/engine/shared'
import type { Client, Host } from '../../../entrypoints/plugin/host'
import type { Shared } from '../../../entrypoints/plugin/plugin'
import { layout, makeWorld, portsOf } from '../../support/world'

const client: Client = {
  auth: { set: async () => undefined },
  app: { log: async () => undefined },
  tui: { showToast: async () => undefined },
}

const host: Host = { client, directory: '/home/ada' }

/** In a world that goes on until what is asked of it is done. */
const inWorld = async <A>(ask: (shared: Shared) => Promise<A>): Promise<A> => {
  const world = await makeWorld()
  const runtime = world.time.process('host')
  const ports = { ...portsOf(world, runtime), browser: memoryBrowser(runtime) }
  const environment = { CODEX_MULTI_AUTH_DIR: layout.root }
  const shared = openSharedOver(ports, { environment, home: '/home/ada' })._unsafeUnwrap()
  return world.time.run(() => ask(shared))
}

describe('the engine of one process', () => {
  it('serves every project until the last leaves, though they share a client', () =>
    inWorld(async (shared) => {
      const [one, other] = [await shared.join(host), await shared.join(host)]
      const engine = await one.engine()
      await one.leave()
      expect(await other.engine()).toBe(engine)
      await other.leave()
      expect(await (await shared.join(host)).engine()).not.toBe(engine)
    }))

  it('is a new one for who joins while the last leaves', () =>
    inWorld(async (shared) => {
      const last = await shared.join(host)
      const engine = await last.engine()
      const leaving = last.leave()
      const next = await shared.join(host)
      expect(await next.engine()).not.toBe(engine)
      await leaving
    }))
})
