/** What only one account can read: compactions, and what is left when reasoning was dropped. */
import { hour } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import * as Sealed from '../../../entrypoints/embed/testing/sealed'
import { explainNext } from '../../../entrypoints/programs/explain'
import * as O from 'fp-ts/Option'
import { ask, openEngine, triedBy, type Asking, type Engine } from '../../support/engine'
import { modelBody } from '../../support/model-request'
import { keyOf, layout, makeWorld, personOf, portsOf, type World } from '../../support/world'
import { zstd } from '../embed/testing/zstd'

const askFor = (engine: Engine, asking: Asking) => engine.world.time.run(() => ask(engine, asking))

const [said] = modelBody.input

/** As the official CLI asks for it. */
const compacting = {
  conversation: 'thread',
  headers: [
    ['content-encoding', 'zstd'],
    ['x-codex-turn-metadata', JSON.stringify({ request_kind: 'compaction' })],
  ],
  body: zstd(JSON.stringify({ ...modelBody, input: [said, { type: 'compaction_trigger' }] })),
} as const

const folded = (world: World, name: string): object => ({
  type: 'compaction',
  encrypted_content: Sealed.seal('compaction', personOf(world, name).account.accountId, 1),
})

const following = (...items: ReadonlyArray<object>): Asking => ({
  conversation: 'thread',
  body: { ...modelBody, input: [...items, said] },
})

/** For each account the outcome of the last decision on the request. */
const outcomes = (engine: Engine, id: string): ReadonlyArray<string> => {
  const [, selection] = engine.decisions.filter(([request]) => request === id).at(-1) ?? []
  return (selection?.trace ?? []).map((line) =>
    line._tag === 'Unavailable' ? line.reason._tag : line._tag,
  )
}

describe('a conversation that was compacted', () => {
  it.each([
    { name: 'as the official CLI does', asking: compacting },
    {
      name: 'as another client does',
      asking: {
        conversation: 'thread',
        body: { ...modelBody, input: [said, { type: 'compaction_trigger' }] },
      },
    },
  ])('$name, goes to that account alone, whose limit is the answer', async ({ asking }) => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    expect((await askFor(engine, { id: 'compaction', ...asking })).status).toBe(200)
    await world.time.run(engine.close)
    world.upstream.always(keyOf(world, 'ada'), Behaviour.usageLimit(hour))

    // Also in another process.
    const later = await openEngine(world, { name: 'later' })
    const given = { id: 'later', ...following(folded(world, 'ada')) }
    const { status, text } = await askFor(later, given)
    expect([status, JSON.parse(text).error.resets_in_seconds]).toEqual([429, 3_600])
    expect(triedBy(later, 'later')).toEqual(['ada'])
    expect(outcomes(later, 'later')).toEqual(['RateLimited', 'BoundElsewhere', 'BoundElsewhere'])

    await askFor(later, { id: 'other', conversation: 'another' })
    expect(triedBy(later, 'other')).toEqual(['grace'])
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('is explained by what it is bound to', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await askFor(engine, { ...compacting, id: 'compaction' })
    await world.time.run(engine.close)
    const ports = portsOf(world, world.time.process('why'))
    const why = (id: string) =>
      world.time.run(async () =>
        (
          await explainNext(
            ports,
            layout,
            {},
          )({
            conversation: O.some(id),
            parent: O.none,
            model: O.none,
          })
        )._unsafeUnwrap(),
      )
    const says = async (id: string) => (await why(id)).explanation.rows.map((row) => row.says)
    const elsewhere = 'cannot use the conversation that another account has compacted'
    expect(await says('thread')).toEqual([
      ...['holds what the request cannot do without', elsewhere, elsewhere],
    ])
    expect(await says('another')).not.toContain(elsewhere)
  })

  it('by an account that needs a new sign-in, ends in one plain line', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    await askFor(engine, { ...compacting, id: 'compaction' })
    world.upstream.refuseAccess(keyOf(world, 'ada'), 'token_revoked')
    const given = { id: 'later', ...following(folded(world, 'ada')) }
    const { status, text } = await askFor(engine, given)
    expect([status, text]).toEqual([400, expect.stringMatching(/^No account .*cannot|^No account/)])
    expect(text).toMatch(/can read this conversation.*codex-multi-auth login/)
    expect(triedBy(engine, 'later')).toEqual(['ada'])
  })
})

describe('what was encrypted by an account that is not known', () => {
  it('is asked of each, and then of that which could read it', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const given = following(folded(world, 'barbara'))
    expect((await askFor(engine, { id: 'one', ...given })).status).toBe(200)
    expect((await askFor(engine, { id: 'two', ...given })).status).toBe(200)
    expect(triedBy(engine, 'one')).toEqual(['ada', 'ada', 'grace', 'barbara'])
    expect(triedBy(engine, 'two')).toEqual(['barbara'])
  })

  it('is asked of each once more without reasoning, and has a clear end', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const foreign = { type: 'compaction', encrypted_content: Sealed.seal('compaction', 'gone', 1) }
    const { status, text } = await askFor(engine, { id: 'one', ...following(foreign) })
    expect([status, text]).toEqual([400, expect.stringContaining('can read this conversation')])
    expect(triedBy(engine, 'one')).toEqual(['ada', 'ada', 'grace', 'barbara'])
    expect(engine.gaveUp.map(([, { _tag }]) => _tag)).toEqual(['Unreadable'])
  })

  it('is left out where it is reasoning, and what was compacted stays', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const thought = {
      type: 'reasoning',
      summary: [],
      encrypted_content: Sealed.seal('reasoning', personOf(world, 'grace').account.accountId, 1),
    }
    const own = folded(world, 'ada')
    const { status } = await askFor(engine, { id: 'one', ...following(own, thought) })
    expect(status).toBe(200)
    expect(triedBy(engine, 'one')).toEqual(['ada', 'ada'])
    const sent = world.upstream.journal.requestsOf().at(-1)?.body
    expect(sent).toMatchObject({ input: [own, said] })
  })
})
