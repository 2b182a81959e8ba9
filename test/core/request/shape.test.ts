import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { isFields, type Fields } from '../../../core/request/fields'
import * as Shape from '../../../core/request/shape'

const thought = { type: 'reasoning', encrypted_content: 'sealed', summary: [] }
const known: Fields = { type: 'message', id: 'msg_1', role: 'assistant', content: [] }
const rules: Shape.Rules = {
  recall: (id) => (id === 'msg_1' ? O.some(known) : O.none),
  allowsBackground: false,
}

const user = (text: string): Fields => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
})

const request = (more: Fields = {}): Fields => ({
  model: 'gpt-5.5',
  instructions: 'Be brief.',
  input: [user('hello')],
  ...more,
})

const shaped = (body: unknown, by: Shape.Rules = rules): Fields =>
  Shape.shape(by)(body)._unsafeUnwrap().body

const inputOf = (input: unknown, by?: Shape.Rules): unknown =>
  shaped(request({ input }), by)['input']

const call = (id: string, type = 'function_call'): Fields => ({ type, call_id: id, name: 'f' })
const output = (id: string, type = 'function_call_output'): Fields => ({
  type,
  call_id: id,
  output: 'done',
})

describe('a body as the backend takes it', () => {
  it('is streamed, stored nowhere and comes back with its reasoning sealed', () => {
    expect(shaped(request())).toEqual({
      ...request(),
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
    })
  })

  it.each<{ name: string; given: Fields; expected: Fields }>([
    { name: 'a stored one', given: { store: true }, expected: { store: false } },
    { name: 'one that does not stream', given: { stream: false }, expected: { stream: true } },
    {
      name: 'more to include',
      given: { include: ['x'] },
      expected: { include: ['x', 'reasoning.encrypted_content'] },
    },
    {
      name: 'an include that has it',
      given: { include: ['reasoning.encrypted_content', 'x'] },
      expected: { include: ['reasoning.encrypted_content', 'x'] },
    },
    {
      name: 'an include that is none',
      given: { include: 'x' },
      expected: { include: ['reasoning.encrypted_content'] },
    },
    {
      name: 'priority',
      given: { service_tier: 'priority' },
      expected: { service_tier: 'priority' },
    },
    {
      name: 'an effort',
      given: { reasoning: { effort: 'high', summary: 'auto' } },
      expected: { reasoning: { effort: 'high', summary: 'auto' } },
    },
    {
      name: 'an effort the model has not',
      given: { reasoning: { effort: 'max' } },
      expected: { reasoning: { effort: 'xhigh' } },
    },
    {
      name: 'an effort nobody knows',
      given: { reasoning: { effort: 'odd' } },
      expected: { reasoning: { effort: 'odd' } },
    },
    {
      name: 'an effort in the name',
      given: { model: 'gpt-5.5-high' },
      expected: { model: 'gpt-5.5', reasoning: { effort: 'high' } },
    },
    {
      name: 'an effort in name and body',
      given: { model: 'gpt-5.5-high', reasoning: { effort: 'low' } },
      expected: { model: 'gpt-5.5', reasoning: { effort: 'low' } },
    },
    { name: 'a prefix', given: { model: 'openai/gpt-5.5' }, expected: { model: 'gpt-5.5' } },
    { name: 'an unknown model', given: { model: 'o3' }, expected: { model: 'o3' } },
    {
      name: 'a cache key',
      given: { prompt_cache_key: 'ses_1' },
      expected: { prompt_cache_key: 'ses_1' },
    },
    {
      name: 'verbosity',
      given: { text: { verbosity: 'low' } },
      expected: { text: { verbosity: 'low' } },
    },
    { name: 'a field nobody knows', given: { brand_new: [1] }, expected: { brand_new: [1] } },
    {
      name: 'parallel calls',
      given: { parallel_tool_calls: true },
      expected: { parallel_tool_calls: true },
    },
    { name: 'an empty list of tools', given: { tools: [] }, expected: { tools: [] } },
    {
      name: 'a choice of the chat interface',
      given: { tool_choice: { type: 'function', function: { name: 'f' } } },
      expected: { tool_choice: { type: 'function', name: 'f' } },
    },
    {
      name: 'an automatic choice',
      given: { tool_choice: 'auto' },
      expected: { tool_choice: 'auto' },
    },
    {
      name: 'background said to be off',
      given: { background: false },
      expected: { background: false },
    },
  ])('keeps or mends $name', ({ given, expected }) => {
    expect(shaped(request(given))).toMatchObject(expected)
  })

  it.each([
    'context_management',
    'max_completion_tokens',
    'max_output_tokens',
    'metadata',
    'previous_response_id',
    'prompt_cache_options',
    'prompt_cache_retention',
    'safety_identifier',
    'temperature',
    'top_p',
    'truncation',
    'user',
  ])('goes without %s, which the backend refuses', (name) => {
    expect(shaped(request({ [name]: 'x' }))).not.toHaveProperty(name)
  })

  it.each(['auto', 'default', 'flex', 1])('goes without the service tier %s', (tier) => {
    expect(shaped(request({ service_tier: tier }))).not.toHaveProperty('service_tier')
  })

  it('has no tools and no choice where the request has none', () => {
    expect(Object.keys(shaped(request()))).not.toEqual(expect.arrayContaining(['tools']))
    expect(Object.keys(shaped(request()))).not.toEqual(expect.arrayContaining(['tool_choice']))
  })
})

