import * as O from 'fp-ts/Option'
import type { Headers } from '../../../core/request/headers'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../entrypoints/embed/testing/script'
import { openHost, type HostFault, type HostTerms } from '../../../entrypoints/programs/host'
import { hour, minute, second } from '../../../core/time'
import { openEngine, type Engine } from '../../support/engine'
import { bytes } from '../../support/http'
import { makeWorld, personOf, type World } from '../../support/world'

const terms: HostTerms = {
  client: 'host',
  allowsBackground: async () => false,
  say: () => undefined,
}

interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly fault: HostFault | undefined
}

const url = 'https://api.openai.com/v1/responses'
const streaming = { model: 'gpt-5.5', instructions: 'Be brief.', input: 'hello', stream: true }

/** One host in a world, as a plugin opens it once and asks it often. */
const hostIn = async (world: World, given: Partial<HostTerms> = {}) => {
  const engine = await openEngine(world)
  const host = openHost(engine.router, { ...terms, ...given })
  const ask = (body: unknown, more: { url?: string; method?: string; headers?: Headers } = {}) =>
    world.time.run(async (): Promise<Heard> => {
      const reply = (
        await host({
          method: more.method ?? 'POST',
          url: more.url ?? url,
          headers: more.headers ?? [['x-client-request-id', 'one']],
          body: [bytes(typeof body === 'string' ? body : JSON.stringify(body))],
          gone: new AbortController().signal,
        })
      )._unsafeUnwrap()
      let text = ''
      for (;;) {
        const piece = await reply.body.next()
        if (piece.isErr()) return { ...reply, text, fault: piece.error }
        if (O.isNone(piece.value)) return { ...reply, text, fault: undefined }
        text += new TextDecoder().decode(piece.value.value)
      }
    })
  return { engine, ask }
}

const errorOf = ({ text }: Heard) => JSON.parse(text).error
const triedNames = ({ attempts }: Engine) => attempts.map(({ name }) => name)

