/** What an answer tells of its account after its client has begun to get it. */
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, second } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { ask, openEngine } from '../../support/engine'
import { keyOf, layout, makeWorld, type World } from '../../support/world'

const textOf = (events: ReadonlyArray<object>): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')

const delta = { type: 'response.output_text.delta', delta: 'Hello' }
const completed = { type: 'response.completed', response: {} }
const stateOf = (world: World) =>
  RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))

/** The first account answers with these events, in one piece; then its conversation may ask again. */
const askAfter = async (later: (world: World) => ReadonlyArray<object>, asksAgain = true) => {
  const world = await makeWorld()
  const stream = textOf([delta, ...later(world)])
  world.upstream.script(keyOf(world, 'ada'), [Behaviour.noStream(stream, 'text/event-stream')])
  const engine = await openEngine(world)
  const first = await world.time.run(() => ask(engine, { conversation: 'one' }))
  expect(first.text).toBe(stream)
  if (asksAgain) await world.time.run(() => ask(engine, { conversation: 'one' }))
  await world.time.run(engine.close)
  return { names: engine.attempts.map(({ name }) => name), world }
}

it('is quota, when the stream says how much is left', async () => {
  const events = (of: World) => [
    {
      type: 'codex.rate_limits',
      plan_type: 'plus',
      rate_limits: {
        primary: {
          ...{ used_percent: 73, window_minutes: 300 },
          reset_at: (of.time.now() + hour) / second,
        },
      },
    },
    completed,
  ]
  const { world } = await askAfter(events, false)
  expect(RuntimeState.quotaOf(keyOf(world, 'ada'))(stateOf(world))).toMatchObject({
    value: { source: 'stream', windows: [{ kind: 'five-hour', usedPercent: 73 }] },
  })
})

it.each([
  {
    type: 'response.incomplete',
    response: { incomplete_details: { reason: 'usage_limit_reached' } },
  },
  { type: 'response.failed', response: { error: { code: 'rate_limit_exceeded' } } },
  { type: 'error', code: 'usage_limit_reached' },
])(
  'is a limit, when it ends with $type, and the next request asks another account',
  async (end) => {
    const { names, world } = await askAfter(() => [end])
    expect(RuntimeState.cooldownOf(keyOf(world, 'ada'))(stateOf(world))).toMatchObject({
      why: 'rate-limited',
    })
    expect(names).toEqual(['ada', 'grace'])
  },
)

it('is told once, when an error is followed by the end of its stream', async () => {
  const error = { code: 'rate_limit_exceeded' }
  const { world } = await askAfter(
    () => [
      { type: 'error', ...error },
      { type: 'response.failed', response: { error } },
    ],
    false,
  )
  const once = await askAfter(() => [{ type: 'response.failed', response: { error } }], false)
  const standingIn = (of: World) => stateOf(of).standings[keyOf(of, 'ada')]
  expect(standingIn(world)).toEqual(standingIn(once.world))
})

it('is quota too, when a limit says when its window ends', async () => {
  const { world } = await askAfter((of) => [
    {
      type: 'response.failed',
      response: {
        error: {
          code: 'usage_limit_reached',
          resets_at: (of.time.now() + hour) / second,
          plan_type: 'free',
        },
      },
    },
  ])
  expect(RuntimeState.quotaOf(keyOf(world, 'ada'))(stateOf(world))).toMatchObject({
    value: {
      ...{ source: 'refusal', windows: [{ usedPercent: 100 }] },
      plan: { value: { name: 'free' } },
    },
  })
})

it('is nothing that holds it back, when it is too long or the backend fails', async () => {
  for (const end of [
    {
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    },
    { type: 'response.failed', response: { error: { code: 'server_error' } } },
  ]) {
    const { names, world } = await askAfter(() => [end])
    expect(RuntimeState.cooldownOf(keyOf(world, 'ada'))(stateOf(world))._tag).toBe('Ready')
    expect(names).toEqual(['ada', 'ada'])
  }
})
