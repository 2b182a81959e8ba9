import * as O from 'fp-ts/Option'
import { parse } from '../../../entrypoints/cli/commands'
import { commands } from '../../../entrypoints/cli/table'
import { expectGolden } from '../../support/golden'

const parsed = async (...words: ReadonlyArray<string>) =>
  (await parse(words, '1.2.3'))._unsafeUnwrap()

it.each([
  { words: [], command: 'list', options: {} },
  { words: ['auth'], command: 'list', options: {} },
  { words: ['--json'], command: 'list', options: {} },
  { words: ['list'], command: 'list', options: {} },
  { words: ['ls'], command: 'list', options: {} },
  { words: ['auth', 'list'], command: 'list', options: {} },
  { words: ['multi-auth', 'status'], command: 'status', options: { showsFiles: false } },
  { words: ['multiauth', 'status'], command: 'status', options: { showsFiles: false } },
  { words: ['multi', 'auth', 'status'], command: 'status', options: { showsFiles: false } },
  { words: ['--json', 'auth', 'status'], command: 'status', options: { showsFiles: false } },
  { words: ['status', '--files'], command: 'status', options: { showsFiles: true } },
  { words: ['login'], command: 'login', options: { way: O.none, workspace: O.none } },
  {
    words: ['login', '--workspace', 'ws-1'],
    ...{ command: 'login', options: { way: O.none, workspace: O.some('ws-1') } },
  },
  {
    words: ['login', '--no-browser'],
    ...{ command: 'login', options: { way: O.some({ _tag: 'Address' }) } },
  },
  {
    words: ['login', '--device-auth'],
    ...{ command: 'login', options: { way: O.some({ _tag: 'DeviceCode', isAskedFor: true }) } },
  },
  {
    words: ['login', '--import'],
    ...{ command: 'login', options: { way: O.some({ _tag: 'Imported' }) } },
  },
  ...['--manual', '--paste'].map((word) => ({
    words: ['login', word],
    command: 'login',
    options: { way: O.some({ _tag: 'Pasted' }) },
  })),
  { words: ['switch', '2'], command: 'switch', options: { account: '2' } },
  { words: ['switch', '007'], command: 'switch', options: { account: '007' } },
  { words: ['switch', '1e3'], command: 'switch', options: { account: '1e3' } },
  { words: ['switch', 'auth'], command: 'switch', options: { account: 'auth' } },
  { words: ['use', 'use'], command: 'switch', options: { account: 'use' } },
  { words: ['unpin'], command: 'unpin', options: {} },
  { words: ['rename', '2', '007'], command: 'rename', options: { account: '2', label: '007' } },
  { words: ['rename', '2', ''], command: 'rename', options: { account: '2', label: '' } },
  { words: ['rename', '2', '-'], command: 'rename', options: { account: '2', label: '-' } },
  { words: ['export', '-'], command: 'export', options: { file: '-' } },
  { words: ['import', '-'], command: 'import', options: { file: '-' } },
  {
    words: ['account', 'note', '2', ''],
    ...{ command: 'account note', options: { account: '2', words: [''] } },
  },
  {
    words: ['account', 'note', '2', '-'],
    ...{ command: 'account note', options: { account: '2', words: ['-'] } },
  },
  { words: ['enable', '2'], command: 'enable', options: { account: '2' } },
  { words: ['remove', '2'], command: 'remove', options: { account: '2', isConfirmed: false } },
  {
    words: ['remove', '2', '--yes'],
    command: 'remove',
    options: { account: '2', isConfirmed: true },
  },
  {
    words: ['logout', '2', '--yes'],
    command: 'logout',
    options: { account: '2', isConfirmed: true },
  },
  {
    words: ['account', 'tag', '2', 'work', 'eu'],
    command: 'account tag',
    options: { account: '2', words: ['work', 'eu'] },
  },
  {
    words: ['--json', 'auth', 'account', '--json', 'pause', '2'],
    command: 'account pause',
    options: { account: '2', words: [] },
  },
  {
    words: ['account', 'weight', 'account', '007'],
    command: 'account weight',
    options: { account: 'account', words: ['007'] },
  },
  { words: ['account', 'policy'], command: 'account policy', options: { account: O.none } },
  {
    words: ['account', 'policy', 'list'],
    command: 'account policy',
    options: { account: O.none },
  },
  {
    words: ['login', '--org', 'ws-1'],
    ...{ command: 'login', options: { way: O.none, workspace: O.some('ws-1') } },
  },
  ...['list', 'status'].map((word) => ({ words: [word, '-j'], command: word, options: {} })),
  {
    words: ['workspace'],
    command: 'workspace',
    options: { account: O.none, workspace: O.none },
  },
  {
    words: ['workspace', '1', '007'],
    command: 'workspace',
    options: { account: O.some('1'), workspace: O.some('007') },
  },
  { words: ['auth', 'disable', '2'], command: 'disable', options: { account: '2' } },
  ...['-x', '--json', '--help', '--', '-5', '-', ''].map((label) => ({
    words: ['rename', '1', '--', label],
    ...{ command: 'rename', options: { account: '1', label } },
  })),
  {
    words: ['rename', '--', '-work', '-x'],
    ...{ command: 'rename', options: { account: '-work', label: '-x' } },
  },
  {
    words: ['account', 'tag', '2', 'eu', '--', '-a', '--b'],
    ...{ command: 'account tag', options: { account: '2', words: ['eu', '-a', '--b'] } },
  },
  { words: ['switch', '--', '-work'], command: 'switch', options: { account: '-work' } },
  {
    words: ['remove', '--yes', '--', '--yes'],
    ...{ command: 'remove', options: { account: '--yes', isConfirmed: true } },
  },
  { words: ['completion', '--', 'zsh'], command: 'completion', options: { shell: 'zsh' } },
  { words: ['--', 'auth', 'switch', '2'], command: 'switch', options: { account: '2' } },
  {
    words: ['limits', '--', 'clear'],
    ...{ command: 'limits', options: { account: O.some('clear') } },
  },
])('$words runs $command', async ({ words, command, options }) => {
  expect(await parsed(...words)).toMatchObject({ _tag: 'Run', command, prepared: { options } })
})

