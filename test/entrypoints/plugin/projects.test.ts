/** Several projects of one host process: each is served by its own pool, or by the user's. */
import * as OpenCode from '../../../core/hosts/opencode'
import * as Layout from '../../../core/storage/layout'
import * as PoolFile from '../../../core/storage/pool-file'
import * as ProjectIdentity from '../../../core/storage/project-identity'
import { openSharedOver } from '../../../entrypoints/plugin/engine/shared'
import type { Client, Hooks } from '../../../entrypoints/plugin/host'
import { openPlugin } from '../../../entrypoints/plugin/plugin'
import { memoryBrowser } from '../../../adapters/memory/browser'
import { layout, makeWorld, personOf, poolOf, portsOf, type World } from '../../support/world'

const home = '/home/ada'
const own = Layout.ofProject(ProjectIdentity.keyOf('/repos/engine'))(layout)

/** Ada is the user's, Grace the engine's; nothing of the other projects is anybody's own. */
const withHost = async () => {
  const world = await makeWorld({ names: ['ada', 'grace'] })
  const put = (path: string, name: string): void =>
    world.write(path, PoolFile.print(poolOf([personOf(world, name)], world.time.now())))
  put(layout.pool, 'ada')
  put(own.pool, 'grace')
  for (const name of ['engine', 'other', 'third']) world.write(`/repos/${name}/.git/HEAD`, '')
  const process = world.time.process('host')
  const shared = openSharedOver(
    { ...portsOf(world, process), browser: memoryBrowser(process, undefined) },
    {
      home,
      environment: {
        CODEX_MULTI_AUTH_ISSUER: world.seams.issuer,
        CODEX_MULTI_AUTH_BACKEND: world.seams.backend,
      },
    },
  )._unsafeUnwrap()
  return { world, shared, open: (directory: string) => instanceIn(world, shared, directory) }
}

const client: Client = {
  auth: { set: async () => undefined },
  app: { log: async () => undefined },
  tui: { showToast: async () => undefined },
}

const instanceIn = (
  world: World,
  shared: Parameters<typeof openPlugin>[0],
  directory: string,
): Promise<Hooks> => world.time.run(() => openPlugin(shared, { client: { ...client }, directory }))

const servedBy = async (world: World, hooks: Hooks): Promise<string> => {
  const before = world.upstream.journal.requestsOf(personOf(world, 'grace').account.key).length
  const options = await hooks.auth.loader(async () => OpenCode.entry)
  if (!('fetch' in options)) return 'nobody'
  const { fetch } = options as { readonly fetch: typeof globalThis.fetch }
  const status = await world.time.run(async () => {
    const response = await fetch('https://api.openai.com/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5.5', instructions: 'x', input: 'hello', stream: true }),
    })
    await response.text()
    return response.status
  })
  const after = world.upstream.journal.requestsOf(personOf(world, 'grace').account.key).length
  return status === 200 ? (after > before ? 'grace' : 'ada') : String(status)
}

const listed = (hooks: Hooks, world: World): Promise<string> =>
  world.time.run(
    async () => (await hooks.tool['codex_accounts']?.execute({ action: 'list' })) ?? '',
  )

it('serves each from its own pool, and those without one from the user’s', async () => {
  const { open, world } = await withHost()
  const [engine, other, third] = [
    await open('/repos/engine'),
    await open('/repos/other'),
    await open('/repos/third'),
  ]
  expect(await servedBy(world, engine)).toBe('grace')
  expect(await servedBy(world, other)).toBe('ada')
  expect(await servedBy(world, third)).toBe('ada')
  expect(await listed(engine, world)).toMatch(/^1\. grace\S* .*$/)
  expect(await listed(other, world)).toMatch(/^1\. ada\S* .*$/)
  expect(world.upstream.journal.violations()).toEqual([])
})

it('keeps the engine of a pool until the last project that it serves has left', async () => {
  const { open, world } = await withHost()
  const [engine, other, third] = [
    await open('/repos/engine'),
    await open('/repos/other'),
    await open('/repos/third'),
  ]
  for (const one of [engine, other, third]) await servedBy(world, one)
  await world.time.run(() => other.dispose())
  await world.time.run(() => engine.dispose())
  expect(await servedBy(world, third)).toBe('ada')
  await world.time.run(() => third.dispose())
  expect(await servedBy(world, await open('/repos/engine'))).toBe('grace')
})

it('opens one engine a pool, and another when the last has left', async () => {
  const { shared, world } = await withHost()
  const join = async (directory: string) => {
    const member = await shared.join({ client: { ...client }, directory })
    return { ...member, engine: await member.engine() }
  }
  await world.time.run(async () => {
    const [engine, other] = [await join('/repos/engine'), await join('/repos/other')]
    const third = await join('/repos/third')
    expect([third.engine === other.engine, engine.engine === other.engine]).toEqual([true, false])
    await other.leave()
    expect((await join('/repos/other')).engine).toBe(third.engine)
    await engine.leave()
    expect((await join('/repos/engine')).engine).not.toBe(engine.engine)
  })
})
