import * as fc from 'fast-check'
import * as Configuration from '../../../core/hosts/opencode-config'

const spec = 'file:///ours/plugin.js'

const inserted = (text: string): string => Configuration.insert(spec)(text)._unsafeUnwrap()

const restored = (now: string, found: string): string =>
  Configuration.restore(JSON.stringify({ spec, text: found, after: inserted(found) }))(now)

describe('the plugin in a configuration', () => {
  it.each([
    { name: 'an empty object', given: '{}' },
    { name: 'a fresh file', given: Configuration.fresh },
    { name: 'an empty list', given: '{"plugin": []}' },
    { name: 'another plugin', given: '{"plugin": ["other"]}' },
    { name: 'a plugin with options', given: '{"plugin": [["other", {"a": 1}]]}' },
    { name: 'a trailing comma', given: '{"plugin": ["other",],}' },
    {
      name: 'comments',
      given:
        '{\n  // mine\n  "theme": "x", /* why */\n  "plugin": [\n    "other" // keep\n  ]\n}\n',
    },
  ])('joins $name, and keeps the rest', ({ given }) => {
    const text = inserted(given)
    expect(text).toContain(spec)
    const kept = ['// mine', '/* why */', '// keep', 'other', '"a": 1'].filter((part) =>
      given.includes(part),
    )
    expect(kept.filter((part) => !text.includes(part))).toEqual([])
    expect(inserted(text)).toBe(text)
  })

  it.each(['', '[]', 'null', '"x"', '{"plugin": {}}', '{"plugin": "other"}', '{', '{"a" 1}'])(
    'leaves alone what is no configuration: %s',
    (text) => {
      expect(Configuration.insert(spec)(text)._unsafeUnwrapErr()).toEqual({
        _tag: 'NotConfiguration',
      })
    },
  )
})

const aConfiguration = fc
  .record(
    { theme: fc.string(), plugin: fc.array(fc.constantFrom('other', 'more', '@team/one')) },
    { requiredKeys: [] },
  )
  .chain((value) =>
    fc.constantFrom(
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
      `${JSON.stringify(value, null, 4)}\n`,
    ),
  )

describe('taking it back', () => {
  it('gives the file as it was, byte for byte', () => {
    fc.assert(
      fc.property(aConfiguration, (text) => {
        expect(restored(inserted(text), text)).toBe(text)
      }),
    )
  })

  it('keeps what somebody has written since', () => {
    const found = '{"plugin": ["other"]}'
    const now = inserted(found).replace('{', '{"theme": "new", ')
    const text = restored(now, found)
    expect(JSON.parse(text)).toEqual({ theme: 'new', plugin: ['other'] })
  })

  it('leaves no empty list behind', () => {
    const now = inserted('{}').replace('{', '{"theme": "new", ')
    expect(JSON.parse(restored(now, '{}'))).toEqual({ theme: 'new' })
  })

  it('leaves a file that is no configuration any more as it is', () => {
    expect(restored('broken', '{}')).toBe('broken')
    expect(Configuration.restore('no note')('{"plugin": []}')).toBe('{"plugin": []}')
  })
})
