/** Where no official CLI is, or none that starts: what is built says where it looked and what mends it. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { productEnvironment, program } from './support/product'
import { runProgram, type Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
})

afterEach(() => scene.close())

const at = (name: string): string => join(scene.home.path, name)

/** Beside the Node that runs us no `codex` is found by chance, as there could be beside this one. */
const run = async (
  given: ReadonlyArray<string>,
  environment: Readonly<Record<string, string>>,
): Promise<Ran> => {
  const { CODEX_MULTI_AUTH_REAL_CODEX_BIN: _, ...rest } = productEnvironment({
    ...scene,
    environment: { PATH: at('nowhere') },
  })
  await symlink(process.execPath, at('node')).catch(() => undefined)
  return runProgram({
    program: at('node'),
    arguments: [program, 'codex', ...given],
    cwd: scene.home.workspace,
    environment: { ...rest, ...environment },
  })
}

const variable = 'CODEX_MULTI_AUTH_REAL_CODEX_BIN'
const install = 'npm install -g @openai/codex'

const write = async (name: string, text: string, mode: number): Promise<string> => {
  await mkdir(at('bin'), { recursive: true })
  await writeFile(at(name), text)
  await chmod(at(name), mode)
  return at(name)
}

/** A forwarded one, a routed one, one that signs out. */
const commands = [['--version'], ['exec', 'Say hello.'], ['logout']]

describe.each(commands.map((given) => ({ given })))('codex $given', ({ given }) => {
  const refused = async (
    environment: Readonly<Record<string, string>>,
    ...says: ReadonlyArray<string>
  ): Promise<void> => {
    const ran = await run(given, environment)
    expect([ran.code, ran.signal, ran.stdout]).toEqual([1, null, ''])
    for (const words of [...says, install]) expect(ran.stderr).toContain(words)
    expect(ran.stderr).toMatch(/^codex-multi-auth: /)
    expect(scene.upstream.journal.calls()).toEqual([])
  }

  it('none is found: every folder that was looked in', async () => {
    const places = [at('nowhere'), at('.local/bin'), at('.bun/bin'), '/usr/local/bin']
    await refused({}, 'was not found', ...places.map((place) => `\n  ${place}\n`))
  })

  it('the variable names nothing that is there', async () => {
    await refused({ [variable]: at('gone') }, variable, at('gone'))
  })

  it('the variable names ourselves', async () => {
    await refused({ [variable]: program }, variable, program)
  })

  it('the variable names a folder', async () => {
    await refused({ [variable]: scene.home.workspace }, scene.home.workspace)
  })

  it('a script on PATH leads back to us, and does so for ever', async () => {
    await write('bin/codex', '#!/bin/sh\nexec "$OUR_NODE" "$OUR_PROGRAM" codex "$@"\n', 0o755)
    const ours = { OUR_NODE: at('node'), OUR_PROGRAM: program }
    await refused({ ...ours, PATH: at('bin') }, 'leads back here', variable)
  })

  it('what is there may not be started', async () => {
    const path = await write('bin/codex', 'x'.repeat(100_000), 0o644)
    await refused({ PATH: at('bin') }, path, 'EACCES')
  })

  it('what is there wants an interpreter that is not', async () => {
    const path = await write('bin/codex', '#!/nowhere/sh\n', 0o755)
    await refused({ PATH: at('bin') }, path, 'ENOENT')
  })
})
