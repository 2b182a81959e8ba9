/** The real OpenCode: where its binary lies, and how a test runs it with nothing but loopback. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cleanEnvironment } from '../../support/clean-environment'
import { runProgram, type Ran } from './run-program'

/** From the root, where tests and the bench are started: the bench is bundled, and lies elsewhere. */
const modules = join(process.cwd(), 'test', 'hosts', 'node_modules')

/** What OpenCode is started in: a scene, or the bench's own. */
export interface Around {
  readonly home: { readonly path: string; readonly workspace: string }
  readonly proxy: { readonly environment: Readonly<Record<string, string>> }
  readonly upstream: { readonly issuer: string; readonly backend: string }
}

const systems: Readonly<Record<string, string>> = { win32: 'windows' }

export const openCodeBinary = (): string => {
  const system = systems[process.platform] ?? process.platform
  const name = process.platform === 'win32' ? 'opencode.exe' : 'opencode'
  const path = join(modules, `opencode-${system}-${process.arch}`, 'bin', name)
  if (!existsSync(path)) throw new Error(`No ${path}: run npm ci in test/hosts.`)
  return path
}

/** What a person would name in the host's configuration. */
export const pluginFile = join(process.cwd(), 'dist', 'plugin.js')

const folders = {
  XDG_CONFIG_HOME: 'config',
  XDG_DATA_HOME: 'data',
  XDG_CACHE_HOME: 'cache',
  XDG_STATE_HOME: 'state',
  TMPDIR: 'tmp',
} as const

export const openCodeFolder = (scene: Around, name: keyof typeof folders): string =>
  join(scene.home.path, 'opencode', folders[name])

export const storePath = (scene: Around): string =>
  join(openCodeFolder(scene, 'XDG_DATA_HOME'), 'opencode', 'auth.json')

export const readStore = async (scene: Around): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await readFile(storePath(scene), 'utf8'))

/** The folders a person of OpenCode has, with the plugin in its configuration, and `more` beside it. */
export const setUpOpenCode = async (
  scene: Around,
  plugin: string = pathToFileURL(pluginFile).href,
  more: object = {},
): Promise<void> => {
  const config = join(openCodeFolder(scene, 'XDG_CONFIG_HOME'), 'opencode')
  await Promise.all(
    Object.values(folders).map((name) =>
      mkdir(join(scene.home.path, 'opencode', name), { recursive: true }),
    ),
  )
  // With these two the host asks no registry for its own plugin package (plugin-host.md, section 2).
  await mkdir(join(config, 'node_modules'), { recursive: true })
  const lock = {
    lockfileVersion: 3,
    packages: { '': { dependencies: { '@opencode-ai/plugin': '*' } } },
  }
  await writeFile(join(config, 'package-lock.json'), JSON.stringify(lock))
  await writeFile(
    join(config, 'opencode.json'),
    JSON.stringify({
      ...{ autoupdate: false, share: 'disabled', plugin: plugin === '' ? [] : [plugin] },
      ...more,
    }),
  )
}

export const openCodeEnvironment = (
  scene: Around,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> =>
  cleanEnvironment(scene.home.path, {
    ...scene.proxy.environment,
    ...Object.fromEntries(
      Object.entries(folders).map(([name, folder]) => [
        name,
        join(scene.home.path, 'opencode', folder),
      ]),
    ),
    CODEX_HOME: scene.home.path,
    CODEX_MULTI_AUTH_ISSUER: scene.upstream.issuer,
    CODEX_MULTI_AUTH_BACKEND: scene.upstream.backend,
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    OPENCODE_DISABLE_CLAUDE_CODE: '1',
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    ...more,
  })

export interface OpenCodeRan extends Ran {
  /** What the model said. */
  readonly text: string
  /** What the host says went wrong. */
  readonly errors: ReadonlyArray<string>
}

/** `opencode run` to its end. Without a title the host asks the model for one. */
export const runOpenCode = async (
  scene: Around,
  given: ReadonlyArray<string> = ['--title', 't'],
  environment: Readonly<Record<string, string>> = {},
  run = runProgram,
): Promise<OpenCodeRan> => {
  const ran = await run({
    program: openCodeBinary(),
    arguments: [
      ...['run', 'hello', '--format', 'json'],
      ...['--model', 'openai/gpt-5.5', '--print-logs', '--log-level', 'DEBUG', ...given],
    ],
    cwd: scene.home.workspace,
    environment: openCodeEnvironment(scene, environment),
    timeMax: 90_000,
  })
  const lines = ran.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  return {
    ...ran,
    text: lines.map((line) => (line.type === 'text' ? line.part.text : '')).join(''),
    errors: lines.flatMap((line) => (line.type === 'error' ? [line.error.data.message] : [])),
  }
}
