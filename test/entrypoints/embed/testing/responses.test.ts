import * as O from 'fp-ts/Option'
import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { ask, credentials, events, request, world } from './world'
import { zstd } from './zstd'

const types = (text: string) => events(text).map(({ type }) => type)

const itemOf = (text: string, type: string) =>
  events(text).find(
    (event) => event.type === 'response.output_item.done' && event['item'].type === type,
  )?.['item']

const reasoningOf = (text: string) => itemOf(text, 'reasoning')

describe('an answer', () => {
  it('is a stream from created to completed, with usage', async () => {
    const at = await world()
    const { text, status, header } = await ask(at, at.ann)
    expect([status, header('content-type')]).toEqual([200, 'text/event-stream'])
    expect(types(text)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      ...Array.from({ length: 5 }, () => 'response.output_text.delta'),
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    const completed = events(text).at(-1)?.['response']
    expect(completed.usage).toMatchObject({
      input_tokens: expect.any(Number),
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: expect.any(Number),
      output_tokens_details: { reasoning_tokens: 8 },
      total_tokens: expect.any(Number),
    })
    expect(text).not.toContain(at.ann.email)
  })

  it('says what the test wants said, to whom it wants', async () => {
    const at = await world()
    at.upstream.speak(({ account, nth }) => `${account.email} ${nth}`)
    const said = async () => itemOf((await ask(at, at.ann)).text, 'message').content[0].text
    expect([await said(), await said()]).toEqual(['ann@example.com 1', 'ann@example.com 2'])
  })

  it('may call tools, show its reasoning and count as told', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [
      Behaviour.answers({
        text: 'Look.',
        reasoningSummary: 'Thinking hard.',
        calls: [
          { _tag: 'Function', name: 'exec_command', arguments: { cmd: 'ls' } },
          { _tag: 'Custom', name: 'apply_patch', input: '*** Begin Patch' },
        ],
        usage: { input: 1_000, cached: 900, output: 20, reasoning: 5 },
      }),
    ])
    const { text } = await ask(at, at.ann)
    expect(itemOf(text, 'function_call')).toMatchObject({
      name: 'exec_command',
      arguments: '{"cmd":"ls"}',
    })
    expect(itemOf(text, 'custom_tool_call')).toMatchObject({ input: '*** Begin Patch' })
    expect(reasoningOf(text).summary).toEqual([{ type: 'summary_text', text: 'Thinking hard.' }])
    expect(types(text)).toContain('response.reasoning_summary_text.delta')
    expect(events(text).at(-1)?.['response'].usage).toEqual({
      input_tokens: 1_000,
      input_tokens_details: { cached_tokens: 900 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 1_020,
    })
  })

  it('tells the account what is left', async () => {
    const at = await world()
    at.upstream.setQuota(at.ann.key, {
      windows: [{ usedPercent: 98, costPercent: 1, resetsIn: 60_000 }, { usedPercent: 5 }],
    })
    const { header } = await ask(at, at.ann)
    expect(header('x-codex-primary-used-percent')).toBe('99')
    expect(header('x-codex-primary-window-minutes')).toBe('300')
    expect(header('x-codex-primary-reset-after-seconds')).toBe('60')
    expect(header('x-codex-primary-reset-at')).toBe(String(at.now() / 1_000 + 60))
    expect(header('x-codex-secondary-window-minutes')).toBe('10080')
    expect(header('x-codex-secondary-used-percent')).toBe('5')
    expect(header('x-codex-plan-type')).toBe('plus')
    expect(header('x-codex-credits-unlimited')).toBe('False')
  })

  it('is refused once a window is spent, until it resets', async () => {
    const at = await world()
    at.upstream.setQuota(at.ann.key, {
      windows: [{ usedPercent: 99, costPercent: 1, resetsIn: 60_000 }, {}],
    })
    expect((await ask(at, at.ann)).status).toBe(200)
    const { status, json, header } = await ask(at, at.ann)
    expect(status).toBe(429)
    expect(json.error).toEqual({
      type: 'usage_limit_reached',
      message: 'The usage limit has been reached',
      plan_type: 'plus',
      resets_at: at.now() / 1_000 + 60,
      eligible_promo: null,
      resets_in_seconds: 60,
    })
    expect(header('x-codex-primary-used-percent')).toBe('100')
    expect((await ask(at, at.bob)).status).toBe(200)
    at.pass(60_000)
    expect((await ask(at, at.ann)).status).toBe(200)
  })

  it('reports nothing of an account nothing is metered of', async () => {
    const at = await world()
    at.upstream.setQuota(at.ann.key, { windows: [] })
    expect((await ask(at, at.ann)).header('x-codex-primary-used-percent')).toBe('')
  })
})

