import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as ProcessFile from '../../../core/storage/process-file'
import { minute } from '../../../core/time'
import { noon } from '../../support/routing'

const owner = { pid: 42, startedAt: 'then' }
const aLoad = fc
  .dictionary(fc.constantFrom('a/u', 'b/u', 'c/u'), fc.integer({ min: 1, max: 9 }))
  .map((counts) => new Map(Object.entries(counts)))

const of = (load: ReadonlyMap<string, number>): ProcessFile.ProcessFile =>
  ProcessFile.of(owner, noon, load)

it('comes back from its text as it was', () => {
  fc.assert(
    fc.property(aLoad, (load) => {
      const file = of(load)
      expect(ProcessFile.parse(ProcessFile.print(file))).toEqual(O.some(file))
      expect(ProcessFile.total([file])).toEqual(load)
    }),
  )
})

it('adds up what several processes have on their way', () => {
  const files = [of(new Map([['a/u', 2]])), of(new Map([['a/u', 1]])), of(new Map([['b/u', 4]]))]
  expect(ProcessFile.total(files)).toEqual(
    new Map([
      ['a/u', 3],
      ['b/u', 4],
    ]),
  )
})

it.each([
  { name: 'nothing', text: '' },
  { name: 'a text that was cut', text: '{"version":1,"owner":{"pid":4' },
  { name: 'a later version', text: '{"version":2,"inFlight":{"a/u":1}}' },
  { name: 'a number that is none', text: ProcessFile.print(of(new Map())).replace('42', '"x"') },
])('takes $name for no word', ({ text }) => {
  expect(ProcessFile.parse(text)).toEqual(O.none)
})

it('lets nobody take load away', () => {
  expect(ProcessFile.total([{ ...of(new Map()), inFlight: { 'a/u': -3 } }])).toEqual(
    new Map([['a/u', 0]]),
  )
})

it.each([
  { name: 'a word of now', at: noon, expected: true },
  { name: 'one of a clock that was a little ahead', at: noon + minute, expected: true },
  { name: 'one older than any request waits', at: noon - 10 * minute, expected: false },
  { name: 'one of a clock that was far ahead', at: noon + 10 * minute, expected: false },
])('trusts $name: $expected', ({ at, expected }) => {
  expect(ProcessFile.isTrusted(noon)(ProcessFile.of(owner, at, new Map()))).toBe(expected)
})

it.each([
  { name: ProcessFile.nameOf(42), expected: true },
  { name: 'state.json', expected: false },
  { name: '42.json.draft', expected: false },
  { name: 'ports.json', expected: false },
])('knows $name for the file of a process: $expected', ({ name, expected }) => {
  expect(ProcessFile.isName(name)).toBe(expected)
})