it.each(commands.map(({ name }) => name))(
  '%s alone asks for what the parser makes of it',
  async (name) => {
    const told = async (...rest: ReadonlyArray<string>) => {
      const { prepared, ...invocation } = {
        ...{ prepared: undefined },
        ...(await parsed(...name.split(' '), ...rest)),
      }
      return { ...invocation, options: prepared?.options }
    }
    // Neither is short enough to go without it.
    const [bare, json] = [await told('--'), await told('--json=true')]
    expect([await told(), await told('--json')]).toEqual([bare, json])
  },
)

it.each([
  { words: ['switch'], command: 'switch', message: 'switch needs <account>' },
  { words: ['rename', '1'], command: 'rename', message: 'rename needs <account> <label>' },
  { words: ['enable'], command: 'enable', message: 'enable needs <account>' },
  { words: ['remove'], command: 'remove', message: 'remove needs <account>' },
  { words: ['logout'], command: 'logout', message: 'logout needs <account>' },
  { words: ['disable'], command: 'disable', message: 'disable needs <account>' },
  ...[
    { words: ['rename', '', 'work'], empty: '<account>' },
    { words: ['account', 'note', '', ''], empty: '<account>' },
    { words: ['workspace', '1', ''], empty: '<to>' },
    { words: ['shim', 'status', '--shell='], empty: '--shell' },
    { words: ['why', '--model', ''], empty: '--model' },
    { words: ['login', '--org', ''], empty: '--org' },
    ...['switch', 'limits', 'workspace', 'account policy', 'remove', 'logout', 'account pause'].map(
      (name) => ({ words: [...name.split(' '), ''], empty: '<account>' }),
    ),
    ...['export', 'import'].map((name) => ({ words: [name, ''], empty: '<file>' })),
    ...['backup', 'restore'].map((name) => ({ words: [name, ''], empty: '<name>' })),
    ...['get', 'unset', 'explain'].map((last) => ({
      words: ['config', last, ''],
      empty: '<setting>',
    })),
    { words: ['config', 'set', 'syncCodexCli', ''], empty: '<value>' },
  ].map(({ words, empty }) => ({
    words,
    command:
      words[0] === 'config' || words[0] === 'account' ? words.slice(0, 2).join(' ') : words[0],
    message: `${empty} is empty`,
  })),
  {
    words: ['account', 'tag', '1'],
    command: 'account tag',
    message: 'account tag needs <account> <tags..>',
  },
  {
    words: ['account', '--json'],
    command: 'account',
    message:
      'account takes one of tag, untag, weight, tier, pause, unpause, drain, undrain, note, policy',
  },
  { words: ['switch', '1', '2'], command: 'switch', message: 'Unknown argument: 2' },
  ...['list', 'account tag 1 work', 'account pause 1'].map((line) => ({
    words: [...line.split(' '), '--no-json'],
    command: line.split(' 1')[0]!,
    message: 'Unknown argument: no-json',
  })),
  { words: ['list', '--foo'], command: 'list', message: 'Unknown argument: foo' },
  { words: ['list', '--', '-x'], command: 'list', message: 'Unknown argument: -x' },
  { words: ['status', '--', '--files'], command: 'status', message: 'Unknown argument: --files' },
  {
    words: ['switch', '1', '2', '--json'],
    ...{ command: 'switch', message: 'Unknown argument: 2' },
  },
  ...[
    { word: '-x', named: 'argument: x' },
    { word: '-xy', named: 'arguments: x, y' },
  ].map(({ named, word }) => ({
    words: ['rename', '1', word],
    command: 'rename',
    message: `Unknown ${named}. A word that begins with a dash goes after --`,
  })),
  { words: ['list', 'foo'], command: 'list', message: 'Unknown argument: foo' },
  {
    words: ['login', '--no-browser', '--device-auth'],
    command: 'login',
    message: 'Arguments device-auth and no-browser are mutually exclusive',
  },
  {
    words: ['login', '--paste', '--device-auth'],
    command: 'login',
    message: 'Arguments manual and device-auth are mutually exclusive',
  },
  {
    words: ['login', '--import', '--no-browser'],
    command: 'login',
    message: 'Arguments import and no-browser are mutually exclusive',
  },
  {
    words: ['why', '--parent', 'thread-1'],
    ...{ command: 'why', message: '--parent needs --conversation' },
  },
  {
    words: ['check', '--model', 'gpt-5.5'],
    ...{ command: 'check', message: '--model needs --probe' },
  },
  { words: ['--foo'], command: 'list', message: 'Unknown argument: foo' },
])('$words is wrong usage', async ({ words, command, message }) => {
  expect(await parsed(...words)).toEqual({
    _tag: 'Refuse',
    command,
    error: { _tag: 'WrongUsage', message, command: O.some(command) },
  })
})