describe('a request', () => {
  it.each([
    { name: 'no stream', change: { stream: false }, says: 'Stream must be set to true' },
    { name: 'storing', change: { store: true }, says: 'Store must be set to false' },
    { name: 'a text for input', change: { input: 'hi' }, says: 'Input must be a list' },
    { name: 'no instructions', change: { instructions: undefined }, says: 'Instructions' },
    {
      name: 'a system message',
      change: { input: [{ role: 'system', content: 'x' }] },
      says: 'System messages',
    },
    ...['max_output_tokens', 'previous_response_id', 'temperature', 'user'].map((name) => ({
      name,
      change: { [name]: 1 },
      says: `Unsupported parameter: ${name}`,
    })),
  ])('is refused with $name', async ({ change, says }) => {
    const at = await world()
    const answer = await ask(at, at.ann, change)
    expect(answer.status).toBe(400)
    expect(answer.json.detail).toContain(says)
    expect(at.upstream.journal.violations()).toHaveLength(1)
  })

  it.each([
    { name: 'a reference', item: { type: 'item_reference', id: 'msg_1' } },
    { name: 'reasoning that is an id alone', item: { type: 'reasoning', id: 'rs_1', summary: [] } },
  ])('is refused with $name', async ({ item }) => {
    const at = await world()
    expect((await ask(at, at.ann, { input: [item] })).status).toBe(404)
  })

  it('needs no instructions from the official CLI, which sends them as a message', async () => {
    const at = await world()
    const headers = { version: '0.169.0' }
    expect((await ask(at, at.ann, { instructions: undefined }, headers)).status).toBe(200)
  })

  it('may be compressed with zstd', async () => {
    const at = await world()
    const headers = {
      ...credentials(at.upstream.signIn(at.ann), at.ann),
      'content-encoding': 'zstd',
      'thread-id': 'thread-1',
    }
    const url = `${at.upstream.modelBase}/responses`
    const body = zstd(JSON.stringify({ ...request, filler: 'x'.repeat(300_000) }))
    expect((await at.send({ method: 'POST', url, headers, body })).status).toBe(200)
    const [call] = at.upstream.journal.requestsOf(at.ann.key)
    expect(call).toMatchObject({
      origin: 'model',
      accountHeader: at.ann.accountId,
      conversation: { thread: 'thread-1', cacheKey: 'thread-1' },
      body: { model: 'gpt-5.5' },
      status: 200,
    })
    expect(call?.account).toEqual(O.some(at.ann))
  })

  it.each([
    { name: 'is no JSON', body: 'nonsense', encoding: 'identity', status: 400 },
    { name: 'is no zstd', body: 'nonsense', encoding: 'zstd', status: 400 },
    { name: 'is encoded otherwise', body: '{}', encoding: 'br', status: 415 },
  ])('is refused when its body $name', async ({ body, encoding, status }) => {
    const at = await world()
    const headers = {
      ...credentials(at.upstream.signIn(at.ann), at.ann),
      'content-encoding': encoding,
    }
    const url = `${at.upstream.backend}/codex/responses`
    expect((await at.send({ method: 'POST', url, headers, body })).status).toBe(status)
  })

  it('for a WebSocket is answered 426', async () => {
    const at = await world()
    const headers = { ...credentials(at.upstream.signIn(at.ann), at.ann), upgrade: 'websocket' }
    const url = `${at.upstream.modelBase}/responses`
    expect((await at.send({ url, headers, isUpgrade: true })).status).toBe(426)
    expect(at.upstream.journal.requestsOf()).toEqual([])
  })

  it('is not looked into where a bench switches that off', async () => {
    const at = await world({ readsBodies: false })
    expect((await ask(at, at.ann, { stream: false })).status).toBe(200)
  })
})

