/** OpenCode with the plugin in it: its requests are served by the pool. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as Behaviour from '../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../entrypoints/embed/testing/script'
import { placeholder } from '../../core/hosts/opencode'
import {
  openCodeBinary,
  openCodeEnvironment,
  openCodeFolder,
  readStore,
  runOpenCode,
  setUpOpenCode,
  storePath,
} from './support/opencode'
import { installPacked } from './support/packed'
import { program } from './support/product'
import { runProgram, type Ran } from './support/run-program'
import { openScene, type Scene } from './support/scene'

let scene: Scene

beforeEach(async () => {
  scene = await openScene()
  await scene.signInAll()
  await setUpOpenCode(scene)
})

afterEach(async () => {
  const strays = scene.proxy.hosts()
  const violations = scene.upstream.journal.violations()
  await scene.close()
  expect(strays).toEqual([])
  expect(violations).toEqual([])
})

describe('opencode run', () => {
  it('is served, with nothing but a placeholder in the host’s own store', async () => {
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text, ran.errors]).toEqual([0, 'Hello from the model.', []])
    const stored = await readStore(scene)
    expect(stored['openai']).toMatchObject({ type: 'oauth', refresh: placeholder })
  })

  it('moves on when the first account is limited', async () => {
    scene.upstream.always(scene.ada.key, Behaviour.usageLimit())
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text]).toEqual([0, 'Hello from the model.'])
    expect(scene.attempts()).toEqual([1, 1, 0])
  })

  it('shows when everything is limited, and stops', async () => {
    scene.upstream.always(everyone, Behaviour.usageLimit())
    const ran = await runOpenCode(scene)
    expect(ran.code).toBe(1)
    expect(ran.errors.join()).toMatch(/usage limit.*back in/)
    expect(scene.attempts()).toEqual([1, 1, 1])
  })

  it('shows that no sign-in is left, and stops', async () => {
    scene.upstream.always(everyone, Behaviour.unauthorized('token_revoked'))
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.errors.length]).toEqual([1, 1])
    expect(ran.errors.join()).toMatch(/needs a new sign-in.*codex-multi-auth login/)
    expect(scene.attempts()).toEqual([1, 1, 1])
  })

  it('goes on after a stream that fails before its output', async () => {
    scene.upstream.script(scene.ada.key, [Behaviour.cut('before-output')])
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text]).toEqual([0, 'Hello from the model.'])
    expect(scene.attempts()).toEqual([1, 1, 0])
  })

  it('renews a token that has ended', async () => {
    scene.upstream.refuseAccess(scene.ada.key, 'token_expired')
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text, scene.attempts()]).toEqual([0, 'Hello from the model.', [2, 0, 0]])
  })

  it('asks for the title of a session on the account of its first turn', async () => {
    const ran = await runOpenCode(scene, [], { CODEX_AUTH_SCHEDULING_STRATEGY: 'round-robin' })
    expect([ran.code, ran.text]).toEqual([0, 'Hello from the model.'])
    expect(scene.attempts()).toEqual([2, 0, 0])
    const asked = scene.upstream.journal.requestsOf().map(({ body }) => Object.keys(body as object))
    expect(asked.filter((fields) => fields.includes('tools'))).toHaveLength(1)
  })
})

describe('the package', () => {
  it('serves as it is published, named by its folder', async () => {
    await setUpOpenCode(scene, pathToFileURL(await installPacked(scene)).href)
    scene.upstream.always(scene.ada.key, Behaviour.usageLimit())
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text]).toEqual([0, 'Hello from the model.'])
    expect(scene.attempts()).toEqual([1, 1, 0])
  })
})

const askOurs = (...given: ReadonlyArray<string>): Promise<Ran> =>
  runProgram({
    program: process.execPath,
    arguments: [program, ...given],
    cwd: scene.home.workspace,
    environment: openCodeEnvironment(scene),
  })

describe('doctor', () => {
  const startWithoutPlugins = (): Promise<Ran> =>
    runProgram({
      program: openCodeBinary(),
      // There is no such model, so it makes an instance, says so in its log, and stops.
      arguments: ['run', '--pure', '--model', 'none/none', '--title', 't', 'Say hello.'],
      cwd: scene.home.workspace,
      environment: openCodeEnvironment(scene),
    })

  it('tells when the host was started and did not load the plugin', async () => {
    await setUpOpenCode(scene, '')
    expect((await askOurs('plugin', 'install', 'opencode')).code).toBe(0)
    expect((await askOurs('doctor')).stdout).toContain('loads it at its next start')
    await startWithoutPlugins()
    expect((await askOurs('doctor')).stdout).toMatch(/^warn .*has never loaded it/m)
    await runOpenCode(scene)
    expect((await askOurs('doctor')).stdout).toMatch(/^ok .*OpenCode loaded the plugin/m)
    await startWithoutPlugins()
    expect((await askOurs('doctor')).stdout).toMatch(/^warn .*has not loaded it since/m)
  })
})

describe('plugin install and remove', () => {
  const ask = (word: string): Promise<Ran> => askOurs('plugin', word, 'opencode')

  it('leave the host as it was, its own sign-in too', async () => {
    await setUpOpenCode(scene, '')
    const own = { type: 'oauth', access: 'own', refresh: 'own', expires: 4_000_000_000_000 }
    const other = { type: 'api', key: 'of another provider' }
    await mkdir(dirname(storePath(scene)), { recursive: true })
    await writeFile(storePath(scene), JSON.stringify({ openai: own, other }))
    const config = join(openCodeFolder(scene, 'XDG_CONFIG_HOME'), 'opencode', 'opencode.json')
    // With its schema named the host itself leaves the file alone.
    const before = `{
  "$schema": "https://opencode.ai/config.json",
  // Nothing is to be shared.
  "share": "disabled",
  "autoupdate": false
}
`
    await writeFile(config, before)

    expect((await ask('install')).code).toBe(0)
    const ran = await runOpenCode(scene)
    expect([ran.code, ran.text]).toEqual([0, 'Hello from the model.'])
    expect((await readStore(scene))['openai']).toMatchObject({ refresh: placeholder })

    expect((await ask('remove')).code).toBe(0)
    expect(await readStore(scene)).toEqual({ openai: own, other })
    expect(await readFile(config, 'utf8')).toBe(before)
  })
})
