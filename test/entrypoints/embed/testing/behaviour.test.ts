import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../../entrypoints/embed/testing/script'
import { ask, events, world } from './world'

describe('a refusal', () => {
  it.each([
    {
      name: 'a usage limit',
      behaviour: Behaviour.usageLimit(13_872_000),
      status: 429,
      body: { error: { type: 'usage_limit_reached', resets_in_seconds: 13_872 } },
    },
    {
      name: 'a plan without usage',
      behaviour: Behaviour.usageNotIncluded,
      status: 429,
      body: { error: { type: 'usage_not_included' } },
    },
    { name: 'a fault of the server', behaviour: Behaviour.serverFault(502), status: 502, body: {} },
    {
      name: 'an overload',
      behaviour: Behaviour.overloaded,
      status: 503,
      body: { error: { code: 'server_is_overloaded' } },
    },
    {
      name: 'an invalidated token',
      behaviour: Behaviour.unauthorized('token_invalidated'),
      status: 401,
      body: {
        error: {
          message: 'Your authentication token has been invalidated. Please try signing in again.',
          type: 'invalid_request_error',
          code: 'token_invalidated',
          param: null,
        },
        status: 401,
      },
    },
    {
      name: 'a deactivated workspace',
      behaviour: Behaviour.deactivatedWorkspace,
      status: 402,
      body: { detail: { code: 'deactivated_workspace' } },
    },
    {
      name: 'an unsupported country',
      behaviour: Behaviour.unsupportedCountry,
      status: 403,
      body: { error: { code: 'unsupported_country_region_territory' } },
    },
    {
      name: 'an unsupported model',
      behaviour: Behaviour.unsupportedModel,
      status: 400,
      body: {
        detail: "The 'gpt-5.5' model is not supported when using Codex with a ChatGPT account.",
      },
    },
    {
      name: 'a usage limit as 404',
      behaviour: Behaviour.usageLimitNotFound,
      status: 404,
      body: { error: { type: 'usage_limit_reached' } },
    },
    {
      name: 'too long a context',
      behaviour: Behaviour.contextTooLong,
      status: 400,
      body: { error: { code: 'context_length_exceeded' } },
    },
  ])('may be $name', async ({ behaviour, status, body }) => {
    const at = await world()
    at.upstream.script(at.ann.accountId, [behaviour])
    const answer = await ask(at, at.ann)
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject(body)
    expect((await ask(at, at.ann)).status).toBe(200)
  })

  it('may be a page instead of JSON', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.challenge])
    const answer = await ask(at, at.ann)
    expect([answer.status, answer.header('content-type')]).toEqual([
      403,
      'text/html; charset=UTF-8',
    ])
    expect(answer.header('cf-ray')).not.toBe('')
  })

  it('names a reset time in body and headers alike', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.usageLimit(60_000)])
    const { json, header } = await ask(at, at.ann)
    expect(header('x-codex-primary-used-percent')).toBe('100')
    expect(header('x-codex-primary-reset-at')).toBe(String(json.error.resets_at))
    expect(header('x-codex-primary-reset-after-seconds')).toBe('60')
    expect(header('x-codex-rate-limit-reached-type')).not.toBe('')
  })

  it.each([
    { name: 'with', behaviour: Behaviour.rateLimited(2_000), expected: [429, '2'] },
    { name: 'without', behaviour: Behaviour.rateLimited(), expected: [429, ''] },
    { name: 'as 503 with', behaviour: Behaviour.serverFault(503, 1_000), expected: [503, '1'] },
  ])('may come $name a time to wait', async ({ behaviour, expected }) => {
    const at = await world()
    at.upstream.script(at.ann.key, [behaviour])
    const { status, header } = await ask(at, at.ann)
    expect([status, header('retry-after')]).toEqual(expected)
  })
})

