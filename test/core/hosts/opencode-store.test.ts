import * as OpenCode from '../../../core/hosts/opencode'
import * as Store from '../../../core/hosts/opencode-store'

const others = { anthropic: { type: 'api', key: 'k' } }
const own = { type: 'oauth', access: 'a', refresh: 'r', expires: 1 }

describe('the store of sign-ins put back', () => {
  it.each([
    { name: 'compact', indent: undefined },
    { name: 'indented', indent: 2 },
  ])('stays $name, and has what it had', ({ indent }) => {
    const store = (openai: object) =>
      JSON.stringify({ openai, ...others }, null, indent).replace('"k"', '"\\u006b"')
    expect(Store.putBack(own)(store(OpenCode.entry))).toBe(store(own))
  })

  it.each([
    { name: 'the only one', given: '{"openai":{}}', expected: '{}' },
    { name: 'the first', given: '{"openai":{},"xai":{}}', expected: '{"xai":{}}' },
    {
      name: 'the last',
      given: '{\n  "xai": {},\n  "openai": {}\n}',
      expected: '{\n  "xai": {}\n}',
    },
  ])('has none where there was none: $name', ({ given, expected }) => {
    expect(Store.putBack(undefined)(given)).toBe(expected)
  })

  it.each(['', '[]', '{"xai": {}}'])('leaves alone what has none of ours: %s', (text) => {
    expect(Store.putBack(own)(text)).toBe(text)
  })
})
