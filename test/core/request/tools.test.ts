import * as Tools from '../../../core/request/tools'

const named = (name: string, parameters?: object): object => ({
  type: 'function',
  name,
  ...(parameters === undefined ? {} : { parameters }),
})

const empty = { type: 'object', properties: {} }

describe('tools as the backend takes them', () => {
  it.each<{ name: string; model?: string; given: unknown; expected: unknown }>([
    { name: 'no list', given: undefined, expected: [] },
    {
      name: 'a tool of the backend',
      given: [{ type: 'web_search' }],
      expected: [{ type: 'web_search' }],
    },
    {
      name: 'an unknown tool',
      given: [{ type: 'new', odd: 1 }],
      expected: [{ type: 'new', odd: 1 }],
    },
    { name: 'what is no tool', given: ['x', null], expected: ['x', null] },
    {
      name: 'a custom tool',
      given: [{ type: 'custom', name: 'patch', format: { type: 'grammar' } }],
      expected: [{ type: 'custom', name: 'patch', format: { type: 'grammar' } }],
    },
    { name: 'a function without parameters', given: [named('f')], expected: [named('f', empty)] },
    {
      name: 'parameters without properties',
      given: [named('f', { type: 'object' })],
      expected: [named('f', empty)],
    },
    {
      name: 'a function of the chat interface',
      given: [{ type: 'function', function: { name: 'f', description: 'd', parameters: empty } }],
      expected: [{ type: 'function', name: 'f', description: 'd', parameters: empty }],
    },
    {
      name: 'a name given twice',
      given: [named('f', { type: 'object', properties: { a: {} } }), named('f')],
      expected: [named('f', { type: 'object', properties: { a: {} } })],
    },
    {
      name: 'two backend tools of one type',
      given: [
        { type: 'mcp', server_label: 'a' },
        { type: 'mcp', server_label: 'b' },
      ],
      expected: [
        { type: 'mcp', server_label: 'a' },
        { type: 'mcp', server_label: 'b' },
      ],
    },
    {
      name: 'a computer on a model without',
      model: 'gpt-5.2',
      given: [{ type: 'computer' }],
      expected: [],
    },
    {
      name: 'a computer preview on a model without',
      model: 'gpt-5.2',
      given: [{ type: 'computer_use_preview' }],
      expected: [],
    },
    {
      name: 'a computer on a model with',
      model: 'gpt-5.5',
      given: [{ type: 'computer' }],
      expected: [{ type: 'computer' }],
    },
    {
      name: 'a computer on a model without a search',
      model: 'gpt-5.5-pro',
      given: [{ type: 'computer' }],
      expected: [{ type: 'computer' }],
    },
    {
      name: 'a tool search on a model without',
      model: 'gpt-5.5-pro',
      given: [{ type: 'tool_search' }],
      expected: [],
    },
    {
      name: 'a tool search on a model nobody knows',
      model: 'gpt-9',
      given: [{ type: 'tool_search' }],
      expected: [{ type: 'tool_search' }],
    },
    {
      name: 'strictness',
      given: [{ ...named('f', { ...empty, additionalProperties: false }), strict: true }],
      expected: [{ ...named('f', { ...empty, additionalProperties: false }), strict: true }],
    },
  ])('$name', ({ given, expected, model = 'gpt-5.5' }) => {
    expect(Tools.clean(model)(given)).toEqual(expected)
  })
})

describe('a schema', () => {
  it.each<{ name: string; given: object; expected: object }>([
    {
      name: 'loses its dialect',
      given: { $schema: 'draft', properties: {} },
      expected: { properties: {} },
    },
    {
      name: 'requires what it describes',
      given: { properties: { a: {} }, required: ['a', 'b'] },
      expected: { properties: { a: {} }, required: ['a'] },
    },
    {
      name: 'makes constants an enumeration',
      given: { properties: { a: { anyOf: [{ const: 'x' }, { const: 'y' }] } } },
      expected: { properties: { a: { type: 'string', enum: ['x', 'y'] } } },
    },
    {
      name: 'keeps the types of mixed constants open',
      given: { properties: { a: { anyOf: [{ const: 'x' }, { const: 2 }] } } },
      expected: { properties: { a: { enum: ['x', 2] } } },
    },
    {
      name: 'keeps a choice of other things',
      given: { properties: { a: { anyOf: [{ const: 'x' }, { type: 'null' }] } } },
      expected: { properties: { a: { anyOf: [{ const: 'x' }, { type: 'null' }] } } },
    },
    {
      name: 'is cleaned within lists',
      given: { properties: { a: { type: 'array', items: { $schema: 'd', type: 'string' } } } },
      expected: { properties: { a: { type: 'array', items: { type: 'string' } } } },
    },
    {
      name: 'is cleaned within choices',
      given: { properties: { a: { oneOf: [{ $schema: 'd', type: 'string' }] } } },
      expected: { properties: { a: { oneOf: [{ type: 'string' }] } } },
    },
    {
      name: 'may describe a property called $schema',
      given: { properties: { $schema: { type: 'string' } } },
      expected: { properties: { $schema: { type: 'string' } } },
    },
    {
      name: 'may describe a property called items',
      given: { properties: { items: { $schema: 'd' } } },
      expected: { properties: { items: {} } },
    },
    {
      name: 'is cleaned within definitions',
      given: { $defs: { a: { $schema: 'd' } }, properties: {} },
      expected: { $defs: { a: {} }, properties: {} },
    },
    {
      name: 'may be true',
      given: { properties: { a: true } },
      expected: { properties: { a: true } },
    },
    {
      name: 'keeps additional properties',
      given: { properties: {}, additionalProperties: { type: 'string' } },
      expected: { properties: {}, additionalProperties: { type: 'string' } },
    },
  ])('$name', ({ given, expected }) => {
    expect(Tools.clean('gpt-5.5')([named('f', given)])).toEqual([
      named('f', { type: 'object', ...expected }),
    ])
  })

  it('ends somewhere, however deep it nests', () => {
    const deep = Array.from({ length: 5_000 }).reduce<object>((inner) => ({ not: inner }), {})
    expect(Tools.clean('gpt-5.5')([named('f', deep)])).toHaveLength(1)
  })
})
