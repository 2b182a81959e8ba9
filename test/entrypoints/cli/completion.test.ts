/** What a shell completes, asked of the built program by the shells themselves. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as O from 'fp-ts/Option'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import { commands } from '../../../entrypoints/cli/table'
import { parse } from '../../../entrypoints/cli/commands'
import { suggestions } from '../../../entrypoints/cli/suggestions'
import { cleanEnvironment } from '../../support/clean-environment'
import { cliWorld, documentOf } from '../../support/cli'
import { accountOf } from '../../support/tokens'
import { tool } from '../../support/tools'

const accounts = ['Work', 'ada@mail.test']

it.each([
  { words: ['sw'], found: ['switch'] },
  { words: ['auth', 'sw'], found: ['switch'] },
  { words: ['acc'], found: ['account'] },
  { words: ['account', 'un'], found: ['untag', 'unpause', 'undrain'] },
  { words: ['account', 'tag', ''], found: accounts },
  { words: ['account', 'tag', 'Work', ''], found: [] },
  { words: ['switch', ''], found: accounts },
  { words: ['switch', 'w'], found: ['Work'] },
  { words: ['use', 'ada@m'], found: ['ada@mail.test'] },
  { words: ['switch', '--json', 'w'], found: ['Work'] },
  { words: ['switch', 'Work', ''], found: [] },
  { words: ['workspace', 'Work', 'ad'], found: ['ada@mail.test'] },
  { words: ['status', '--f'], found: ['--files'] },
  { words: ['--'], found: ['--help', '--json'] },
  { words: ['shim', ''], found: ['install', 'remove', 'status'] },
  { words: ['list', ''], found: [] },
  { words: ['nothing', ''], found: [] },
])('$words may go on with $found', ({ words, found }) => {
  expect(suggestions(words, accounts)).toEqual(found)
})

it('knows every command without its parser', () => {
  const firsts = new Set(commands.map(({ name }) => name.split(' ')[0]))
  expect(suggestions([''], [])).toEqual([...firsts])
})

it.each(commands.map((one) => [one.name, one] as const))(
  'knows the options of %s as its parser does',
  async (name, { options }) => {
    const shown = (await parse([...name.split(' '), '--help'], '1.2.3'))._unsafeUnwrap()
    const text = shown._tag === 'Show' ? shown.text : ''
    const lines = text.split('Options:\n')[1]?.split('\n\n')[0]?.split('\n') ?? []
    const known = lines.flatMap(
      (line) =>
        line
          .trim()
          .split('  ')[0]
          ?.match(/--[\w-]+/g) ?? [],
    )
    expect(known.sort()).toEqual([...options, '--help', '--json', '--version'].sort())
  },
)

describe('completion', () => {
  it('prints a script for each shell, and for no other', async () => {
    const world = await cliWorld()
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { answer } = await world.run(['completion', shell])
      expect(answer).toContain('codex-multi-auth __complete')
      expect(documentOf(await world.run(['completion', shell, '--json'])).data).toEqual({
        shell,
        script: answer,
      })
    }
    expect(documentOf(await world.run(['completion', 'tcsh', '--json'])).error.code).toBe(
      'wrong-usage',
    )
  })
})

describe('a shell', () => {
  const root = mkdtempSync(join(tmpdir(), 'completion-'))
  const main = join(__dirname, '..', '..', '..', 'dist', 'main.js')
  const environment = {
    ...cleanEnvironment(root, { CODEX_HOME: root }),
    PATH: `${root}/bin:${process.env['PATH'] ?? ''}`,
  }
  const run = (program: string, ...words: ReadonlyArray<string>): string =>
    execFileSync(program, words, { env: environment, encoding: 'utf8', cwd: root })

  beforeAll(() => {
    mkdirSync(join(root, 'bin'))
    mkdirSync(join(root, 'multi-auth'))
    symlinkSync(main, join(root, 'bin', 'codex-multi-auth'))
    const ada = accountOf({ accountId: 'acc-1', userId: 'user-a', email: 'ada@mail.test' })
    const grace = accountOf({ accountId: 'acc-2', userId: 'user-g', email: 'grace@mail.test' })
    const pool = { ...Pool.empty, accounts: [{ ...ada, label: O.some('My work') }, grace] }
    writeFileSync(join(root, 'multi-auth', 'openai-codex-accounts.json'), PoolFile.print(pool))
  })
  afterAll(() => rmSync(root, { recursive: true }))

  const bash = (line: string): string =>
    run(
      ...(['bash', '--norc', '-c'] as const),
      `source <(codex-multi-auth completion bash)
       COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
       COMP_LINE='${line}' COMP_POINT=\${#COMP_LINE} COMP_WORDS=() COMP_CWORD=0
       _codex_multi_auth; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )

  it.each([
    { line: 'codex-multi-auth sw', found: 'switch\n' },
    { line: 'codex-multi-auth switch ', found: 'My\\ work\nada@mail.test\ngrace@mail.test\n' },
    { line: 'codex-multi-auth switch ada@m', found: 'mail.test\n' },
    { line: 'codex-multi-auth status --f', found: '--files\n' },
  ])('bash completes "$line"', ({ line, found }) => {
    expect(bash(line)).toBe(found)
  })

  tool('zsh')('zsh completes commands and names', () => {
    const found = run(
      ...(['zsh', '-f', '-c'] as const),
      `compdef() { : }; compadd() { shift; print -rl -- "$@" }
       source <(codex-multi-auth completion zsh)
       words=(codex-multi-auth switch gr) CURRENT=3; _codex_multi_auth
       words=(codex-multi-auth sw) CURRENT=2; _codex_multi_auth
       words=(codex-multi-auth list nothing) CURRENT=3; _codex_multi_auth`,
    )
    expect(found.trim().split('\n')).toEqual(['grace@mail.test', 'switch'])
  })

  tool('fish')('fish completes commands and names', () => {
    const found = run(
      ...(['fish', '--no-config', '-c'] as const),
      `codex-multi-auth completion fish | source
       complete -C 'codex-multi-auth sw'; complete -C 'codex-multi-auth switch gr'`,
    )
    expect(found.trim().split('\n')).toEqual(['switch', 'grace@mail.test'])
  })

  it('is answered without a parser of options', () => {
    const loaded = run(
      process.execPath,
      '-e',
      `process.argv = [process.argv[0], 'main.js', '__complete', 'sw']
       require(${JSON.stringify(main)})
       process.on("exit", () => console.log(Object.keys(require.cache).map((path) => require('path').basename(path)).join(' ')))`,
    )
    expect(loaded).toMatch(/^switch\n/)
    expect(loaded).not.toContain('cli.js')
  })
})
