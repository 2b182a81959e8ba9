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

  it.each([
    { given: '{}', expected: `{"plugin": ["${spec}"]}` },
    { given: '{"plugin": ["other",]}', expected: `{"plugin": ["other", "${spec}",]}` },
    {
      given: '{\n\t"theme": "x" /* a */ // b\n}',
      expected: `{\n\t"theme": "x", /* a */ // b\n\t"plugin": ["${spec}"]\n}`,
    },
  ])('joins last, after the comments of the line: $given', ({ given, expected }) => {
    expect(inserted(given)).toBe(expected)
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

/** As people write them: with comments, blanks and commas in any place that may have some. */
const aWritten = fc
  .record({
    lineBreak: fc.constantFrom('\n', '\r\n'),
    gaps: fc.array(fc.constantFrom('', ' ', '|', '|  ', ' // a |', ' /* b */ ', '|\t// c |'), {
      minLength: 6,
      maxLength: 6,
    }),
    plugins: fc.option(fc.array(fc.constantFrom('"other"', '["more", {"a": [1]}]'))),
    commas: fc.tuple(fc.constantFrom('', ','), fc.constantFrom('', ',')),
  })
  .map(({ commas, gaps, lineBreak, plugins }) => {
    const [start, name, one, rest, after, end] = gaps
    const elements = (plugins ?? []).map((plugin) => `${one}${plugin}${rest}`).join(',')
    const listed = `${elements}${elements === '' ? one : commas[0]}${after}`
    const list = plugins === null ? '' : `,${name}"plugin": [${listed}]`
    return `{${start}"theme": "x"${list}${commas[1]}${end}}`.replaceAll('|', lineBreak)
  })

/** What the host does at its start where no schema is named. */
const startHost = (text: string): string =>
  text.replace(/^\s*\{/, '{\n  "$schema": "https://opencode.ai/config.json",')

const theme = (text: string): string => text.replace('"theme": "x"', '"theme": "y"')

const remark = (text: string): string => `// first\n${text}\n// last\n`

interface Case {
  readonly name: string
  readonly found: string
  readonly change: (text: string) => string
  readonly expected: string
}

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

  it.each([
    {
      name: 'an empty list with comments around it',
      found: '{\n  // my plugins\n  "plugin": [], // none yet\n  "theme": "x"\n}\n',
      change: startHost,
      expected:
        '{\n  "$schema": "https://opencode.ai/config.json",\n  // my plugins\n  "plugin": [], // none yet\n  "theme": "x"\n}\n',
    },
    {
      name: 'no list, in an object that was empty',
      found: '{}',
      change: startHost,
      expected: '{\n  "$schema": "https://opencode.ai/config.json"}',
    },
    {
      name: 'no list, and comments around where ours came',
      found: '{\r\n\t"theme": "x" // why\r\n\t// "share": 1\r\n}',
      change: theme,
      expected: '{\r\n\t"theme": "y" // why\r\n\t// "share": 1\r\n}',
    },
    {
      name: 'a plugin before ours since',
      found: '{"plugin": ["other"]}',
      change: (text) => text.replace('["other"', '["other", "more"'),
      expected: '{"plugin": ["other", "more"]}',
    },
    {
      name: 'a plugin after ours since',
      found: '{\n  "plugin": [\n    "other" // keep\n  ]\n}',
      change: (text) => text.replace(`"${spec}"`, `"${spec}", // theirs\n    "more"`),
      expected: '{\n  "plugin": [\n    "other", // keep\n    // theirs\n    "more"\n  ]\n}',
    },
    {
      name: 'a plugin after ours in a list that came with it',
      found: '{"theme": "x"}',
      change: (text) => text.replace(`"${spec}"`, `"${spec}", "more"`),
      expected: '{"theme": "x", "plugin": ["more"]}',
    },
    {
      name: 'a comment in a list that came with ours',
      found: '{"theme": "x"}',
      change: (text) => text.replace(`"${spec}"`, `/* why */ "${spec}"`),
      expected: '{"theme": "x", "plugin": [/* why */]}',
    },
    {
      name: 'the list that came with ours, laid out anew',
      found: '{\n  "theme": "x"\n}\n',
      change: (text) => text.replace(`["${spec}"]`, `[\n    "${spec}",\n  ],`),
      expected: '{\n  "theme": "x",\n}\n',
    },
    {
      name: 'the only other plugin gone since',
      found: '{"plugin": ["other"]}',
      change: (text) => text.replace('"other", ', ''),
      expected: '{"plugin": []}',
    },
    {
      name: 'options for ours since',
      found: '{"plugin": ["other",]}',
      change: (text) => text.replace(`"${spec}"`, `["${spec}", {"a": 1}]`),
      expected: '{"plugin": ["other",]}',
    },
    {
      name: 'a plugin that was there before the edit',
      found: `{"theme": "x", "plugin": ["${spec}"]}`,
      change: theme,
      expected: `{"theme": "y", "plugin": ["${spec}"]}`,
    },
  ] satisfies ReadonlyArray<Case>)('finds $name', ({ found, change, expected }) => {
    const now = change(inserted(found))
    expect(now).not.toBe(inserted(found))
    expect(restored(now, found)).toBe(expected)
  })

  it('leaves every other character as it is, whatever was written elsewhere', () => {
    fc.assert(
      fc.property(aWritten, fc.constantFrom(startHost, theme, remark), (found, change) => {
        const now = inserted(found)
        expect(Configuration.names(spec)(now)).toBe(true)
        expect(restored(change(now), found)).toBe(change(found))
      }),
    )
  })

  it('leaves a file that is no configuration any more as it is', () => {
    expect(restored('broken', '{}')).toBe('broken')
    expect(Configuration.restore('no note')('{"plugin": []}')).toBe('{"plugin": []}')
  })
})
