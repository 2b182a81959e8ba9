import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import * as Headers from '../../../core/request/headers'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second, type Millis } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../entrypoints/embed/testing/script'
import { ask, openEngine, triedBy, type Engine } from '../../support/engine'
import { bytes } from '../../support/http'
import { modelBody } from '../../support/model-request'
import {
  keyOf,
  layout,
  makeWorld,
  nameOf,
  personOf,
  spreadingWorld,
  type World,
} from '../../support/world'
import { zstd } from '../embed/testing/zstd'

const sentHeader = (engine: Engine, name: string): ReadonlyArray<string> =>
  engine.attempts.map(({ sent }) => O.getOrElse(() => '-')(Headers.get(name)(sent)))

const names = (headers: Headers.Headers): ReadonlyArray<string> => headers.map(([name]) => name)

/** Aborted when the span is over, as time passes in this world. */
const after = (world: World, span: Millis): AbortSignal => {
  const leaving = new AbortController()
  void world.time
    .process('client')
    .call('leave', () => leaving.abort(), { after: span })
    .catch(() => undefined)
  return leaving.signal
}

/** No connection is left that somebody still sends on. */
const expectLetGo = ({ network }: World): void => {
  expect(network.exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
}

describe('the way of a request', () => {
  it('is signed as the account that serves, and otherwise as it came', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const headers: Headers.Headers = [
      ['x-unheard-of', 'kept'],
      ['cookie', 'a=b'],
      ['accept-encoding', 'gzip'],
      ['connection', 'keep-alive, x-of-this-hop'],
      ['x-of-this-hop', '1'],
    ]
    await world.time.run(() => ask(engine, { headers }))
    const [attempt] = engine.attempts
    const { account, tokens } = personOf(world, 'ada')
    const sent = attempt?.sent ?? []
    expect(Headers.get('authorization')(sent)).toEqual(O.some(`Bearer ${tokens.accessToken}`))
    expect(Headers.get('chatgpt-account-id')(sent)).toEqual(O.some(account.accountId))
    expect(Headers.get('x-unheard-of')(sent)).toEqual(O.some('kept'))
    const dropped = ['cookie', 'accept-encoding', 'connection', 'x-of-this-hop']
    expect(names(sent).filter((name) => dropped.includes(name))).toEqual([])
  })

  it('brings back neither the names of models nor cookies', async () => {
    const world = await makeWorld()
    world.network.serve('https://backend.test', () => ({
      ...{ _tag: 'Answer', status: 200, pieces: ['data: {"type":"response.completed"}\n\n'] },
      headers: [
        ['content-type', 'text/event-stream'],
        ['set-cookie', 'one=1'],
        ['x-models-etag', '"models"'],
        ['set-cookie', 'two=2'],
        ['x-kept', 'yes'],
      ],
    }))
    const seams = { ...world.seams, backend: 'https://backend.test/backend-api' }
    const engine = await openEngine(world, { seams })
    const { headers, text } = await world.time.run(() => ask(engine))
    expect(names(headers)).toEqual(['content-type', 'x-kept'])
    expect(text).toContain('response.completed')
  })

  it('hands on each piece before the next one is sent', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.answers({ text: 'one two three' }, second))
    const engine = await openEngine(world)
    const startedAt = world.time.now()
    const seen: Array<readonly [at: number, type: string]> = []
    const onPiece = (text: string): void => {
      const type = /^event: (.*)$/m.exec(text)?.[1] ?? ''
      seen.push([(world.time.now() - startedAt) / second, type])
    }
    const { headAt } = await world.time.run(() => ask(engine, { onPiece }))
    // Six events show nothing; the head is handed on with the seventh.
    expect((headAt - startedAt) / second).toBe(6)
    expect(seen.map(([at]) => at)).toEqual([6, 6, 6, 6, 6, 6, 6, 7, 8, 9, 10, 11, 12])
    expect(seen.slice(6, 9).map(([, type]) => type)).toEqual([
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.delta',
    ])
  })

  it('hands a head on that trickles without showing anything, after its time', async () => {
    const world = await makeWorld()
    const keepalive = 'data: {"type":"keepalive"}\n\n'
    world.network.serve('https://backend.test', ({ url }) => ({
      ...{ _tag: 'Answer', status: 200, headers: [['content-type', 'text/event-stream']] },
      pieces: url.endsWith('/responses') ? Array.from({ length: 10 }, () => keepalive) : [],
      pieceEvery: 4 * second,
    }))
    const seams = { ...world.seams, backend: 'https://backend.test/backend-api' }
    const engine = await openEngine(world, { seams })
    const startedAt = world.time.now()
    const seen: Array<number> = []
    const answer = await world.time.run(() =>
      ask(engine, { onPiece: () => seen.push((world.time.now() - startedAt) / second) }),
    )
    expect(answer).toMatchObject({ status: 200, end: 'whole', text: keepalive.repeat(10) })
    expect((answer.headAt - startedAt) / second).toBe(15)
    expect(seen).toEqual([15, 15, 15, 16, 20, 24, 28, 32, 36, 40])
    expect(triedBy(engine, engine.attempts[0]?.request ?? '')).toEqual(['ada'])
  })
})

