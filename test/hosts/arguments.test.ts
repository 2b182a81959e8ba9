/** Our reading of arguments held against what either release says of itself. */
import * as Arguments from '../../core/official/arguments'
import { makeHome, type Home } from './support/home'
import { officialBinary, olderBinary } from './support/official'
import { runProgram } from './support/run-program'
import { cleanEnvironment } from '../support/clean-environment'

let home: Home
beforeAll(async () => {
  home = await makeHome()
})
afterAll(() => home.remove())

const routed = [
  [],
  ...[['exec'], ['exec', 'resume'], ['exec', 'review'], ['exec', 'fork'], ['review'], ['resume']],
  ...[['fork'], ['agents'], ['app-server']],
]

const helpOf = async (codex: string, command: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await runProgram({
    program: codex,
    arguments: [...command, '--help'],
    cwd: home.workspace,
    environment: cleanEnvironment(home.path, { CODEX_HOME: home.path }),
    timeMax: 20_000,
  })
  return stdout
}

interface Option {
  readonly names: ReadonlyArray<string>
  readonly takesValue: boolean
}

/** `  -c, --config <key=value>` or `      --json`. */
const optionsIn = (help: string): ReadonlyArray<Option> =>
  [...help.matchAll(/^ {2,6}((?:-\w, )?--[a-z-]+)( <[^>]+>(?:\.\.\.)?)?$/gm)].map(
    ([, names = '', value]) => ({ names: names.split(', '), takesValue: value !== undefined }),
  )

const commandsIn = (help: string): ReadonlyArray<string> => {
  const [, list = ''] = /^Commands:\n((?: .*\n)+)/m.exec(help) ?? []
  return [...list.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name = '']) => name)
}

/** These end the matter wherever they stand. */
const answering = ['--help', '--version', '--startup-sign-out', '--print-startup-config']

describe.each([
  { version: '0.169.0', codex: officialBinary(), optionsMin: 45, commandsMin: 26 },
  { version: '0.148.0', codex: olderBinary(), optionsMin: 38, commandsMin: 22 },
])('Codex $version', ({ codex, optionsMin, commandsMin }) => {
  it('has of each option the reading that we have', async () => {
    const helps = await Promise.all(routed.map((command) => helpOf(codex, command)))
    const options = helps
      .flatMap(optionsIn)
      .filter(({ names }) => !answering.includes(names.at(-1) ?? ''))
    const read = options.flatMap(({ names }) =>
      names.map((name) => [name, Arguments.plan([name, 'logout'])._tag !== 'SignIn'] as const),
    )
    const said = options.flatMap(({ names, takesValue }) =>
      names.map((name) => [name, takesValue] as const),
    )
    expect(read).toEqual(said)
    expect(new Set(said.map(([name]) => name)).size).toBeGreaterThanOrEqual(optionsMin)
    expect(said.map(([name]) => name)).not.toContain('--account')
  })

  it('has no command that we take for a prompt', async () => {
    const commands = commandsIn(await helpOf(codex, []))
    expect(commands.length).toBeGreaterThanOrEqual(commandsMin)
    const prompts = commands.filter((command) => {
      const plan = Arguments.plan([command])
      return plan._tag === 'Routed' && plan.command === 'prompt'
    })
    // It talks to the backend, so it is served; the newer release has it no more.
    expect(prompts.filter((command) => command !== 'mcp-server')).toEqual([])
  })
})