describe('instructions', () => {
  const system = (content: unknown, role = 'system'): Fields => ({ role, content })
  it.each<{ name: string; given: Fields; instructions: string; input: unknown }>([
    { name: 'stay', given: {}, instructions: 'Be brief.', input: [user('hello')] },
    {
      name: 'are taken from a first system message',
      given: { instructions: undefined, input: [system('Be kind.'), user('a')] },
      instructions: 'Be kind.',
      input: [user('a')],
    },
    {
      name: 'are taken from a first developer message',
      given: { instructions: '', input: [system('Be kind.', 'developer'), user('a')] },
      instructions: 'Be kind.',
      input: [user('a')],
    },
    {
      name: 'are taken from several',
      given: {
        instructions: null,
        input: [system('A'), system([{ type: 'input_text', text: 'B' }]), user('a')],
      },
      instructions: 'A\n\nB',
      input: [user('a')],
    },
    {
      name: 'leave later messages alone',
      given: { instructions: '', input: [user('a'), system('A', 'developer')] },
      instructions: 'You are a helpful assistant.',
      input: [user('a'), system('A', 'developer')],
    },
    {
      name: 'are not taken from a message with an image',
      given: {
        instructions: '',
        input: [system([{ type: 'input_image' }], 'developer'), user('a')],
      },
      instructions: 'You are a helpful assistant.',
      input: [system([{ type: 'input_image' }], 'developer'), user('a')],
    },
    {
      name: 'win over system messages, which become the developer’s',
      given: { input: [system('A'), user('a')] },
      instructions: 'Be brief.',
      input: [system('A', 'developer'), user('a')],
    },
    {
      name: 'are something even where nobody gives any',
      given: { instructions: undefined },
      instructions: 'You are a helpful assistant.',
      input: [user('hello')],
    },
  ])('$name', ({ given, instructions, input }) => {
    expect(shaped(request(given))).toMatchObject({ instructions, input })
  })
})