describe('a failed attempt', () => {
  it('is let go of before the next account is asked, also when the upstream would say more', async () => {
    const world = await makeWorld()
    const letGoBefore: Array<boolean> = []
    const failed = 'data: {"type":"response.failed","response":{"error":{"code":"slow_down"}}}\n\n'
    world.network.serve('https://backend.test', ({ url }) => {
      if (!url.endsWith('/responses')) return { _tag: 'Reset' }
      const ours = world.network.exchanges.filter(({ request }) => request.url === url)
      letGoBefore.push(ours.every(({ isLetGo }) => isLetGo))
      const headers: Headers.Headers = [['content-type', 'text/event-stream']]
      return { _tag: 'Answer', status: 200, headers, pieces: [failed], ending: 'Silent' }
    })
    const seams = { ...world.seams, backend: 'https://backend.test/backend-api' }
    const engine = await openEngine(world, { seams })
    const { status } = await world.time.run(() => ask(engine))
    expect(status).toBe(503)
    expect(letGoBefore.length).toBeGreaterThan(3)
    expect(letGoBefore).not.toContain(false)
    expectLetGo(world)
    expect(new Set(engine.attempts.map(({ end }) => end))).toEqual(new Set(['cancelled']))
  })

  it('is let go of while the accounts are waited for', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.failed('slow_down')])
    const engine = await openEngine(world)
    const { status } = await world.time.run(() => ask(engine))
    expect(status).toBe(200)
    expect(engine.attempts.map(({ end }) => end)).toEqual(['cancelled', 'whole'])
  })

  it('has no part in the answer', async () => {
    const world = await makeWorld()
    world.upstream.speak(({ account }) => ({ text: `from ${nameOf(world, account.key)}` }))
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.cut(6)])
    world.upstream.script(keyOf(world, 'grace'), [Behaviour.failed('server_error')])
    const engine = await openEngine(world)
    const { text } = await world.time.run(() => ask(engine))
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'grace', 'barbara'])
    expect(text).toBe(engine.attempts[2]?.text)
    expect(text.match(/"type":"response.created"/g)).toHaveLength(1)
  })
})