describe('a host’s request', () => {
  it('comes back as the stream of the account that serves', async () => {
    const { ask, engine } = await hostIn(await makeWorld())
    const heard = await ask(streaming)
    expect(heard).toMatchObject({ status: 200, fault: undefined })
    expect(heard.text).toContain('response.completed')
    expect(engine.attempts).toHaveLength(1)
  })

  it('is folded to one object for who does not stream', async () => {
    const world = await makeWorld()
    world.upstream.script(everyone, [Behaviour.says('four')])
    const { ask } = await hostIn(world)
    const heard = await ask({ ...streaming, stream: false })
    expect(heard.headers).toEqual([['content-type', 'application/json']])
    expect(JSON.stringify(JSON.parse(heard.text).output)).toContain('four')
  })

  it('may name an earlier answer, which the backend does not have', async () => {
    const world = await makeWorld()
    const { ask } = await hostIn(world)
    const first = JSON.parse((await ask({ ...streaming, stream: false })).text)
    const id = first.output[0].id
    const heard = await ask({ ...streaming, input: [{ type: 'item_reference', id }] })
    expect(heard).toMatchObject({ status: 200, fault: undefined })
    const unknown = await ask({ ...streaming, input: [{ type: 'item_reference', id: 'msg_x' }] })
    expect(unknown.status).toBe(400)
    expect(errorOf(unknown)).toMatchObject({ code: 'unknown_item_reference' })
  })

  it.each([
    { name: 'no JSON', body: '{', code: 'not_a_model_request', status: 400 },
    { name: 'no model', body: { input: 'a' }, code: 'not_a_model_request', status: 400 },
    {
      name: 'background',
      body: { ...streaming, background: true },
      code: 'background_off',
      status: 400,
    },
  ])('is refused with words over $name', async ({ body, code, status }) => {
    const { ask, engine } = await hostIn(await makeWorld())
    const heard = await ask(body)
    expect([heard.status, errorOf(heard).code]).toEqual([status, code])
    expect(engine.attempts).toEqual([])
  })

  it.each([
    { method: 'GET', url },
    { method: 'POST', url: 'https://api.openai.com/v1/chat/completions' },
  ])('is no other than a model request: $method $url', async (asked) => {
    const { ask, engine } = await hostIn(await makeWorld())
    expect((await ask(streaming, asked)).status).toBe(404)
    expect(engine.attempts).toEqual([])
  })

  it('moves on before anybody notices', async () => {
    const world = await makeWorld({ names: ['ada', 'grace'] })
    world.upstream.always(personOf(world, 'ada').account.accountId, Behaviour.usageLimit())
    const { ask, engine } = await hostIn(world)
    expect(await ask(streaming)).toMatchObject({ status: 200, fault: undefined })
    expect(triedNames(engine)).toEqual(['ada', 'grace'])
  })

  it('shows a host when the first account is back, and that is all', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.usageLimit(2 * hour))
    const { ask } = await hostIn(world)
    const heard = await ask(streaming)
    expect(heard.status).toBe(400)
    expect(heard.headers.map(([name]) => name)).not.toContain('retry-after')
    expect(errorOf(heard).message).toMatch(/usage limit.*back in [12] h/)
  })

  it('tells any other program in the codes of HTTP', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.usageLimit(2 * hour))
    const { ask } = await hostIn(world, { client: 'other' })
    const heard = await ask(streaming)
    expect(heard.status).toBe(429)
    expect(heard.headers.map(([name]) => name)).toContain('retry-after')
  })

  it.each([Behaviour.stops('after-output'), Behaviour.cut('after-output')])(
    'ends in an error when its stream is cut: %o',
    async (behaviour) => {
      const world = await makeWorld({ names: ['ada'] })
      world.upstream.script(everyone, [behaviour])
      const { ask } = await hostIn(world)
      const heard = await ask(streaming)
      expect(heard.status).toBe(200)
      expect(heard.fault).toEqual({ _tag: 'ConnectionLost' })
    },
  )

  it.each([
    { name: 'keeps its connection open', does: Behaviour.stalls('end'), waits: 250 },
    { name: 'breaks its connection', does: Behaviour.cut('end'), waits: 0 },
  ])('is over with the last event, though the backend $name', async ({ does, waits }) => {
    for (const stream of [true, false]) {
      const world = await makeWorld({ names: ['ada'] })
      world.upstream.script(everyone, [does])
      const { ask, engine } = await hostIn(world)
      const began = world.time.now()
      expect(await ask({ ...streaming, stream })).toMatchObject({ status: 200, fault: undefined })
      expect(world.time.now() - began).toBeLessThanOrEqual(waits + second)
      expect(engine.attempts.map(({ end }) => end)).not.toContain('open')
      expect(engine.attempts).toHaveLength(1)
    }
  })

  it.each([
    ['invalid_prompt', 'invalid_prompt'],
    ['context_length_exceeded', 'context_length_exceeded'],
  ])('is refused as such when its stream begins with %s', async (code, expected) => {
    for (const stream of [true, false]) {
      const world = await makeWorld({ names: ['ada', 'grace'] })
      world.upstream.always(everyone, Behaviour.failed(code))
      const { ask, engine } = await hostIn(world)
      const heard = await ask({ ...streaming, stream })
      expect([heard.status, errorOf(heard).code]).toEqual([400, expected])
      expect(triedNames(engine)).toEqual(['ada'])
    }
  })

  it('is told to ask again when the backend fails for all, and is not made to', async () => {
    const world = await makeWorld({ names: ['ada', 'grace'] })
    world.upstream.always(everyone, Behaviour.serverFault(503, hour))
    const { ask } = await hostIn(world)
    const heard = await ask(streaming)
    const said = heard.fault === undefined ? errorOf(heard).message : JSON.stringify(heard.fault)
    expect(said).toContain('The backend fails for every account. Ask again in a minute.')
    expect(heard.headers.map(([name]) => name)).not.toContain('retry-after')
  })

  it('has the person told, once, that an earlier response it names is not kept', async () => {
    const said: Array<string> = []
    const { ask, engine } = await hostIn(await makeWorld(), { say: (line) => said.push(line) })
    for (const id of ['resp_1', 'resp_2']) {
      expect((await ask({ ...streaming, previous_response_id: id })).status).toBe(200)
    }
    expect(said).toEqual([expect.stringContaining('previous_response_id')])
    expect(JSON.stringify(engine.attempts)).not.toContain('resp_1')
  })

  it('passes on what the stream itself calls a failure', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.script(everyone, [Behaviour.failed('server_error', 'after-output')])
    const { ask } = await hostIn(world)
    expect(await ask(streaming)).toMatchObject({ status: 200, fault: undefined })
  })

  it('begins with comments when an answer is long in coming', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.script(everyone, [Behaviour.slow(minute)])
    const { ask } = await hostIn(world)
    const heard = await ask(streaming)
    expect(heard).toMatchObject({ status: 200, fault: undefined })
    expect(heard.text.split(': waiting').length - 1).toBe(minute / (5 * second) - 1)
    expect(heard.text).toContain('response.completed')
  })

  it('ends with words when an answer is long in coming and then a refusal', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.script(everyone, [Behaviour.slow(minute, Behaviour.usageLimit(hour))])
    const { ask } = await hostIn(world)
    const heard = await ask(streaming)
    expect(heard.fault).toMatchObject({ _tag: 'Refused' })
    expect(JSON.stringify(heard.fault)).toMatch(/usage limit/)
  })

  it('is told in the stream of a conversation that is too long, when that is long in coming', async () => {
    const world = await makeWorld({ names: ['ada'] })
    world.upstream.script(everyone, [Behaviour.slow(minute, Behaviour.contextTooLong)])
    const { ask } = await hostIn(world)
    const heard = await ask(streaming)
    expect(heard).toMatchObject({ status: 200, fault: undefined })
    const [, data = ''] = /\nevent: error\ndata: (.*)\n\n$/.exec(heard.text) ?? []
    expect(JSON.parse(data)).toMatchObject({
      type: 'error',
      error: { code: 'context_length_exceeded', message: expect.stringContaining('input exceeds') },
    })
  })

  it('has neither the host’s keys nor its inner notes on its way out', async () => {
    const { ask, engine } = await hostIn(await makeWorld())
    await ask(streaming, {
      headers: [
        ['x-client-request-id', 'one'],
        ['authorization', 'Bearer placeholder'],
        ['x-api-key', 'placeholder'],
        ['x-opencode-title', 'true'],
        ['session-id', 'ses_1'],
      ],
    })
    const sent = JSON.stringify(engine.attempts[0]?.sent)
    expect(sent).not.toContain('placeholder')
    expect(sent).not.toContain('x-opencode-title')
    expect(sent).toContain('ses_1')
  })
})
