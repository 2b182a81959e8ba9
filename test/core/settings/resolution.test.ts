import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Strategy from '../../../core/routing/strategy'
import * as Catalogue from '../../../core/settings/catalogue'
import * as Resolution from '../../../core/settings/resolution'

const variable = 'CODEX_AUTH_SCHEDULING_STRATEGY'
const path = 'pluginConfig.schedulingStrategy'
const whole = 'settings.json'

type Files = ReadonlyArray<readonly [path: string, text: string]>

const resolve = (environment: Readonly<Record<string, string>>, files: Files) =>
  Resolution.resolve({ environment, files: files.map(([path, text]) => ({ path, text })) })

const standard = resolve({}, []).settings

/** As a message would begin: what is passed over, and on which line. */
const complaintText = (complaint: Resolution.Complaint): string => {
  if (complaint._tag === 'BadSettingsFile')
    return [complaint.path, ...lineText(complaint.line), complaint.because].join(' ')
  const { place } = complaint
  return place._tag === 'Variable'
    ? place.name
    : [place.path, ...lineText(place.line), place.name].join(' ')
}

const lineText = (line: O.Option<number>): ReadonlyArray<string> =>
  O.isSome(line) ? [String(line.value)] : []

const file = (schedulingStrategy: unknown): string =>
  JSON.stringify({ version: 1, pluginConfig: { schedulingStrategy } })

const resolved = (value: string | undefined, text: string | undefined) => {
  const files: Files = text === undefined ? [] : [[whole, text]]
  const { settings, complaints } = resolve(value === undefined ? {} : { [variable]: value }, files)
  const places = complaints.map((complaint) =>
    complaint._tag === 'BadSettingsFile'
      ? complaint.path
      : 'name' in complaint.place
        ? complaint.place.name
        : '',
  )
  return [settings.schedulingStrategy, ...places]
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
  { name: 'a broken file', text: '{"pluginConfig":', expected: ['hybrid', whole] },
  { name: 'an empty file', text: '', expected: ['hybrid', whole] },
  { name: 'a file that is a list', text: '[]', expected: ['hybrid', whole] },
  { name: 'settings that are none', text: '{"pluginConfig":7}', expected: ['hybrid', whole] },
  {
    name: 'a broken file under a good variable',
    given: 'sequential',
    text: 'nonsense',
    expected: ['sequential', whole],
  },
])('$name', ({ given, text, expected }) => {
  expect(resolved(given, text)).toEqual(expected)
})

it('reads the settings of the existing tool', () => {
  const text = readFileSync(join(__dirname, '../../fixtures/existing-tool/settings.json'), 'utf8')
  const { settings, complaints } = resolve({}, [[whole, text]])
  expect(complaints).toEqual([])
  expect(settings).toEqual({
    ...standard,
    sessionAffinityTtlMs: 900_000,
    schedulingStrategy: 'sequential',
  })
})