describe('input', () => {
  it.each<{ name: string; given: unknown; expected: unknown }>([
    { name: 'a text', given: 'hello', expected: [user('hello')] },
    { name: 'nothing', given: [], expected: [] },
    { name: 'an id', given: [{ ...user('a'), id: 'msg_9' }], expected: [user('a')] },
    { name: 'the id of a thought', given: [{ ...thought, id: 'rs_1' }], expected: [thought] },
    {
      name: 'a thought that is an id alone',
      given: [{ type: 'reasoning', id: 'rs_1', summary: [] }, user('a')],
      expected: [user('a')],
    },
    {
      name: 'a thought without its content',
      given: [{ type: 'reasoning', encrypted_content: null, summary: [] }],
      expected: [],
    },
    {
      name: 'a compaction',
      given: [{ type: 'compaction', id: 'c', encrypted_content: 'x' }],
      expected: [{ type: 'compaction', encrypted_content: 'x' }],
    },
    {
      name: 'a compaction’s trigger',
      given: [{ type: 'compaction_trigger' }],
      expected: [{ type: 'compaction_trigger' }],
    },
    {
      name: 'a known reference',
      given: [{ type: 'item_reference', id: 'msg_1' }],
      expected: [{ type: 'message', role: 'assistant', content: [] }],
    },
    {
      name: 'a breakpoint in a content',
      given: [
        { ...user('a'), content: [{ type: 'input_text', text: 'a', prompt_cache_breakpoint: {} }] },
      ],
      expected: [user('a')],
    },
    {
      name: 'an image',
      given: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:' }] }],
      expected: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:' }] }],
    },
    {
      name: 'an item nobody knows',
      given: [{ type: 'new', odd: { id: 'kept' } }],
      expected: [{ type: 'new', odd: { id: 'kept' } }],
    },
    { name: 'what is no item', given: ['x', null, 3], expected: ['x', null, 3] },
    {
      name: 'a call and its output',
      given: [call('1'), output('1')],
      expected: [call('1'), output('1')],
    },
    {
      name: 'calls at once',
      given: [call('1'), call('2'), output('2'), output('1')],
      expected: [call('1'), call('2'), output('2'), output('1')],
    },
    {
      name: 'a custom call',
      given: [call('1', 'custom_tool_call'), output('1', 'custom_tool_call_output')],
      expected: [call('1', 'custom_tool_call'), output('1', 'custom_tool_call_output')],
    },
    {
      name: 'a call without an output',
      given: [call('1'), user('go on')],
      expected: [
        call('1'),
        {
          type: 'function_call_output',
          call_id: '1',
          output: 'Cancelled: this call has no output.',
        },
        user('go on'),
      ],
    },
    {
      name: 'a custom call without an output',
      given: [call('1', 'custom_tool_call')],
      expected: [
        call('1', 'custom_tool_call'),
        {
          type: 'custom_tool_call_output',
          call_id: '1',
          output: 'Cancelled: this call has no output.',
        },
      ],
    },
    {
      name: 'a shell call without an output',
      given: [call('1', 'local_shell_call')],
      expected: [
        call('1', 'local_shell_call'),
        {
          type: 'local_shell_call_output',
          call_id: '1',
          output: 'Cancelled: this call has no output.',
        },
      ],
    },
    {
      name: 'an output without a call',
      given: [output('1')],
      expected: [
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Output of an earlier tool call: done' }],
        },
      ],
    },
    {
      name: 'an output of another kind of call',
      given: [call('1'), output('1'), output('1', 'custom_tool_call_output')],
      expected: [
        call('1'),
        output('1'),
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Output of an earlier tool call: done' }],
        },
      ],
    },
    {
      name: 'an orphan of parts',
      given: [
        { type: 'function_call_output', call_id: '1', output: [{ type: 'input_text', text: 'x' }] },
      ],
      expected: [
        {
          type: 'message',
          role: 'assistant',
          content: [
            {
              type: 'output_text',
              text: 'Output of an earlier tool call: [{"type":"input_text","text":"x"}]',
            },
          ],
        },
      ],
    },
  ])('takes $name', ({ given, expected }) => {
    expect(inputOf(given)).toEqual(expected)
  })

  it('cuts an orphan’s output where it would fill the conversation', () => {
    const text = JSON.stringify(inputOf([{ ...output('1'), output: 'x'.repeat(50_000) }]))
    expect(text.length).toBeLessThan(17_000)
  })
})

describe('a request that cannot be shaped', () => {
  it.each<{ name: string; given: unknown; refusal: object }>([
    { name: 'no object', given: 'hello', refusal: { _tag: 'NoModelRequest' } },
    { name: 'nothing', given: null, refusal: { _tag: 'NoModelRequest' } },
    { name: 'a list', given: [], refusal: { _tag: 'NoModelRequest' } },
    { name: 'no model', given: { input: 'a' }, refusal: { _tag: 'NoModelRequest' } },
    {
      name: 'a model that is no text',
      given: { model: 5, input: 'a' },
      refusal: { _tag: 'NoModelRequest' },
    },
    { name: 'no input', given: { model: 'gpt-5.5' }, refusal: { _tag: 'NoModelRequest' } },
    {
      name: 'an input that is neither text nor list',
      given: { model: 'gpt-5.5', input: {} },
      refusal: { _tag: 'NoModelRequest' },
    },
    {
      name: 'messages of the chat interface',
      given: { model: 'gpt-5.5', messages: [] },
      refusal: { _tag: 'NoModelRequest' },
    },
    {
      name: 'an unknown reference',
      given: request({ input: [{ type: 'item_reference', id: 'msg_7' }] }),
      refusal: { _tag: 'UnknownReference', id: 'msg_7' },
    },
    {
      name: 'a reference to nothing',
      given: request({ input: [{ type: 'item_reference' }] }),
      refusal: { _tag: 'UnknownReference', id: '' },
    },
    {
      name: 'background',
      given: request({ background: true }),
      refusal: { _tag: 'BackgroundOff' },
    },
  ])('is refused over $name', ({ given, refusal }) => {
    expect(Shape.shape(rules)(given)._unsafeUnwrapErr()).toEqual(refusal)
  })

  it('is sent in the background, stored and with its ids, where a setting allows it', () => {
    const item = { ...user('a'), id: 'msg_9' }
    const body = shaped(request({ background: true, input: [item] }), {
      ...rules,
      allowsBackground: true,
    })
    expect(body).toMatchObject({ background: true, store: true, input: [item] })
  })
})

