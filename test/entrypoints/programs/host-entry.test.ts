import * as OpenCode from '../../../core/hosts/opencode'
import { claimEntry, releaseEntry, type Claim } from '../../../entrypoints/programs/host-entry'
import { layout, makeWorld, portsOf, type World } from '../../support/world'

const store = '/home/ada/.local/share/opencode/auth.json'
const own = { type: 'oauth', access: 'a', refresh: 'r', expires: 1 }

const claim = (world: World): Promise<Claim> =>
  world.time.run(async () =>
    (await claimEntry(portsOf(world, world.time.process('host')), layout, store))._unsafeUnwrap(),
  )

/** What the host does when it is told to. */
const place = (world: World, more: object = {}): void =>
  world.write(store, JSON.stringify({ ...more, openai: OpenCode.entry }))

const release = (world: World): Promise<ReadonlyArray<string>> =>
  world.time.run(async () =>
    (await releaseEntry(portsOf(world, world.time.process('cli')), layout))._unsafeUnwrap(),
  )

const entries = (world: World) => JSON.parse(world.text(store))

describe('the sign-in a host holds', () => {
  it('is a placeholder once there are accounts', async () => {
    const world = await makeWorld()
    expect(await claim(world)).toEqual({ _tag: 'Place', keptAside: false })
  })

  it.each<{ name: string; names?: ReadonlyArray<string>; stored: object; because: string }>([
    { name: 'there is no account', names: [], stored: {}, because: 'NoAccounts' },
    { name: 'it is ours already', stored: { openai: OpenCode.entry }, because: 'Ours' },
    { name: 'it is a key', stored: { openai: { type: 'api', key: 'k' } }, because: 'ApiKey' },
  ])('stays where $name', async ({ names, stored, because }) => {
    const world = await makeWorld(names === undefined ? {} : { names })
    world.write(store, JSON.stringify(stored))
    expect(await claim(world)).toEqual({ _tag: 'Leave', because })
    expect(world.text(layout.edits)).toBe('')
  })

  it('comes back as it was, beside whatever else the host holds', async () => {
    const world = await makeWorld()
    const others = { anthropic: { type: 'api', key: 'k' } }
    world.write(store, JSON.stringify({ ...others, openai: own }))
    expect(await claim(world)).toEqual({ _tag: 'Place', keptAside: true })
    place(world, others)
    expect(await claim(world)).toEqual({ _tag: 'Leave', because: 'Ours' })
    expect(await release(world)).toEqual([store])
    expect(entries(world)).toEqual({ ...others, openai: own })
    expect(world.text(layout.edits)).toBe('')
  })

  it('is gone again where there was none', async () => {
    const world = await makeWorld()
    await claim(world)
    place(world)
    await release(world)
    expect(entries(world)).toEqual({})
  })

  it('stays as the person made it since', async () => {
    const world = await makeWorld()
    await claim(world)
    world.write(store, JSON.stringify({ openai: own }))
    expect(await release(world)).toEqual([])
    expect(entries(world)).toEqual({ openai: own })
  })

  it('is kept where only we can read it', async () => {
    const world = await makeWorld()
    world.write(store, JSON.stringify({ openai: own }))
    await claim(world)
    expect(world.disk.modeOf(layout.edits)).toBe(0o600)
  })
})
