/** Requests of one conversation that are under way together: the title of a session and its first turn. */
import * as O from 'fp-ts/Option'
import * as Pool from '../../../core/accounts/pool'
import { hour, minute, second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../entrypoints/embed/testing/script'
import { changePool } from '../../../entrypoints/programs/pool'
import { ask, openEngine, triedBy, type Asking, type Engine } from '../../support/engine'
import { keyOf, layout, portsOf, spreadingWorld, type World } from '../../support/world'

const slowWorld = async (): Promise<World> => {
  const world = await spreadingWorld()
  world.upstream.always(everyone, Behaviour.slow(2 * second))
  return world
}

/** Each is asked so long after the first one. */
const askAll = (
  { time }: World,
  askings: ReadonlyArray<readonly [engine: Engine, asking: Asking, after?: number]>,
) =>
  time.run(() =>
    Promise.all(
      askings.map(async ([engine, asking, after = 0], index) => {
        if (after > 0)
          await time.process(`client-${index}`).call('wait', () => undefined, { after })
        return ask(engine, asking)
      }),
    ),
  )

const title: Asking = { id: 'title', conversation: 'one' }
const turn: Asking = { id: 'turn', conversation: 'one' }

describe('of one conversation', () => {
  it.each([
    { name: 'in the very same moment', second: turn, after: 0 },
    { name: 'a moment later', second: turn, after: 500 },
    {
      name: 'in a thread of its own',
      second: { ...turn, conversation: 'own', parent: 'one' },
      after: 0,
    },
    {
      name: 'in a thread of its own, a moment later',
      second: { ...turn, conversation: 'own', parent: 'one' },
      after: 500,
    },
  ])('the second, $name, goes where the first is under way', async ({ second, after }) => {
    const world = await slowWorld()
    const engine = await openEngine(world)
    await askAll(world, [
      [engine, title],
      [engine, second, after],
    ])
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'ada'])
  })

  it('the second goes elsewhere where a person wants no affinity', async () => {
    const world = await slowWorld()
    const environment = { CODEX_AUTH_SESSION_AFFINITY: '0' }
    const engine = await openEngine(world, { environment })
    await askAll(world, [
      [engine, title],
      [engine, turn],
    ])
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'grace'])
  })

  it('the second follows a switch that was made meanwhile', async () => {
    const world = await slowWorld()
    const engine = await openEngine(world)
    const other = portsOf(world, world.time.process('switch'))
    const first = ask(engine, title)
    await world.time.run(() =>
      world.time.process('person').call('wait', () => undefined, { after: 500 }),
    )
    const pinned = await world.time.run(() =>
      changePool(other, layout)((pool) => Pool.pin(keyOf(world, 'barbara'))(pool).map(Pool.unpin)),
    )
    expect(pinned.isOk()).toBe(true)
    await world.time.run(() => Promise.all([first, ask(engine, turn)]))
    expect(triedBy(engine, 'turn')).not.toEqual(['ada'])
  })

  it('both are served when the account refuses', async () => {
    const world = await slowWorld()
    world.upstream.always(keyOf(world, 'ada'), Behaviour.slow(second, Behaviour.usageLimit(hour)))
    const engine = await openEngine(world)
    const answers = await askAll(world, [
      [engine, title],
      [engine, turn],
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    for (const id of ['title', 'turn']) expect(triedBy(engine, id)[0]).toBe('ada')
    expect(triedBy(engine, 'turn')).toEqual(triedBy(engine, 'title'))
  })

  it('the second goes where the token of the first is being renewed', async () => {
    const world = await slowWorld()
    world.upstream.refuseAccess(keyOf(world, 'ada'), 'token_expired')
    world.upstream.fail('/oauth/token', [Behaviour.delayed(2 * second)])
    const engine = await openEngine(world)
    await askAll(world, [
      [engine, title],
      [engine, turn, second],
    ])
    expect(triedBy(engine, 'title')).toEqual(['ada', 'ada'])
    expect(new Set(triedBy(engine, 'turn'))).toEqual(new Set(['ada']))
  })

  it('a third goes where the first has moved to', async () => {
    const world = await slowWorld()
    world.upstream.always(keyOf(world, 'ada'), Behaviour.serverFault())
    const engine = await openEngine(world)
    await askAll(world, [
      [engine, title],
      [engine, turn, second],
    ])
    expect(triedBy(engine, 'title')).toEqual(['ada', 'grace'])
    expect(triedBy(engine, 'turn')).toEqual(['grace'])
  })
})

it('of several conversations, each starts elsewhere, with all it asks', async () => {
  const world = await slowWorld()
  const engine = await openEngine(world)
  const talks = world.people.map((_, index) => `talk-${index}`)
  await askAll(
    world,
    ['title', 'turn'].flatMap((kind) =>
      talks.map(
        (conversation) => [engine, { conversation, id: `${kind} ${conversation}` }] as const,
      ),
    ),
  )
  const titles = talks.map((talk) => triedBy(engine, `title ${talk}`))
  expect(new Set(titles.flat()).size).toBe(world.people.length)
  expect(talks.map((talk) => triedBy(engine, `turn ${talk}`))).toEqual(titles)
})

describe('nothing is followed when a request is over that', () => {
  it.each([
    { name: 'was answered', does: Behaviour.ok },
    { name: 'broke off', does: Behaviour.cut('after-output') },
    { name: 'was refused by all', does: Behaviour.usageLimit(minute) },
    { name: 'was refused for what it asks', does: Behaviour.failed('invalid_prompt') },
    { name: 'was left before its answer', does: Behaviour.silence, leaves: true },
    { name: 'was left within its answer', does: Behaviour.answers({}, 4 * second), leaves: true },
  ])('$name', async ({ does, leaves = false }) => {
    const world = await spreadingWorld()
    world.upstream.always(everyone, does)
    const engine = await openEngine(world)
    const gone = new AbortController()
    const asking = ask(engine, { ...title, gone: gone.signal })
    if (leaves)
      await world.time.run(() =>
        world.time.process('client').call('leave', () => gone.abort(), { after: 13 * second }),
      )
    await world.time.run(() => asking)
    world.upstream.unscript()
    world.time.shiftClock(hour)
    await world.time.run(() => ask(engine, turn))
    expect(engine.decisions.at(-1)?.[1].chosen).toMatchObject(O.some({ because: 'hybrid' }))
  })
})