describe('a client that leaves', () => {
  it('before its request is sent gets nothing sent', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const { status } = await world.time.run(() => ask(engine, { gone: AbortSignal.abort() }))
    expect(status).toBe(499)
    expect(world.upstream.journal.requestsOf()).toEqual([])
  })

  it.each([
    { name: 'before the answer', does: Behaviour.slow(minute) },
    { name: 'in the head of the stream', does: Behaviour.stalls(2) },
    { name: 'in the head of a stream that is slow', does: Behaviour.answers({}, 4 * second) },
  ])('$name ends the request: nobody else is asked or blamed', async ({ does }) => {
    const world = await makeWorld({ stale: ['grace', 'barbara'] })
    world.upstream.always(everyone, does)
    const engine = await openEngine(world)
    const startedAt = world.time.now()
    const gone = after(world, 10 * second)
    const answer = await world.time.run(() => ask(engine, { gone }))
    expect(answer).toMatchObject({ status: 499, text: '' })
    expect(answer.endAt - startedAt).toBe(10 * second)
    expect(engine.attempts).toMatchObject([{ name: 'ada', end: 'cancelled' }])
    expect(engine.decisions).toHaveLength(1)
    expect(world.upstream.journal.refreshes()).toEqual([])
    expectLetGo(world)
    await world.time.run(engine.close)
    expect(world.text(layout.runtimeState)).not.toContain('provider')
  })

  it('while a refusal is read ends the request too', async () => {
    const world = await makeWorld()
    world.network.serve('https://backend.test', ({ url }) => ({
      ...{ _tag: 'Answer', status: 500, pieces: ['{"error"'] },
      ending: url.endsWith('/responses') ? 'Silent' : 'Complete',
    }))
    const seams = { ...world.seams, backend: 'https://backend.test/backend-api' }
    const engine = await openEngine(world, { seams })
    const gone = after(world, second)
    const { status } = await world.time.run(() => ask(engine, { gone }))
    expect(status).toBe(499)
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada'])
    expect(engine.decisions).toHaveLength(1)
    expectLetGo(world)
  })

  it('after the head stops the upstream, and the conversation stays with its account', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.answers({ text: 'one two three four' }, 20 * second))
    const engine = await openEngine(world)
    const gone = after(world, 150 * second)
    const asking = { gone, conversation: 'thread' }
    const answer = await world.time.run(() => ask(engine, asking))
    expect(answer).toMatchObject({ status: 200, end: 'cut' })
    expect(answer.text).toBe(engine.attempts[0]?.text)
    expect(engine.attempts.map(({ end }) => end)).toEqual(['cancelled'])
    expectLetGo(world)
    await world.time.run(engine.close)
    const { ties } = RuntimeFile.parse(world.text(layout.runtimeState), '')
    expect(ties['thread']).toMatchObject({ account: keyOf(world, 'ada'), servedAt: answer.endAt })
  })

  it('while accounts are waited for ends the wait', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.unauthorized('token_revoked'))
    const engine = await openEngine(world)
    const gone = after(world, 1_500)
    const startedAt = world.time.now()
    const answer = await world.time.run(() => ask(engine, { gone }))
    expect(answer.status).toBe(499)
    expect(answer.endAt - startedAt).toBe(1_500)
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'grace'])
  })
})

describe('a turn state', () => {
  const header = 'x-codex-turn-state'
  const turnStateOf = (headers: Headers.Headers): string =>
    O.getOrElse(() => '')(Headers.get(header)(headers))

  it('goes back to the account that issued it, and to no other', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const first = await world.time.run(() => ask(engine, { conversation: 'one' }))
    const headers: Headers.Headers = [[header, turnStateOf(first.headers)]]
    const asking = { conversation: 'one', headers }
    await world.time.run(() => ask(engine, asking))
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    await world.time.run(() => ask(engine, asking))
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'ada', 'ada', 'grace'])
    const state = turnStateOf(first.headers)
    expect(state).not.toBe('')
    expect(sentHeader(engine, header)).toEqual(['-', state, state, '-'])
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('of which nobody knows who issued it goes to nobody', async () => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const first = await world.time.run(() => ask(engine))
    const later = await openEngine(world, { name: 'later' })
    const headers: Headers.Headers = [[header, turnStateOf(first.headers)]]
    await world.time.run(() => ask(later, { headers }))
    expect(sentHeader(later, header)).toEqual(['-'])
  })
})

describe('reasoning that another account made', () => {
  /** A conversation with ada, whose reasoning or compaction is in the history, and who is limited now. */
  const moved = async (type: 'reasoning' | 'compaction') => {
    const world = await makeWorld()
    const engine = await openEngine(world)
    const trigger = type === 'compaction' ? [{ type: 'compaction_trigger' }] : []
    const include = ['reasoning.encrypted_content']
    const first = { ...modelBody, include, input: [...modelBody.input, ...trigger] }
    const { text } = await world.time.run(() => ask(engine, { body: first, conversation: 'one' }))
    const sealed = /"encrypted_content":"([^"]+)"/.exec(text)?.[1]
    const history = [...modelBody.input, { type, encrypted_content: sealed }]
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    world.upstream.journal.forget()
    return { world, engine, body: { ...modelBody, input: history } }
  }
  const inputs = (world: World, name: string): ReadonlyArray<unknown> =>
    world.upstream.journal.requestsOf(keyOf(world, name)).map(({ body }) => body)

  it.each([
    { name: 'plain', encode: bytes, headers: [] },
    { name: 'zstd', encode: zstd, headers: [['content-encoding', 'zstd']] },
  ] satisfies ReadonlyArray<{
    name: string
    encode: (text: string) => Uint8Array
    headers: Headers.Headers
  }>)('is left out when the account it moved to cannot read it ($name)', async (given) => {
    const { world, engine, body } = await moved('reasoning')
    const encoded = given.encode(JSON.stringify(body))
    const asking = { id: 'moved', conversation: 'one', headers: given.headers, body: encoded }
    const { status } = await world.time.run(() => ask(engine, asking))
    expect([status, triedBy(engine, 'moved')]).toEqual([200, ['ada', 'grace', 'grace']])
    expect(inputs(world, 'ada')).toEqual([body])
    expect(inputs(world, 'grace')).toEqual([body, modelBody])
  })

  it('is not left out when it is a compaction, the only copy of what came before', async () => {
    const { world, engine, body } = await moved('compaction')
    const asking = { id: 'moved', conversation: 'one', body }
    const { status, text } = await world.time.run(() => ask(engine, asking))
    // Its maker is limited, and nobody else can read it.
    expect([status, JSON.parse(text).error.code]).toEqual([429, 'usage_limit_reached'])
    expect([inputs(world, 'ada'), inputs(world, 'grace')]).toEqual([[body], []])
  })
})