describe('what a caller reads', () => {
  it.each([
    { stream: true, wants: true },
    { stream: false, wants: false },
    { stream: undefined, wants: false },
  ])('is a stream with stream $stream: $wants', ({ stream, wants }) => {
    expect(Shape.shape(rules)(request({ stream }))._unsafeUnwrap().wantsStream).toBe(wants)
  })
})

const anId = fc.constantFrom('1', '2', '3')
const anItem: fc.Arbitrary<unknown> = fc.oneof(
  fc.string().map(user),
  fc.record({
    role: fc.constantFrom('system', 'developer', 'user', 'assistant'),
    content: fc.string(),
  }),
  fc
    .tuple(anId, fc.constantFrom('function_call', 'custom_tool_call'))
    .map(([id, type]) => call(id, type)),
  fc
    .tuple(anId, fc.constantFrom('function_call_output', 'custom_tool_call_output'))
    .map(([id, type]) => output(id, type)),
  fc.constantFrom<unknown>(
    thought,
    { type: 'reasoning', id: 'rs_1' },
    { type: 'item_reference', id: 'msg_1' },
    { type: 'compaction', encrypted_content: 'x' },
  ),
  fc.record({ id: fc.string(), type: fc.string(), odd: fc.jsonValue() }),
  fc.jsonValue(),
)
const aBody = fc
  .record(
    {
      model: fc.constantFrom('gpt-5.5', 'openai/gpt-5.6-high', 'gpt-9', 'o3'),
      input: fc.oneof(fc.string(), fc.array(anItem, { maxLength: 8 })),
      instructions: fc.oneof(fc.string(), fc.constant(null)),
      tools: fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            type: fc.constant('function'),
            name: fc.constantFrom('f', 'g'),
            parameters: fc.jsonValue(),
          }),
        ),
      ),
      include: fc.array(fc.string()),
      reasoning: fc.record({ effort: fc.constantFrom('none', 'minimal', 'high', 'ultra', 'odd') }),
      service_tier: fc.constantFrom('auto', 'priority'),
      temperature: fc.double(),
      user: fc.string(),
      metadata: fc.dictionary(fc.string(), fc.string()),
      safety_identifier: fc.string(),
      previous_response_id: fc.oneof(fc.string(), fc.constant(null)),
      stream: fc.boolean(),
    },
    { requiredKeys: ['model', 'input'] },
  )
  .filter(({ input }) => Shape.shape(rules)({ model: 'm', input }).isOk())

const itemsOf = (body: Fields): ReadonlyArray<Fields> =>
  (body['input'] as ReadonlyArray<unknown>).filter(isFields)

const ofSomebody: ReadonlyArray<string> = [
  'user',
  'metadata',
  'safety_identifier',
  'previous_response_id',
]

describe('shaping', () => {
  it('twice is shaping once', () => {
    fc.assert(
      fc.property(aBody, (body) => {
        const once = shaped(body)
        expect(shaped(once)).toEqual(once)
      }),
    )
  })

  it('lets nothing through that names a person or an account', () => {
    fc.assert(
      fc.property(aBody, (body) => {
        expect(Object.keys(shaped(body)).filter((name) => ofSomebody.includes(name))).toEqual([])
        expect(itemsOf(shaped(body)).filter((item) => 'id' in item)).toEqual([])
      }),
    )
  })

  it('keeps every sealed thought and every compaction, which the backend has nowhere else', () => {
    const sealed = (items: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
      items
        .filter(isFields)
        .map(({ encrypted_content }) => encrypted_content)
        .filter((content) => typeof content === 'string' && content !== '')
    fc.assert(
      fc.property(aBody, (body) => {
        const given = Array.isArray(body.input) ? body.input : []
        expect(sealed(itemsOf(shaped(body)))).toEqual(sealed(given))
      }),
    )
  })

  it('leaves every call with one output after it, and every output with a call before it', () => {
    fc.assert(
      fc.property(aBody, (body) => {
        const items = itemsOf(shaped(body))
        const at = (type: string, id: unknown): number =>
          items.findIndex((item) => item['type'] === type && item['call_id'] === id)
        for (const kind of ['function_call', 'custom_tool_call']) {
          for (const item of items.filter(({ type }) => type === kind))
            expect(at(`${kind}_output`, item['call_id'])).toBeGreaterThan(at(kind, item['call_id']))
          for (const item of items.filter(({ type }) => type === `${kind}_output`))
            expect(at(kind, item['call_id'])).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('keeps fields it does not know', () => {
    fc.assert(
      fc.property(aBody, fc.jsonValue(), (body, odd) => {
        expect(shaped({ ...body, 'x-odd': odd })['x-odd']).toEqual(odd)
      }),
    )
  })
})