describe('what is bound to an account', () => {
  const sealedBy = async (at: Awaited<ReturnType<typeof world>>) => {
    const { text, header } = await ask(at, at.ann)
    return { item: reasoningOf(text), turnState: header('x-codex-turn-state') }
  }

  it('is taken back by its own account', async () => {
    const at = await world()
    const { item, turnState } = await sealedBy(at)
    const headers = { 'x-codex-turn-state': turnState }
    expect((await ask(at, at.ann, { input: [item] }, headers)).status).toBe(200)
    expect(at.upstream.journal.violations()).toEqual([])
  })

  it('is refused by another, in the words of the real backend', async () => {
    const at = await world()
    const { item } = await sealedBy(at)
    const answer = await ask(at, at.bob, { input: [item] })
    expect(answer.status).toBe(400)
    expect(answer.json.error).toMatchObject({
      code: 'invalid_encrypted_content',
      type: 'invalid_request_error',
    })
    expect(answer.json.error.message).toMatch(
      /^The encrypted content gAAA\.\.\..{4} could not be verified\. Reason: Encrypted content organization_id did not match the target organization\.$/,
    )
    expect(at.upstream.journal.violations()).toEqual([
      { _tag: 'ForeignContent', from: at.ann.accountId, to: at.bob.accountId, item: 'reasoning' },
    ])
  })

  it('is refused by everyone when nobody made it', async () => {
    const at = await world()
    const item = { type: 'reasoning', summary: [], encrypted_content: 'gAAAAother' }
    expect((await ask(at, at.ann, { input: [item] })).json.error.code).toBe(
      'invalid_encrypted_content',
    )
  })

  it('is refused as a turn state', async () => {
    const at = await world()
    const { turnState } = await sealedBy(at)
    const headers = { 'x-codex-turn-state': turnState }
    expect((await ask(at, at.bob, {}, headers)).status).toBe(400)
    expect(at.upstream.journal.violations()).toEqual([
      { _tag: 'ForeignTurnState', from: at.ann.accountId, to: at.bob.accountId },
    ])
  })

  it('is recorded even where a limit is what the account hears of', async () => {
    const at = await world()
    const { item } = await sealedBy(at)
    at.upstream.script(at.bob.key, [Behaviour.usageLimit()])
    expect((await ask(at, at.bob, { input: [item] })).status).toBe(429)
    expect(at.upstream.journal.violations()).toHaveLength(1)
  })

  it('is no turn state again once the request brought one', async () => {
    const at = await world()
    const { turnState } = await sealedBy(at)
    const { header } = await ask(at, at.ann, {}, { 'x-codex-turn-state': turnState })
    expect(header('x-codex-turn-state')).toBe('')
  })

  it('comes as one compaction item when the client asks to compact', async () => {
    const at = await world()
    const input = [...request.input, { type: 'compaction_trigger' }]
    const { text } = await ask(at, at.ann, { input })
    const items = events(text).filter(({ type }) => type === 'response.output_item.done')
    expect(items).toHaveLength(1)
    const compaction = itemOf(text, 'compaction')
    expect((await ask(at, at.ann, { input: [compaction] })).status).toBe(200)
    expect((await ask(at, at.bob, { input: [compaction] })).status).toBe(400)
  })

  it('is not sent to a client that does not ask for it', async () => {
    const at = await world()
    const { text } = await ask(at, at.ann, { include: [] })
    expect(reasoningOf(text)).not.toHaveProperty('encrypted_content')
  })
})
