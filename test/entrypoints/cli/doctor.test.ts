import * as O from 'fp-ts/Option'
import type { RunningProgram } from '../../../ports/process-table'
import { cliWorld, documentOf, home, layout, noon } from '../../support/cli'

const program = (pid: number, words: ReadonlyArray<string>, environment = {}): RunningProgram => ({
  pid,
  words,
  environment: O.some({ HOME: home, ...environment }),
})

const wrapper = ['node', '/usr/bin/codex-multi-auth-codex']
const words = 'The other codex-multi-auth runs, and writes the same accounts without our lock.'

const stored = `ok     Your accounts are stored in ${layout.pool}.`
const noHost = 'ok     OpenCode is not set up with the plugin.\n'

it('is content where nobody else writes the accounts', async () => {
  const world = await cliWorld({
    running: [
      program(5, ['node', '/usr/bin/codex-multi-auth', 'list']),
      program(6, ['node', '/usr/bin/codex']),
      program(7, wrapper, { CODEX_MULTI_AUTH_DIR: '/srv/others' }),
    ],
  })
  expect(await world.run(['doctor'])).toMatchObject({
    code: 0,
    answer: `${stored}\nok     No other tool writes these accounts now.\n${noHost}`,
    talk: '',
  })
})

const running = [
  program(17, wrapper),
  program(18, ['node', '/usr/bin/mcodex'], { CODEX_HOME: `${home}/.codex` }),
  { ...program(19, wrapper), environment: O.none },
]

it('names the live processes of the existing tool, and what to do', async () => {
  const world = await cliWorld({ running })
  expect(await world.run(['doctor'])).toMatchObject({
    code: 0,
    answer: [
      stored,
      `warn   ${words}`,
      '       17  codex-multi-auth-codex',
      '       18  mcodex',
      '       19  codex-multi-auth-codex',
      '       Two tools that renew one sign-in end it. Close it, or: kill 17 18 19',
      noHost,
    ].join('\n'),
  })
  expect(documentOf(await world.run(['doctor', '--json'])).data).toMatchObject({
    summary: { ok: 2, warn: 1, error: 0 },
    checks: [
      { key: 'accounts', severity: 'ok' },
      { key: 'existing-tool', severity: 'warn', message: words },
      { key: 'opencode' },
    ],
  })
})

describe('OpenCode that carries the existing tool as its plugin', () => {
  const host = program(20, ['/usr/bin/opencode', 'serve'])
  const cache = `${home}/.cache/opencode/packages/codex-multi-auth@2.8.7`
  const carried = `${cache}/node_modules/codex-multi-auth/scripts/codex.js`
  const config = `${home}/.config/opencode/opencode.jsonc`

  it.each([
    ['by its name', '["codex-multi-auth@2.8.7"]', carried],
    [
      'by a path',
      '["file:///srv/a%20b/codex-multi-auth/dist/index.js"]',
      '/srv/a b/codex-multi-auth/scripts/codex.js',
    ],
    [
      'by a path beside its configuration',
      '[["./codex-multi-auth", {}]]',
      `${home}/.config/opencode/./codex-multi-auth/scripts/codex.js`,
    ],
  ])('is named, %s', async (_, plugins, file) => {
    const entry = file.replace('scripts/codex.js', 'dist/index.js')
    const files = { [config]: `{"plugin": ${plugins}}`, [file]: '', [entry]: '' }
    const world = await cliWorld({ running: [host], files })
    expect((await world.run(['doctor'])).answer).toContain(`warn   ${words}\n       20  opencode\n`)
  })

  it.each([
    ['our plugin', { [config]: '{"plugin": ["codex-multi-auth"]}' }],
    ['another version', { [config]: '{"plugin": ["codex-multi-auth"]}', [carried]: '' }],
    ['no plugin', { [config]: '{}', [carried]: '' }],
    ['no configuration', { [carried]: '' }],
  ])('is not named with %s', async (_, files) => {
    const world = await cliWorld({ running: [host], files })
    expect((await world.run(['doctor'])).answer).toContain('No other tool writes')
  })
})

it('has them named at a sign-in too', async () => {
  const world = await cliWorld({ running })
  world.upstream.browser.signsIn(world.upstream.addPerson({ email: 'ada@mail.test' }).accounts[0])
  const ran = await world.run(['login'])
  expect(ran.code).toBe(0)
  expect(ran.talk).toContain(`Warning: ${words} 17  codex-multi-auth-codex`)
})

describe('of OpenCode it says', () => {
  const config = `${home}/.config/opencode/opencode.json`
  const log = `${home}/.local/share/opencode/log/opencode.log`
  const named = '{"plugin": ["file:///srv/codex-multi-auth/dist/plugin.js"]}'
  const started = (at: string) =>
    `timestamp=${at} level=INFO run=1 message="creating instance" directory=/work\n`

  it.each([
    ['nothing where it is not set up', { [config]: '{"plugin": ["other"]}' }, noHost],
    [
      'that it loads the plugin next',
      { [config]: named },
      'ok     OpenCode is set up with the plugin, and loads it at its next start.\n',
    ],
    [
      'when it loaded the plugin',
      {
        [config]: named,
        [`${home}/.codex/multi-auth/runtime/opencode.json`]: `{"version":1,"loadedAt":${noon - 120_000}}`,
      },
      'ok     OpenCode loaded the plugin 2 min ago.\n',
    ],
    [
      'that it passes the plugin over',
      { [config]: named, [log]: started('2999-01-01T00:00:00.000Z') },
      'warn   OpenCode is set up with the plugin, and has never loaded it.\n',
    ],
  ])('%s', async (_, files, words) => {
    const world = await cliWorld({ files })
    const { answer, code } = await world.run(['doctor'])
    expect([code, answer]).toEqual([0, expect.stringContaining(words)])
  })
})