describe('where a workspace lives', () => {
  const header = 'x-openai-account-routing-override'
  const check = '/backend-api/wham/accounts/check'

  it('is asked once an account, and heeded', async () => {
    const world = await spreadingWorld()
    world.upstream.route(keyOf(world, 'ada'), { override: 'us' })
    const engine = await openEngine(world)
    const headers: Headers.Headers = [[header, 'of-another']]
    for (const conversation of ['one', 'two', 'one'])
      await world.time.run(() => ask(engine, { conversation, headers }))
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'grace', 'ada'])
    expect(sentHeader(engine, header)).toEqual(['us', '-', 'us'])
    expect(world.upstream.journal.callsTo(check)).toHaveLength(2)
  })

  it.each<{
    name: string
    faults: ReadonlyArray<Behaviour.Fault>
    expected: ReadonlyArray<string>
  }>([
    { name: 'a hiccup', faults: [Behaviour.reset], expected: ['-', 'us', 'us'] },
    {
      name: 'a backend that never answers it',
      faults: Array.from({ length: 9 }, () => Behaviour.serverFault(500)),
      expected: ['-', '-', '-', '-', '-'],
    },
  ])(
    'costs no request after $name, and is asked again a few times',
    async ({ faults, expected }) => {
      const world = await makeWorld({ names: ['ada'] })
      world.upstream.route(keyOf(world, 'ada'), { override: 'us' })
      world.upstream.fail(check, faults)
      const engine = await openEngine(world)
      for (const _ of expected) await world.time.run(() => ask(engine))
      expect(sentHeader(engine, header)).toEqual(expected)
      expect(world.upstream.journal.callsTo(check).length).toBeLessThanOrEqual(3)
    },
  )

  it('is asked again with the new token when the old one was refused', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.route(keyOf(world, 'ada'), { override: 'us' })
    world.upstream.refuseAccess(keyOf(world, 'ada'), 'token_expired')
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine))
    expect(sentHeader(engine, header)).toEqual(['-', 'us'])
  })

  it('that does not answer holds a request up for seconds alone', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.fail(check, [Behaviour.silence])
    const engine = await openEngine(world)
    const startedAt = world.time.now()
    const { status, endAt } = await world.time.run(() => ask(engine))
    expect([status, endAt - startedAt]).toEqual([200, 5 * second])
  })
})

describe('a clock that was set back', () => {
  const ahead = 26 * hour

  it('leaves no account out for longer than a refusal may last', async () => {
    const world = await makeWorld({ names: ['ada', 'grace'] })
    const at = world.time.now() + ahead - second
    const cooldown = Cooldown.cooling(world.time.now() + ahead, 'credential')
    const state = world.people
      .map(({ account }): RuntimeState.Observation => {
        return { _tag: 'Cooled', account: account.key, cooldown, at }
      })
      .reduce((before, one) => RuntimeState.apply(one)(before), RuntimeState.empty)
    world.write(layout.runtimeState, RuntimeFile.print(state, at))
    world.upstream.always(keyOf(world, 'ada'), Behaviour.unauthorized('token_expired'))
    world.upstream.script(keyOf(world, 'grace'), [Behaviour.ok, Behaviour.usageLimit(hour)])
    const engine = await openEngine(world)
    await world.time.run(() => ask(engine))
    // The new refusal counts, as it came when the clock was right.
    await world.time.run(() => ask(engine))
    expect(engine.attempts.map(({ name }) => name)).toEqual(['ada', 'ada', 'grace', 'grace'])
  })
})