describe('a stream', () => {
  const last = (text: string) => events(text).at(-1)

  it.each([
    { name: 'reset before the answer', behaviour: Behaviour.reset, end: 'none', deltas: 0 },
    { name: 'cut at the start', behaviour: Behaviour.cut('start'), end: 'cut', deltas: 0 },
    { name: 'cut before output', behaviour: Behaviour.cut('before-output'), end: 'cut', deltas: 0 },
    { name: 'cut after output', behaviour: Behaviour.cut('after-output'), end: 'cut', deltas: 1 },
    { name: 'empty', behaviour: Behaviour.emptyStream, end: 'whole', deltas: 0 },
    {
      name: 'at an end before output',
      behaviour: Behaviour.stops('before-output'),
      end: 'whole',
      deltas: 0,
    },
    {
      name: 'at an end after output',
      behaviour: Behaviour.stops('after-output'),
      end: 'whole',
      deltas: 1,
    },
  ])('may be $name', async ({ behaviour, end, deltas }) => {
    const at = await world()
    at.upstream.script(at.ann.key, [behaviour])
    const answer = await ask(at, at.ann)
    expect(answer.end).toBe(end)
    const seen = events(answer.text).map(({ type }) => type)
    expect(seen.filter((type) => type === 'response.output_text.delta')).toHaveLength(deltas)
    expect(seen).not.toContain('response.completed')
  })

  it.each([
    { place: 'start', count: 0 },
    { place: 'before-output', count: 6 },
    { place: 'after-output', count: 7 },
    { place: 1, count: 1 },
  ] as const)('may break at $place', async ({ place, count }) => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.stops(place)])
    expect(events((await ask(at, at.ann)).text)).toHaveLength(count)
  })

  it('may fail with a code, before or after output', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [
      Behaviour.failed('rate_limit_exceeded'),
      Behaviour.failed('server_is_overloaded', 'after-output', 'At capacity.'),
    ])
    const before = last((await ask(at, at.ann)).text)
    expect(before?.type).toBe('response.failed')
    expect(before?.['response'].error.code).toBe('rate_limit_exceeded')
    const after = await ask(at, at.ann)
    expect(after.text).toContain('response.output_text.delta')
    expect(last(after.text)?.['response'].error.message).toBe('At capacity.')
  })

  it('may bring an error event, or end incomplete', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.errorEvent('server_error'), Behaviour.incomplete()])
    expect(last((await ask(at, at.ann)).text)).toMatchObject({
      type: 'error',
      code: 'server_error',
    })
    expect(last((await ask(at, at.ann)).text)?.['response'].incomplete_details).toEqual({
      reason: 'max_output_tokens',
    })
  })

  it('may be no stream at all', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.noStream()])
    const answer = await ask(at, at.ann)
    expect([answer.status, answer.header('content-type')]).toEqual([200, 'application/json'])
  })

  it('may be slow before its head and between its events', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [
      Behaviour.slow(5_000, Behaviour.rateLimited()),
      Behaviour.answers({ text: 'Hi' }, 1_000),
    ])
    const slow = await ask(at, at.ann)
    expect([slow.status, slow.tookMs]).toEqual([429, 5_000])
    const paced = await ask(at, at.ann)
    expect(paced.tookMs).toBe((events(paced.text).length - 1) * 1_000)
  })

  it.each([
    { name: 'before the answer', behaviour: Behaviour.silence },
    { name: 'inside it', behaviour: Behaviour.stalls('after-output') },
  ])('may fall silent $name, until the upstream closes', async ({ behaviour }) => {
    const at = await world()
    at.upstream.script(at.ann.key, [behaviour])
    const pending = ask(at, at.ann)
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
    expect(at.upstream.journal.requestsOf(at.ann.key)).toHaveLength(1)
    expect((await at.upstream.close()).isOk()).toBe(true)
    expect((await pending).end).not.toBe('whole')
  })
})

describe('a script', () => {
  it('may ask for a tool instead of saying something', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [
      Behaviour.calls('exec_command', { cmd: 'ls' }),
      Behaviour.callsCustom('apply_patch', '*** Begin Patch'),
    ])
    const seen = async () => {
      const done = events((await ask(at, at.ann)).text).filter(
        ({ type }) => type === 'response.output_item.done',
      )
      return done.map(({ item }) => item.type)
    }
    expect(await seen()).toEqual(['reasoning', 'function_call'])
    expect(await seen()).toEqual(['reasoning', 'custom_tool_call'])
  })

  it('is used up in order, and then the standing order holds', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.serverFault(500), Behaviour.serverFault(502)])
    at.upstream.always(at.ann.accountId, Behaviour.serverFault(503))
    const statuses = []
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await ask(at, at.ann)).status)
    expect(statuses).toEqual([500, 502, 503, 503])
    expect((await ask(at, at.bob)).status).toBe(200)
    at.upstream.unscript()
    expect((await ask(at, at.ann)).status).toBe(200)
  })

  it('may be a function of the request', async () => {
    const at = await world()
    at.upstream.always(everyone, ({ nth, model }) =>
      nth % 2 === 0 ? Behaviour.reset : Behaviour.says(model),
    )
    expect((await ask(at, at.ann)).text).toContain('gpt-5.5')
    expect((await ask(at, at.ann)).end).toBe('none')
    expect((await ask(at, at.ann)).end).toBe('whole')
  })

  it('for one of two who share a workspace leaves the other alone', async () => {
    const at = await world()
    const shared = { workspaces: [{ accountId: 'shared', plan: 'team' }] }
    const cy = at.upstream.addPerson({ email: 'cy@example.com', ...shared }).accounts[0]
    const dee = at.upstream.addPerson({ email: 'dee@example.com', ...shared }).accounts[0]
    at.upstream.always(cy.key, Behaviour.serverFault(500))
    expect((await ask(at, cy)).status).toBe(500)
    expect((await ask(at, dee)).status).toBe(200)
    at.upstream.unscript()
    at.upstream.always('shared', Behaviour.serverFault(500))
    expect((await ask(at, cy)).status).toBe(500)
    expect((await ask(at, dee)).status).toBe(500)
    expect(at.upstream.journal.requestsOf('shared')).toHaveLength(4)
    expect(at.upstream.journal.requestsOf(dee.key)).toHaveLength(2)
  })

  it('makes the same bytes of the same seed', async () => {
    const run = async () => {
      const at = await world()
      at.upstream.script(at.ann.key, [Behaviour.usageLimit(), Behaviour.cut('after-output')])
      const answers = [await ask(at, at.ann), await ask(at, at.ann), await ask(at, at.ann)]
      return [answers.map(({ text }) => text), at.upstream.journal.calls()]
    }
    expect(await run()).toEqual(await run())
  })
})