it.each([
  { words: ['swich', '1'], near: ['switch'] },
  { words: ['auth', 'lst'], near: ['list'] },
  { words: ['stat'], near: ['status'] },
  { words: ['LOGIN'], near: ['login'] },
  { words: ['account', 'pauze', '1'], near: ['account pause'] },
  { words: ['acount', 'tag', '1'], near: ['account'] },
  { words: ['account', 'frobnicate'], near: [] },
  { words: ['frobnicate'], near: [] },
  { words: ['x'.repeat(10_000)], near: [] },
])('$words is no command', async ({ words, near }) => {
  expect(await parsed(...words)).toMatchObject({
    _tag: 'Refuse',
    error: { _tag: 'UnknownCommand', near },
  })
})

/** Words that each command takes, whatever they mean. */
const lineOf = ({ name, choices, positionals }: (typeof commands)[number]) => [
  ...name.split(' '),
  ...positionals.split(' ').flatMap((one) => (one.startsWith('<') ? [choices?.[0] ?? '1'] : [])),
]

describe.each([[['auth']], [['multi-auth']], [['multiauth']], [['multi', 'auth']]])(
  'behind the door %j',
  (door) => {
    it.each(commands.map((one) => [one.name, one] as const))('%s is itself', async (name, one) => {
      const alone = await parsed(...lineOf(one))
      expect(alone).toMatchObject({ _tag: 'Run', command: name })
      const { prepared } = alone as typeof alone & { readonly _tag: 'Run' }
      expect(await parsed(...door, ...lineOf(one))).toMatchObject({
        ...{ _tag: 'Run', command: name, prepared: { options: prepared.options } },
      })
    })

    it.each(commands.flatMap(({ name, aliases }) => aliases.map((old) => [old, name])))(
      '%s is %s',
      async (old, name) => {
        const known = commands.find((one) => one.name === name)!
        const words = [...door, ...old.split(' '), ...lineOf(known).slice(name.split(' ').length)]
        expect(await parsed(...words)).toMatchObject({ _tag: 'Run', command: name })
      },
    )

    it('what is no command is wrong usage', async () => {
      const refused = { _tag: 'Refuse', error: { _tag: 'UnknownCommand', word: 'exec' } }
      expect(await parsed(...door, 'exec')).toMatchObject(refused)
      expect(await parsed(...door, 'exec', '--json', 'hi')).toMatchObject(refused)
    })
  },
)

it('tells its version', async () => {
  expect(await parsed('-v')).toEqual({ _tag: 'Show', text: '1.2.3\n' })
  expect(await parsed('--version')).toEqual({ _tag: 'Show', text: '1.2.3\n' })
})

describe('the help', () => {
  const help = async (...words: ReadonlyArray<string>) => {
    const shown = await parsed(...words)
    if (shown._tag !== 'Show') throw new Error(`${words.join(' ')} shows nothing`)
    return shown.text
  }

  it('names every command and fits 80 columns', async () => {
    const text = await help('--help')
    expectGolden('help', text)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(await help('help')).toBe(text)
    expect(await help('auth', '-h')).toBe(text)
  })

  it('of a group names its commands and fits 80 columns', async () => {
    const text = await help('account', '--help')
    expectGolden('help-account', text)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(await help('help', 'account')).toBe(text)
  })

  it.each(commands.map(({ name }) => name))(
    'of %s has an example and fits 80 columns',
    async (name) => {
      const text = await help(...name.split(' '), '--help')
      expectGolden(`help-${name.replace(' ', '-')}`, text)
      expect(text).toMatch(/Examples:\n {2}codex-multi-auth /)
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
      expect(await help('help', ...name.split(' '))).toBe(text)
    },
  )
})
