import { memoryHttpServer } from '../../../../adapters/memory/http-server'
import type { Disturb } from '../../../../adapters/memory/scheduler'
import { listenOnPair, type Pair } from '../../../../entrypoints/codex/proxy/listen-ports'
import { listenOn, replying } from '../../../support/http'
import { layout, makeWorld, portsOf, type World } from '../../../support/world'

const answer = replying(200, [], new Uint8Array())

const listenIn = (world: World, name = 'proxy') => {
  const process = world.time.process(name)
  const ports = portsOf(world, process)
  const listen = (port: number) => ports.server.listen({ host: '127.0.0.1', port }, answer)
  return listenOnPair(ports, layout, [listen, listen])
}

const portsTaken = async (world: World, name?: string): Promise<Pair> => {
  const listening = await world.time.run(() => listenIn(world, name))
  const [chatgpt, model] = listening._unsafeUnwrap()
  return [chatgpt.port, model.port]
}

const recorded = (world: World): ReadonlyArray<Pair> => JSON.parse(world.text(layout.ports)).pairs

const take = (world: World, port: number) =>
  listenOn(memoryHttpServer(world.time.process('other'), world.network), answer, port)

it('draws sixteen pairs once, and takes the first', async () => {
  const world = await makeWorld()
  const first = await portsTaken(world)
  const pairs = recorded(world)
  expect(pairs).toHaveLength(16)
  expect(new Set(pairs.flat()).size).toBe(32)
  expect(Math.min(...pairs.flat())).toBeGreaterThanOrEqual(20_000)
  expect(Math.max(...pairs.flat())).toBeLessThan(32_768)
  expect(first).toEqual(pairs[0])
  const text = world.text(layout.ports)
  expect(await portsTaken(world)).toEqual(pairs[1])
  expect(world.text(layout.ports)).toBe(text)
})

it.each([0, 1])(
  'passes over a pair of which port %i is taken, and holds nothing of it',
  async (at) => {
    const world = await makeWorld()
    const listeners = (await world.time.run(() => listenIn(world)))._unsafeUnwrap()
    for (const { close } of listeners) expect((await close()).isOk()).toBe(true)
    const [first, second] = recorded(world)
    await take(world, first?.[at] ?? 0)
    expect(await portsTaken(world)).toEqual(second)
    expect(world.network.listeners.has(first?.[1 - at] ?? 0)).toBe(false)
  },
)

it('takes any two free ports when all pairs are taken', async () => {
  const world = await makeWorld()
  await portsTaken(world)
  for (const [chatgpt] of recorded(world).slice(1)) await take(world, chatgpt)
  const pair = await portsTaken(world)
  expect(recorded(world).flat()).not.toEqual(expect.arrayContaining([pair[0]]))
  expect(new Set(pair).size).toBe(2)
})

it.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'agrees with a process that draws at the same time (%i)',
  async (seed) => {
    const world = await makeWorld({ seed })
    const taken = await world.time.run(() =>
      Promise.all([listenIn(world, 'one'), listenIn(world, 'two'), listenIn(world, 'three')]),
    )
    const pairs = taken.map((one) => one._unsafeUnwrap().map(({ port }) => port))
    const [a, b, c] = recorded(world)
    expect(pairs).toHaveLength(3)
    expect(pairs).toEqual(expect.arrayContaining([a, b, c]))
  },
)

it.each([
  { name: 'empty', text: '' },
  { name: 'cut short', text: '{"version":1,"pairs":[[20' },
  { name: 'of another form', text: '{"version":1,"pairs":[20000]}' },
  { name: 'with a port that is none', text: '{"version":1,"pairs":[[20000,99999]]}' },
])('draws anew where the file is $name', async ({ text }) => {
  const world = await makeWorld()
  world.write(layout.ports, text)
  const pair = await portsTaken(world)
  expect(recorded(world)).toHaveLength(16)
  expect(pair).toEqual(recorded(world)[0])
})

it('leaves a file of a newer version alone, and listens all the same', async () => {
  const world = await makeWorld()
  const newer = '{"version":2,"pairs":"of some other form"}'
  world.write(layout.ports, newer)
  expect(await portsTaken(world)).toHaveLength(2)
  expect(world.text(layout.ports)).toBe(newer)
})

it.each<{ name: string; disturb: Disturb }>([
  {
    name: 'cannot be written',
    disturb: ({ label }) =>
      /files\.(open|mkdir|rename) .*runtime/.test(label)
        ? { _tag: 'Fail', code: 'EACCES' }
        : { _tag: 'None' },
  },
  {
    name: 'cannot be read',
    disturb: ({ label }) =>
      label === `files.read ${layout.ports}` ? { _tag: 'Fail', code: 'EACCES' } : { _tag: 'None' },
  },
])('listens on two ports of its own where the folder $name', async ({ disturb }) => {
  const world = await makeWorld({ disturb })
  const pair = await portsTaken(world)
  expect(new Set(pair).size).toBe(2)
  expect(await portsTaken(world)).not.toEqual(pair)
})

it('says why when no port can be had at all', async () => {
  const disturb: Disturb = ({ process, label }) =>
    process === 'proxy' && label.startsWith('http-server.listen')
      ? { _tag: 'Fail', code: 'EPERM' }
      : { _tag: 'None' }
  const world = await makeWorld({ disturb })
  const refused = await world.time.run(() => listenIn(world))
  expect(refused._unsafeUnwrapErr()).toMatchObject({ _tag: 'ListenFault', code: 'EPERM' })
})
