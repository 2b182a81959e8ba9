/** How long a request waits for each part of an answer: every such time is a setting. */
import { second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { ask, openEngine, triedBy } from '../../support/engine'
import { keyOf, makeWorld, type World } from '../../support/world'

interface Case {
  readonly name: string
  readonly environment: Readonly<Record<string, string>>
  /** Of the first account; the others are good. */
  readonly does: Behaviour.Behaviour
  readonly end: 'whole' | 'cut'
  readonly tried: ReadonlyArray<string>
  /** In seconds from the asking, of the head and of the end. */
  readonly headAfter: number
  readonly took: number
}

/** The next account answers at once. */
const moves = (after: number): Omit<Case, 'name' | 'environment' | 'does'> => ({
  ...{ end: 'whole', tried: ['ada', 'grace'], headAfter: after, took: after },
})

const dripping = Behaviour.answers({ text: 'word '.repeat(100) }, 5 * second)

const cases: ReadonlyArray<Case> = [
  {
    name: 'its first byte, and then another account is asked',
    environment: { CODEX_AUTH_FETCH_TIMEOUT_MS: '7000' },
    does: Behaviour.silence,
    ...moves(7),
  },
  {
    name: 'its first byte, as for the whole where that is shorter',
    environment: { CODEX_AUTH_REQUEST_TIMEOUT_MS: '6000' },
    does: Behaviour.silence,
    ...moves(6),
  },
  {
    name: 'something to show, and then it is handed on as it is',
    environment: {
      CODEX_AUTH_STREAM_HEAD_TIMEOUT_MS: '4000',
      CODEX_AUTH_STREAM_STALL_TIMEOUT_MS: '9000',
    },
    does: Behaviour.stalls(2),
    ...{ end: 'cut', tried: ['ada'], headAfter: 4, took: 9 },
  },
  {
    name: 'the next piece, and then it is cut',
    environment: { CODEX_AUTH_STREAM_STALL_TIMEOUT_MS: '9000' },
    does: Behaviour.stalls('after-output'),
    ...{ end: 'cut', tried: ['ada'], headAfter: 0, took: 9 },
  },
  {
    name: 'its end, and then it is cut, however it drips',
    environment: { CODEX_AUTH_REQUEST_TIMEOUT_MS: '62000' },
    does: dripping,
    ...{ end: 'cut', tried: ['ada'], headAfter: 15, took: 62 },
  },
  {
    name: 'its end, and then another account is asked where nothing was shown',
    environment: {
      CODEX_AUTH_REQUEST_TIMEOUT_MS: '12000',
      CODEX_AUTH_STREAM_HEAD_TIMEOUT_MS: '600000',
    },
    does: dripping,
    ...moves(12),
  },
]

describe('an answer is waited for until', () => {
  it.each(cases)('$name', async ({ does, end, environment, headAfter, took, tried }) => {
    const world = await makeWorld()
    world.upstream.always(keyOf(world, 'ada'), does)
    const engine = await openEngine(world, { environment })
    const answer = await world.time.run(() => ask(engine, { id: 'one' }))
    expect({
      end: answer.end,
      tried: triedBy(engine, 'one'),
      headAfter: (answer.headAt - answer.startedAt) / second,
      took: (answer.endAt - answer.startedAt) / second,
    }).toEqual({ end, tried, headAfter, took })
    expect(answer.status).toBe(200)
    await world.time.run(engine.close)
    expectNothingOpen(world)
  })

  it('there is a connection, and then another account is asked', async () => {
    const world = await makeWorld()
    const { origin } = new URL(world.upstream.backend)
    world.network.serve(origin, ({ url }) =>
      url.endsWith('/responses')
        ? { _tag: 'Silent', phase: 'connect' }
        : { _tag: 'Answer', status: 404 },
    )
    const environment = { CODEX_AUTH_CONNECT_TIMEOUT_MS: '3000' }
    const engine = await openEngine(world, { environment })
    const { status, startedAt, text } = await world.time.run(() => ask(engine, { id: 'one' }))
    expect([status, JSON.parse(text).error.code]).toEqual([503, 'timed_out_connect'])
    const began = engine.attempts.slice(0, 3).map((attempt) => attempt.startedAt - startedAt)
    expect(began).toEqual([0, 3 * second, 6 * second])
  })

  it('the time for the whole is over, and not when it has ended before', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world, {
      environment: { CODEX_AUTH_REQUEST_TIMEOUT_MS: '5000' },
    })
    for (const id of ['one', 'two']) {
      const answer = await world.time.run(() => ask(engine, { id }))
      expect([answer.status, answer.end]).toEqual([200, 'whole'])
      await world.time.run(() => world.time.process('idle').call('wait', () => 0, { after: 6_000 }))
    }
    await world.time.run(engine.close)
    expectNothingOpen(world)
  })
})

const expectNothingOpen = ({ network }: World): void =>
  expect(network.exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
