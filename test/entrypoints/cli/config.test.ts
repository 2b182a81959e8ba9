import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Catalogue from '../../../core/settings/catalogue'
import { cliWorld, documentOf, layout } from '../../support/cli'
import { expectGolden } from '../../support/golden'
import { settingsFile, standardSettings } from '../../support/settings'

const existing = readFileSync(join(__dirname, '../../fixtures/existing-tool/settings.json'), 'utf8')
const inRoot = (text: string) => ({ [layout.settings]: text })

describe('config explain', () => {
  it('shows every setting, what it is and where that is said', async () => {
    const world = await cliWorld({
      files: inRoot(existing),
      environment: { CODEX_AUTH_FETCH_TIMEOUT_MS: '60000' },
    })
    const ran = await world.run(['config', 'explain'])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden('config-explain', ran.answer)
  })

  it('tells a program the same', async () => {
    const world = await cliWorld({ files: inRoot(existing) })
    const { data } = documentOf(await world.run(['config', 'explain', '--json']))
    expect(data.settings.map(({ key }: { key: string }) => key)).toEqual(Catalogue.keys)
    expect(data.settings[0]).toEqual({
      key: 'schedulingStrategy',
      value: 'sequential',
      default: 'hybrid',
      takes: Catalogue.rowOf('schedulingStrategy').kind.codec.name,
      unit: '',
      variables: ['CODEX_AUTH_SCHEDULING_STRATEGY'],
      help: Catalogue.rowOf('schedulingStrategy').help,
      origin: { kind: 'file', variable: null, path: layout.settings, line: 5 },
    })
  })

  it('explains one, by its name in any case', async () => {
    const world = await cliWorld()
    const ran = await world.run(['config', 'explain', 'SYNCCODEXCLI'])
    expectGolden('config-explain-one', ran.answer)
  })

  it('names a bad value with its line, and the others count', async () => {
    const text = '{\n"pluginConfig": {\n"fetchTimeoutMs": 7,\n"connectTimeoutMs": 2000}}'
    const world = await cliWorld({ files: inRoot(text) })
    const ran = await world.run(['config', 'get', 'connectTimeoutMs'])
    expect(ran).toMatchObject({
      code: 0,
      answer: '2000\n',
      talk: `Warning: pluginConfig.fetchTimeoutMs in ${layout.settings}, line 3, is passed over: it takes a whole number from 1000 to 600000.\n`,
    })
  })

  it.each([
    ['strategy', 'There is no setting "strategy".\nSee all settings'],
    [
      'sessionAfinity',
      'There is no setting "sessionAfinity".\nDid you mean one of these?\n  sessionAffinity\n',
    ],
    ['codexMode', 'codexMode means nothing here. There is one mode.\n'],
    ['__proto__', 'There is no setting "__proto__".'],
  ])('says what is wrong with %s', async (name, talk) => {
    const world = await cliWorld()
    const ran = await world.run(['config', 'get', name])
    expect(ran).toMatchObject({ code: 2, answer: '' })
    expect(ran.talk).toContain(`Error: ${talk}`)
  })
})

