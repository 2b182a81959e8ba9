import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { faultLine, lineOf } from '../../core/json-text'
import { parseJson } from '../../core/result'

const text = `{
  "version": 1,
  "pluginConfig": {
    "codexMode": true, "list": [
      { "codexMode": 7 }
    ],
    "a \\"key\\" \\u0041": {},
    "twice": 1,
    "twice":
      2
  }
}
`

it.each<{ path: ReadonlyArray<string>; expected: number | undefined }>([
  { path: [], expected: 1 },
  { path: ['version'], expected: 2 },
  { path: ['pluginConfig'], expected: 3 },
  { path: ['pluginConfig', 'codexMode'], expected: 4 },
  { path: ['codexMode'], expected: undefined },
  { path: ['pluginConfig', 'a "key" A'], expected: 7 },
  { path: ['pluginConfig', 'twice'], expected: 10 },
  { path: ['pluginConfig', 'list', 'codexMode'], expected: undefined },
])('finds $path on line $expected', ({ path, expected }) => {
  expect(lineOf(path)(text)).toEqual(O.fromNullable(expected))
})

it.each<{ name: string; given: string; expected: number }>([
  { name: 'nothing', given: '', expected: 1 },
  { name: 'white space alone', given: '\n\n', expected: 3 },
  { name: 'a comma too many', given: '{\n"a": 1,\n}', expected: 3 },
  { name: 'a comma missing', given: '{\n"a": 1\n"b": 2}', expected: 3 },
  { name: 'a comment', given: '{\n// why\n"a": 1}', expected: 2 },
  { name: 'an end missing', given: '{\n"a": {\n"b": 1\n}\n', expected: 5 },
  { name: 'an end too many', given: '{}\n}', expected: 2 },
  { name: 'the wrong end', given: '[\n1\n}', expected: 3 },
  { name: 'a string without an end', given: '{\n"a": "b\n}', expected: 2 },
  { name: 'a word', given: '{\n"a": yes}', expected: 2 },
])('names the line of $name', ({ given, expected }) => {
  expect(faultLine(given)).toEqual(O.some(expected))
})

it('finds a fault in a text if and only if it is no JSON', () => {
  const json = fc.json({ maxDepth: 4 })
  const broken = fc
    .tuple(json, fc.nat(), fc.constantFrom('', ',', '}', '"', ':', '1', ' '))
    .map(([whole, at, mark]) => {
      const place = at % (whole.length + 1)
      return whole.slice(0, place) + mark + whole.slice(place + 1)
    })
  fc.assert(
    fc.property(fc.oneof(json, broken, fc.string()), (given) => {
      expect(O.isNone(faultLine(given))).toBe(parseJson(given).isOk())
    }),
  )
})

it('takes a nest without end in its stride', () => {
  const nest = '{"a":'.repeat(100_000)
  expect(faultLine(nest)).toEqual(O.some(1))
})
