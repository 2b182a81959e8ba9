import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Strategy from '../../../core/routing/strategy'
import * as Settings from '../../../core/settings/resolution'

const variable = 'CODEX_AUTH_SCHEDULING_STRATEGY'
const path = 'pluginConfig.schedulingStrategy'

const file = (schedulingStrategy: unknown): string =>
  JSON.stringify({ version: 1, pluginConfig: { schedulingStrategy } })

const resolved = (value: string | undefined, text: string | undefined) => {
  const { settings, bad } = Settings.resolve({ [variable]: value }, O.fromNullable(text))
  return [settings.strategy, ...bad.map(({ where }) => where)]
}

/** The strategy, then the places that were passed over. */
it.each<{ name: string; given?: string; text?: string; expected: ReadonlyArray<string> }>([
  { name: 'nothing says anything', expected: ['hybrid'] },
  { name: 'the file', text: file('sequential'), expected: ['sequential'] },
  { name: 'the environment', given: 'manual', expected: ['manual'] },
  {
    name: 'the environment over the file',
    given: 'manual',
    text: file('sequential'),
    expected: ['manual'],
  },
  {
    name: 'the environment over the file, when it says the default',
    given: 'hybrid',
    text: file('sequential'),
    expected: ['hybrid'],
  },
  { name: 'an empty variable says nothing', given: '', text: file('manual'), expected: ['manual'] },
  {
    name: 'a bad variable is named, and the file counts',
    given: 'fastest',
    text: file('sequential'),
    expected: ['sequential', variable],
  },
  { name: 'a bad variable alone', given: 'HYBRID', expected: ['hybrid', variable] },
  { name: 'a bad file is named', text: file('fastest'), expected: ['hybrid', path] },
  {
    name: 'a bad file is named under a good variable too',
    given: 'manual',
    text: file('fastest'),
    expected: ['manual', path],
  },
  { name: 'both bad', given: 'x', text: file('y'), expected: ['hybrid', variable, path] },
  { name: 'a number', text: file(7), expected: ['hybrid', path] },
  { name: 'null', text: file(null), expected: ['hybrid', path] },
  { name: 'a list of a good one', text: file(['manual']), expected: ['hybrid', path] },
  {
    name: 'a file without the setting',
    text: '{"version":1,"pluginConfig":{}}',
    expected: ['hybrid'],
  },
  { name: 'a file without settings', text: '{"version":1}', expected: ['hybrid'] },
  { name: 'a broken file', text: '{"pluginConfig":', expected: ['hybrid', path] },
  { name: 'an empty file', text: '', expected: ['hybrid', path] },
  { name: 'a file that is a list', text: '[]', expected: ['hybrid', path] },
  { name: 'settings that are none', text: '{"pluginConfig":7}', expected: ['hybrid', path] },
  {
    name: 'a broken file under a good variable',
    given: 'sequential',
    text: 'nonsense',
    expected: ['sequential', path],
  },
])('$name', ({ given, text, expected }) => {
  expect(resolved(given, text)).toEqual(expected)
})

it('reads the settings of the existing tool', () => {
  const text = readFileSync(join(__dirname, '../../fixtures/existing-tool/settings.json'), 'utf8')
  expect(Settings.resolve({}, O.some(text)).bad).toEqual([])
})

it('says what is allowed', () => {
  const { bad } = Settings.resolve({ [variable]: 'x' }, O.none)
  expect(bad).toEqual([{ _tag: 'BadSetting', where: variable, allowed: Strategy.all }])
})

it('takes every strategy by its name, and names whatever is none', () => {
  const aValue = fc.oneof(fc.constantFrom(...Strategy.all), fc.string({ minLength: 1 }))
  fc.assert(
    fc.property(aValue, fc.boolean(), (value, isInFile) => {
      const seen = isInFile ? resolved(undefined, file(value)) : resolved(value, undefined)
      const isGood = Strategy.all.some((strategy) => strategy === value)
      expect(seen).toEqual(isGood ? [value] : ['hybrid', isInFile ? path : variable])
    }),
  )
})