describe('config set', () => {
  it('removes drafts that a write left which never ended', async () => {
    const draft = `${layout.settings}.0badcafe.draft`
    const world = await cliWorld({ files: { ...inRoot(existing), [draft]: '{' } })
    expect((await world.run(['config', 'set', 'schedulingStrategy', 'hybrid'])).code).toBe(0)
    expect(world.text(draft)).toBeUndefined()
  })

  it('makes the file, and its value counts', async () => {
    const world = await cliWorld()
    expect(await world.run(['config', 'set', 'schedulingStrategy', 'sequential'])).toMatchObject({
      code: 0,
      answer: `schedulingStrategy is sequential (${layout.settings}, line 4).\n`,
      talk: '',
    })
    expect(world.text(layout.settings)).toBe(
      '{\n  "version": 1,\n  "pluginConfig": {\n    "schedulingStrategy": "sequential"\n  }\n}\n',
    )
    expect(world.disk.modeOf(layout.settings)).toBe(0o600)
    expect((await world.run(['config', 'get', 'schedulingStrategy'])).answer).toBe('sequential\n')
  })

  it('keeps all else in a file of the existing tool, and the file as it was beside it', async () => {
    const world = await cliWorld({ files: inRoot(existing) })
    await world.run(['config', 'set', 'sessionAffinityTtlMs', '60000'])
    const { pluginConfig, ...rest } = JSON.parse(existing)
    expect(JSON.parse(world.text(layout.settings) ?? '')).toEqual({
      ...rest,
      pluginConfig: { ...pluginConfig, sessionAffinityTtlMs: 60_000 },
    })
    expect(world.text(layout.settingsBackup)).toBe(existing)
    expect(Object.keys(world.disk.snapshot()).sort()).toEqual([
      layout.settings,
      layout.settingsBackup,
    ])
  })

  it('takes each kind of value as a person types it', async () => {
    const world = await cliWorld()
    await world.run(['config', 'set', 'liveAccountSync', 'off'])
    await world.run(['config', 'set', 'preemptiveQuotaRemainingPercent5h', '0'])
    await world.run(['config', 'set', 'unsupportedCodexFallbackChain', '{"gpt-5":["gpt-5.5"]}'])
    expect(JSON.parse(world.text(layout.settings) ?? '').pluginConfig).toEqual({
      liveAccountSync: false,
      preemptiveQuotaRemainingPercent5h: 0,
      unsupportedCodexFallbackChain: { 'gpt-5': ['gpt-5.5'] },
    })
  })

  it.each([
    ['schedulingStrategy', 'fastest'],
    ['fetchTimeoutMs', '999'],
    ['liveAccountSync', 'perhaps'],
    ['unsupportedCodexFallbackChain', '{"gpt-5":"gpt-5.5"}'],
  ])('does not give %s the value %s', async (setting, value) => {
    const world = await cliWorld()
    const ran = await world.run(['config', 'set', setting, value, '--json'])
    expect(ran.code).toBe(2)
    expect(documentOf(ran).error.code).toBe('bad-value')
    expect(world.text(layout.settings)).toBeUndefined()
  })

  it.each([
    ['{"pluginConfig": {\n', 'settings-no-json', ', line 2, is no JSON'],
    ['', 'settings-no-json', ', line 1, is no JSON'],
    ['[]', 'settings-malformed', ' has not the form of settings'],
    ['{"pluginConfig": 7}', 'settings-malformed', ', line 1, has not the form'],
    ['{"version": 2}', 'settings-newer', ', line 1, is of a newer version'],
  ])('leaves a file %j alone', async (text, code, words) => {
    const world = await cliWorld({ files: inRoot(text) })
    const ran = await world.run(['config', 'set', 'liveAccountSync', 'off'])
    expect(ran.code).toBe(5)
    expect(ran.talk).toContain(`Error: ${layout.settings}${words}`)
    expect(
      documentOf(await world.run(['config', 'unset', 'liveAccountSync', '--json'])),
    ).toMatchObject({ error: { code } })
    expect(Object.entries(world.disk.snapshot())).toEqual([[layout.settings, text]])
  })

  it('says so where something stronger says otherwise', async () => {
    const world = await cliWorld({ environment: { CODEX_AUTH_FETCH_TIMEOUT_MS: '60000' } })
    expect(await world.run(['config', 'set', 'fetchTimeoutMs', '5000'])).toMatchObject({
      code: 0,
      answer: 'fetchTimeoutMs is 60000 (CODEX_AUTH_FETCH_TIMEOUT_MS).\n',
      talk: 'Warning: fetchTimeoutMs stays 60000: CODEX_AUTH_FETCH_TIMEOUT_MS says so.\n',
    })
    expect(world.text(layout.settings)).toContain('5000')
  })

  it('loses no change of another process', async () => {
    const world = await cliWorld()
    const keys = ['fetchTimeoutMs', 'streamStallTimeoutMs', 'connectTimeoutMs'] as const
    const ran = await world.together(keys.map((key) => ['config', 'set', key, '5000']))
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0])
    const { pluginConfig } = JSON.parse(world.text(layout.settings) ?? '')
    expect(Object.keys(pluginConfig).sort()).toEqual([...keys].sort())
  })
})

describe('config unset', () => {
  it('takes the setting out, and the default counts again', async () => {
    const world = await cliWorld({ files: inRoot(existing) })
    expect(await world.run(['config', 'unset', 'schedulingStrategy'])).toMatchObject({
      code: 0,
      answer: `schedulingStrategy is ${standardSettings.schedulingStrategy} (default).\n`,
      talk: '',
    })
    expect(JSON.parse(world.text(layout.settings) ?? '').pluginConfig).toEqual({
      codexTuiV2: true,
      sessionAffinityTtlMs: 900_000,
      unknownThing: 1,
    })
  })

  it('writes nothing where nothing is set', async () => {
    const text = settingsFile({ connectTimeoutMs: 5_000 })
    const world = await cliWorld({ files: inRoot(text) })
    await world.run(['config', 'unset', 'fetchTimeoutMs'])
    expect(Object.entries(world.disk.snapshot())).toEqual([[layout.settings, text]])
  })
})

it('gives an editor a schema of every setting', async () => {
  const world = await cliWorld()
  const { properties } = JSON.parse((await world.run(['config', 'schema'])).answer)
  expect(Object.keys(properties.pluginConfig.properties)).toEqual(Catalogue.keys)
  expect(properties.pluginConfig.properties.fetchTimeoutMs).toMatchObject({
    type: 'integer',
    minimum: 1_000,
    default: standardSettings.fetchTimeoutMs,
  })
  expect(documentOf(await world.run(['config', 'schema', '--json'])).data.properties).toEqual(
    properties,
  )
})
