/** Waits inside a request, and models that an account may not use. */
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { minute, second, type Millis } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../entrypoints/embed/testing/script'
import { ask, openEngine, triedBy } from '../../support/engine'
import { modelBody } from '../../support/model-request'
import { keyOf, layout, makeWorld, type World } from '../../support/world'

const retryAll = { CODEX_AUTH_RETRY_ALL_RATE_LIMITED: '1' }

describe('a limit on every account', () => {
  it('of a second is waited out inside the request, and announced', async () => {
    const world = await makeWorld()
    world.upstream.script(everyone, Array(3).fill(Behaviour.rateLimited(second)))
    const engine = await openEngine(world)
    const { status, startedAt, headAt } = await world.time.run(() => ask(engine, { id: 'one' }))
    expect([status, headAt - startedAt]).toEqual([200, second])
    expect(triedBy(engine, 'one')).toEqual(['ada', 'grace', 'barbara', 'ada'])
    expect(engine.rested).toEqual([['one', startedAt + second]])
  })

  it('of a minute is not, unless the person wants it', async () => {
    for (const { environment, expected } of [
      { environment: {}, expected: [429, 0] },
      { environment: retryAll, expected: [200, minute] },
      {
        environment: { ...retryAll, CODEX_AUTH_RETRY_ALL_MAX_WAIT_MS: '59000' },
        expected: [429, 0],
      },
    ]) {
      const world = await makeWorld()
      world.upstream.script(everyone, Array(3).fill(Behaviour.rateLimited(minute)))
      const engine = await openEngine(world, { environment })
      const { status, startedAt, headAt } = await world.time.run(() => ask(engine))
      expect([status, headAt - startedAt]).toEqual(expected)
    }
  })

  it('that comes again is waited for as often as the person wants', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.rateLimited(minute))
    const environment = { ...retryAll, CODEX_AUTH_RETRY_ALL_MAX_RETRIES: '2' }
    const engine = await openEngine(world, { environment })
    const { status, startedAt, headAt } = await world.time.run(() => ask(engine, { id: 'one' }))
    expect([status, headAt - startedAt]).toEqual([429, 2 * minute])
    expect(triedBy(engine, 'one')).toHaveLength(9)
  })

  it('is waited for no longer than the client stays', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.rateLimited(minute))
    const engine = await openEngine(world, { environment: retryAll })
    const leaving = new AbortController()
    const client = world.time.process('client')
    void client.call('leave', () => leaving.abort(), { after: 10 * second })
    const answer = await world.time.run(() => ask(engine, { id: 'one', gone: leaving.signal }))
    expect([answer.status, answer.headAt - answer.startedAt]).toEqual([499, 10 * second])
    expect(triedBy(engine, 'one')).toHaveLength(3)
  })
})

/** Where the upstream answers, nobody takes connections for that long. */
const stopListening = ({ network, time, upstream }: World, span: Millis): void => {
  const port = Number(new URL(upstream.backend).port)
  const listening = network.listeners.get(port)
  if (listening === undefined) throw new Error('nobody listens')
  network.listeners.delete(port)
  void time.process('operator').call('up', () => network.listeners.set(port, listening), {
    after: span,
  })
}

describe('an outage of 700 ms', () => {
  it.each([
    { name: 'in which connections are reset', goesDown: 'reset' },
    { name: 'in which nobody listens', goesDown: 'refused' },
  ])('$name, is survived, and burns no account', async ({ goesDown }) => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    if (goesDown === 'reset') world.upstream.outage(700)
    else stopListening(world, 700)
    const { status, startedAt, headAt } = await world.time.run(() => ask(engine, { id: 'one' }))
    expect(status).toBe(200)
    expect(headAt - startedAt).toBeGreaterThanOrEqual(700)
    expect(headAt - startedAt).toBeLessThan(3 * second)
    await world.time.run(engine.close)
    const state = RuntimeFile.parse(world.text(layout.runtimeState), '')
    expect(Object.keys(state.cooldowns).length).toBeLessThan(world.people.length)
  })
})

describe('a model that an account may not use', () => {
  it('is asked of the next, and of that one no more for a while', async () => {
    const world = await makeWorld()
    world.upstream.always(keyOf(world, 'ada'), Behaviour.unsupportedModel)
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine, { id: 'one' }))
    await world.time.run(() => ask(engine, { id: 'two' }))
    world.upstream.always(everyone, Behaviour.rateLimited(minute))
    world.upstream.always(keyOf(world, 'ada'), Behaviour.ok)
    const other = { ...modelBody, model: 'gpt-5.4' }
    await world.time.run(() => ask(engine, { id: 'other', body: other }))
    expect(['one', 'two'].map((id) => triedBy(engine, id))).toEqual([['ada', 'grace'], ['grace']])
    expect(triedBy(engine, 'other').at(-1)).toBe('ada')
    await world.time.run(engine.close)
    const state = RuntimeFile.parse(world.text(layout.runtimeState), '')
    expect(Object.keys(RuntimeState.lacksOf(keyOf(world, 'ada'))(state))).toEqual(['gpt-5.5'])
  })

  it('nor any other, is said to be so in one line', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.unsupportedModel)
    const engine = await openEngine(world)
    for (const tried of [['ada', 'grace', 'barbara'], []]) {
      const id = `${tried.length}`
      const { status, text } = await world.time.run(() => ask(engine, { id }))
      expect([status, text]).toEqual([400, expect.stringMatching(/^No account .* gpt-5\.5\b.*$/)])
      expect(triedBy(engine, id)).toEqual(tried)
    }
    expect(engine.models).toEqual([])
  })

  it('is exchanged for the next of the chain that the person has set, and that is told', async () => {
    const world = await makeWorld()
    world.write(
      layout.settings,
      JSON.stringify({
        unsupportedCodexPolicy: 'fallback',
        unsupportedCodexFallbackChain: { 'gpt-5.5': ['gpt-5.4'] },
      }),
    )
    world.upstream.always(everyone, ({ model }) =>
      model === 'gpt-5.5' ? Behaviour.unsupportedModel : Behaviour.ok,
    )
    const engine = await openEngine(world)
    const { status } = await world.time.run(() => ask(engine, { id: 'one' }))
    expect(status).toBe(200)
    expect(triedBy(engine, 'one')).toEqual(['ada', 'grace', 'barbara', 'ada'])
    expect(engine.models).toEqual([['one', 'gpt-5.5', 'gpt-5.4']])
    expect(world.upstream.journal.requestsOf().at(-1)?.body).toMatchObject({ model: 'gpt-5.4' })
  })
})
