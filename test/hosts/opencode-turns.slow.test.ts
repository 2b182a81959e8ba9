/** What many turns of one OpenCode leave behind: as much as few do. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openServed, type Served } from './support/opencode-scene'
import { addProbe, heldBy, type Held } from './support/opencode-probe'
import type { OpenCodeServer } from './support/opencode-server'
import type { Scene } from './support/scene'

const turns = 500
/** What a process makes ready it has made by then. */
const settledAt = 200
/** A conversation is sent whole with each turn: a long one measures itself. */
const turnsOfSession = 10

let scene: Scene
let server: OpenCodeServer
let close: Served['close']

beforeAll(async () => {
  ;({ scene, server, close } = await openServed(addProbe))
})

afterAll(async () => {
  expect((await close()).strays).toEqual([])
})

const take = async (count: number): Promise<Held> => {
  for (let turn = 0; turn < count; turn += turnsOfSession) {
    const session = await server.openSession()
    for (let nth = 0; nth < turnsOfSession; nth += 1)
      expect(await session.say('hello')).toMatchObject({ text: 'Hello from the model.', error: '' })
  }
  return heldBy(scene, server)
}

/** Of the files under our root, in bytes. */
const sizes = async (): Promise<ReadonlyMap<string, number>> => {
  const root = join(scene.home.path, 'multi-auth')
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  return new Map(
    await Promise.all(
      files.map(async (path) => [path.slice(root.length + 1), (await stat(path)).size] as const),
    ),
  )
}

it(
  'holds no more after 500 turns than after 200',
  async () => {
    const early = await take(settledAt)
    const filesEarly = await sizes()
    const late = await take(turns - settledAt)
    // One closure, promise or signal kept for each turn would be more than this.
    expect(late.parts - early.parts).toBeLessThan((turns - settledAt) / 2)
    expect(late.heapBytes / early.heapBytes).toBeLessThan(1.1)
    expect(late.handles / early.handles).toBeLessThan(1.5)

    const files = await sizes()
    const isLasting = (name: string): boolean => !/\d+\.json$|lock|draft/.test(name)
    expect([...files.keys()].filter(isLasting).sort()).toEqual(
      [...filesEarly.keys()].filter(isLasting).sort(),
    )
    // It remembers a conversation in some hundred bytes, and 512 of them.
    expect(files.get('runtime/state.json')).toBeLessThan(200_000)
    expect(files.get('logs/decisions.jsonl')).toBeLessThan(1_100_000)
  },
  20 * 60_000,
)