it('says what is allowed', () => {
  expect(resolve({ [variable]: 'x' }, []).complaints).toEqual([
    {
      _tag: 'BadSetting',
      place: { _tag: 'Variable', name: variable },
      takes: `one of ${Strategy.all.join(', ')}`,
    },
  ])
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

const inFile = (settings: unknown): string => JSON.stringify({ version: 1, pluginConfig: settings })

it.each<{
  name: string
  environment?: Readonly<Record<string, string>>
  files?: Files
  expected: Partial<Catalogue.Settings>
  complaints?: ReadonlyArray<string>
}>([
  {
    name: 'each kind from a variable',
    environment: {
      CODEX_AUTH_SESSION_AFFINITY: '0',
      CODEX_AUTH_RETRY_ALL_RATE_LIMITED: 'TRUE',
      CODEX_AUTH_FETCH_TIMEOUT_MS: '60000',
      CODEX_AUTH_UNSUPPORTED_MODEL_POLICY: 'fallback',
    },
    expected: {
      sessionAffinity: false,
      retryAllAccountsRateLimited: true,
      fetchTimeoutMs: 60_000,
      unsupportedCodexPolicy: 'fallback',
    },
  },
  {
    name: 'each kind from a file',
    files: [
      [
        whole,
        inFile({
          sessionAffinity: false,
          fetchTimeoutMs: 60_000,
          unsupportedCodexFallbackChain: { 'gpt-5': ['gpt-5.5', 'gpt-5.4'] },
        }),
      ],
    ],
    expected: {
      sessionAffinity: false,
      fetchTimeoutMs: 60_000,
      unsupportedCodexFallbackChain: { 'gpt-5': ['gpt-5.5', 'gpt-5.4'] },
    },
  },
  {
    name: 'bad values, each named with its line, and the rest',
    environment: { CODEX_AUTH_SESSION_AFFINITY: 'perhaps', CODEX_AUTH_CONNECT_TIMEOUT_MS: '1e4' },
    files: [
      [
        whole,
        '{\n"pluginConfig": {\n"fetchTimeoutMs": 999,\n"sessionAffinity": "no",\n"tokenRefreshSkewMs": 5,\n"sessionAffinityMaxEntries": 8.5,\n"streamStallTimeoutMs": 86400001,\n"unsupportedCodexFallbackChain": {"a": "b"}}}',
      ],
    ],
    expected: { tokenRefreshSkewMs: 5 },
    complaints: [
      'CODEX_AUTH_SESSION_AFFINITY',
      'settings.json 4 pluginConfig.sessionAffinity',
      'settings.json 6 pluginConfig.sessionAffinityMaxEntries',
      'settings.json 8 pluginConfig.unsupportedCodexFallbackChain',
      'CODEX_AUTH_CONNECT_TIMEOUT_MS',
      'settings.json 3 pluginConfig.fetchTimeoutMs',
      'settings.json 7 pluginConfig.streamStallTimeoutMs',
    ],
  },
  {
    name: 'the stronger file over the weaker, setting by setting',
    files: [
      ['named.json', '{"fetchTimeoutMs": 1000}'],
      [whole, inFile({ fetchTimeoutMs: 2_000, streamStallTimeoutMs: 2_000 })],
      ['config.json', '{"streamStallTimeoutMs": 3000, "connectTimeoutMs": 3000}'],
    ],
    expected: { fetchTimeoutMs: 1_000, streamStallTimeoutMs: 2_000, connectTimeoutMs: 3_000 },
  },
  {
    name: 'a weaker file where the stronger is broken',
    files: [
      [whole, '{\n"pluginConfig": {'],
      ['config.json', '{"fetchTimeoutMs": 3000}'],
    ],
    expected: { fetchTimeoutMs: 3_000 },
    complaints: ['settings.json 2 no-json'],
  },
  {
    name: 'nothing of a file from the future',
    files: [[whole, '{"version": 2, "pluginConfig": {"fetchTimeoutMs": 3000}}']],
    expected: {},
    complaints: ['settings.json 1 newer'],
  },
  {
    name: 'nothing beside the sections of a file that has them',
    files: [[whole, '{"dashboardDisplaySettings": {}, "fetchTimeoutMs": 3000}']],
    expected: {},
  },
  {
    name: 'a second variable of a setting',
    environment: { CODEX_AUTH_FALLBACK_UNSUPPORTED_MODEL: '1' },
    expected: { unsupportedCodexPolicy: 'fallback' },
  },
  {
    name: 'the first of two variables',
    environment: {
      CODEX_AUTH_FALLBACK_UNSUPPORTED_MODEL: '1',
      CODEX_AUTH_UNSUPPORTED_MODEL_POLICY: 'strict',
    },
    expected: { unsupportedCodexPolicy: 'strict' },
  },
  {
    name: 'a switch of older files',
    files: [[whole, inFile({ fallbackOnUnsupportedCodexModel: true })]],
    expected: { unsupportedCodexPolicy: 'fallback' },
  },
  {
    name: 'a switch of older files in a file of that alone',
    files: [[whole, '{"fallbackOnUnsupportedCodexModel": true}']],
    expected: { unsupportedCodexPolicy: 'fallback' },
  },
  {
    name: 'a setting over the older switch beside it',
    files: [
      [whole, inFile({ fallbackOnUnsupportedCodexModel: true, unsupportedCodexPolicy: 'strict' })],
    ],
    expected: { unsupportedCodexPolicy: 'strict' },
  },
  {
    name: 'no older switch that makes no sense',
    files: [[whole, '{"pluginConfig": {"fallbackOnUnsupportedCodexModel": "yes"}}']],
    expected: {},
    complaints: ['settings.json 1 pluginConfig.fallbackOnUnsupportedCodexModel'],
  },
  {
    name: 'words that a variable has of old',
    environment: { CODEX_MULTI_AUTH_SYNC_CODEX_CLI: '0' },
    expected: { syncCodexCli: 'never' },
  },
  {
    name: 'names of every object',
    files: [[whole, '{"pluginConfig": {"__proto__": {"fetchTimeoutMs": 3000}, "toString": 1}}']],
    expected: {},
  },
])('takes $name', ({ environment = {}, files = [], expected, complaints = [] }) => {
  const found = resolve(environment, files)
  expect(found.settings).toEqual({ ...standard, ...expected })
  expect(found.complaints.map(complaintText)).toEqual(complaints)
})

it('says where each setting is from', () => {
  const { originOf } = resolve({ CODEX_AUTH_FETCH_TIMEOUT_MS: '5000' }, [
    ['named.json', '{"fetchTimeoutMs": 1000,\n"connectTimeoutMs": 2000}'],
    [whole, inFile({ connectTimeoutMs: 3_000 })],
  ])
  expect(originOf('fetchTimeoutMs')).toEqual({
    _tag: 'Variable',
    name: 'CODEX_AUTH_FETCH_TIMEOUT_MS',
  })
  expect(originOf('connectTimeoutMs')).toEqual({
    _tag: 'File',
    path: 'named.json',
    name: 'connectTimeoutMs',
    line: O.some(2),
  })
  expect(originOf('sessionAffinity')).toEqual({ _tag: 'Default' })
})

it('never fails, and gives each setting a value that its row takes', () => {
  const aSetting = fc.tuple(fc.constantFrom(...Catalogue.keys), fc.jsonValue())
  const aText = fc.oneof(
    fc.array(aSetting).map((rows) => inFile(Object.fromEntries(rows))),
    fc.json(),
    fc.string(),
  )
  const aVariable = fc.constantFrom(
    ...Catalogue.keys.flatMap((key) => Catalogue.rowOf(key).variables.map(({ name }) => name)),
  )
  const anEnvironment = fc.dictionary(aVariable, fc.string(), { noNullPrototype: true })
  fc.assert(
    fc.property(anEnvironment, aText, (environment, text) => {
      const { settings } = resolve(environment, [[whole, text]])
      const odd = Catalogue.keys.filter((key) => !Catalogue.rowOf(key).kind.codec.is(settings[key]))
      expect(odd).toEqual([])
    }),
  )
})

it('gives every setting a default that it takes, and variables of its own', () => {
  const odd = Catalogue.keys.filter((key) => !Catalogue.rowOf(key).kind.codec.is(standard[key]))
  expect(odd).toEqual([])
  const names = Catalogue.keys.flatMap((key) => Catalogue.rowOf(key).variables.map((v) => v.name))
  expect(new Set(names).size).toBe(names.length)
})
