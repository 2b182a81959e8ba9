import * as O from 'fp-ts/Option'
import { memoryBrowser } from '../../../adapters/memory/browser'
import { memoryHttp } from '../../../adapters/memory/http'
import * as Account from '../../../core/accounts/account'
import * as OpenCode from '../../../core/hosts/opencode'
import * as Headers from '../../../core/request/headers'
import { second } from '../../../core/time'
import { openSharedOver } from '../../../entrypoints/plugin/engine/shared'
import type { Client, Method } from '../../../entrypoints/plugin/host'
import { openPlugin } from '../../../entrypoints/plugin/plugin'
import { releaseEntry } from '../../../entrypoints/programs/host-entry'
import { layout, makeWorld, portsOf, type World } from '../../support/world'

const store = '/home/ada/.local/share/opencode/auth.json'
const limits = { connectMax: second, firstByteMax: 10 * second, stallMax: second }

/** A host as it is once the plugin is loaded, and a person who signs in as edsger. */
const opened = async (terms: Parameters<typeof makeWorld>[0], stored: object) => {
  const world = await makeWorld(terms)
  world.write(store, JSON.stringify(stored))
  const told: Array<string> = []
  const client: Client = {
    auth: { set: async () => void place(world) },
    app: { log: async ({ body }) => void told.push(body.message) },
    tui: { showToast: async () => undefined },
  }
  const runtime = world.time.process('host')
  const ports = { ...portsOf(world, runtime), browser: memoryBrowser(runtime, () => undefined) }
  const environment = {
    CODEX_MULTI_AUTH_DIR: layout.root,
    CODEX_MULTI_AUTH_ISSUER: world.upstream.issuer,
    CODEX_MULTI_AUTH_BACKEND: world.upstream.backend,
  }
  const shared = openSharedOver(ports, { environment, home: '/home/ada' })._unsafeUnwrap()
  const [edsger] = world.upstream.addPerson({ email: 'edsger@mail.test' }).accounts
  world.upstream.browser.signsIn(edsger)
  world.upstream.device.approves(edsger)
  return { world, told, plugin: () => openPlugin(shared, { client, directory: '/home/ada' }) }
}

const entries = (world: World) => JSON.parse(world.text(store))

/** What the host does with the sign-in of a plugin. */
const place = (world: World): void =>
  world.write(store, JSON.stringify({ ...entries(world), openai: OpenCode.entry }))

/** As a browser follows an address wherever it leads. */
const visit = async (world: World, url: string): Promise<void> => {
  const answer = await memoryHttp(world.time.process('browser'), world.network).send({
    ...{ method: 'GET', url, headers: [], body: [], limits },
  })
  const location = Headers.get('location')(answer._unsafeUnwrap().headers)
  if (O.isSome(location)) await visit(world, location.value)
}

const signIn = async (world: World, method: Method | undefined): Promise<unknown> => {
  if (method?.type !== 'oauth') throw new Error('no sign-in')
  const { callback, instructions, url } = await method.authorize()
  expect(instructions).not.toBe('')
  const [outcome] = await Promise.all([
    callback(),
    // The page of a code is opened on another device.
    url.includes('/codex/device') ? undefined : visit(world, url),
  ])
  if (outcome.type === 'success') place(world)
  return outcome
}

const release = async (world: World): Promise<unknown> =>
  (await releaseEntry(portsOf(world, world.time.process('cli')), layout))._unsafeUnwrap()

describe('a sign-in from within the host', () => {
  it.each([
    { way: 'in the browser', at: 0 },
    { way: 'with a code', at: 1 },
  ])('$way adds to the pool, and gives the host a placeholder', async ({ at }) => {
    const { plugin, world } = await opened({}, {})
    await world.time.run(async () => {
      const { auth, dispose } = await plugin()
      expect(await signIn(world, auth.methods[at])).toEqual({ ...OpenCode.entry, type: 'success' })
      await dispose()
    })
    expect(world.pool().accounts.map(Account.name)).toEqual([
      ...['ada@mail.test', 'grace@mail.test', 'barbara@mail.test', 'edsger@mail.test'],
    ])
    expect(entries(world)).toEqual({ openai: OpenCode.entry })
  })

  const own = { type: 'oauth', access: 'a', refresh: 'r', expires: 1 }
  const key = { type: 'api', key: 'k' }
  const nobody = 'No account is signed in yet. Run: codex-multi-auth login'
  const byKey = 'OpenCode uses an API key for openai; codex-multi-auth leaves it alone.'

  it.each([
    { name: 'a sign-in, with no account yet', names: [], stored: { openai: own }, says: nobody },
    { name: 'an API key, with none yet', names: [], stored: { openai: key }, says: nobody },
    { name: 'an API key', names: ['ada'], stored: { openai: key }, says: byKey },
    { name: 'nothing', names: [], stored: {}, says: nobody },
  ])('keeps what the host held for its return: $name', async ({ names, says, stored }) => {
    const { plugin, told, world } = await opened({ names }, stored)
    await world.time.run(async () => {
      const { auth } = await plugin()
      expect(told).toEqual([says])
      expect(entries(world)).toEqual(stored)
      await signIn(world, auth.methods[0])
      expect(entries(world)).toEqual({ openai: OpenCode.entry })
      await release(world)
    })
    expect(entries(world)).toEqual(stored)
  })

  it('keeps what the host held last', async () => {
    const { plugin, world } = await opened({}, { openai: own })
    await world.time.run(async () => {
      const { auth } = await plugin()
      expect(entries(world)).toEqual({ openai: OpenCode.entry })
      world.write(store, JSON.stringify({ openai: key }))
      await signIn(world, auth.methods[0])
      await release(world)
    })
    expect(entries(world)).toEqual({ openai: key })
  })

  it('fails where what the host holds cannot be kept, and leaves it', async () => {
    const { plugin, world } = await opened({ names: [] }, { openai: own })
    world.write(layout.edits, 'no journal')
    await world.time.run(async () => {
      const { auth } = await plugin()
      expect(await signIn(world, auth.methods[0])).toEqual({ type: 'failed' })
    })
    expect(entries(world)).toEqual({ openai: own })
    expect(world.pool().accounts.map(Account.name)).toEqual(['edsger@mail.test'])
  })
})
