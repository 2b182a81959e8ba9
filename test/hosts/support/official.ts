/** The real official CLI: where its native binary lies, and how a test runs it. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Upstream } from '../../../entrypoints/embed/testing/upstream'
import { cleanEnvironment } from '../../support/clean-environment'
import type { Home } from './home'
import type { RecordingProxy } from './recording-proxy'
import { runProgram, type Ran } from './run-program'

const modules = join(__dirname, '..', 'node_modules')

const binary = process.platform === 'win32' ? 'codex.exe' : 'codex'

/** The binary that npm's launcher starts. */
export const officialBinary = (): string => binaryIn(modules)

/** That of an older release, which knows fewer flags. */
export const olderBinary = (): string => binaryIn(join(modules, 'codex-older', 'node_modules'))

/** A folder for PATH with npm's launcher as `codex`: that of npm leads to either release. */
export const linkLauncher = async (folder: string): Promise<void> => {
  await mkdir(folder)
  await symlink(join(modules, '@openai', 'codex', 'bin', 'codex.js'), join(folder, 'codex'))
}

const binaryIn = (folder: string): string => {
  const vendor = join(folder, '@openai', `codex-${process.platform}-${process.arch}`, 'vendor')
  const found = readdirSync(vendor)
    .map((triple) => join(vendor, triple, 'bin', binary))
    .find((path) => existsSync(path))
  if (found === undefined)
    throw new Error(`No ${binary} below ${vendor}: run npm ci in test/hosts.`)
  return found
}

/** The keys that lead the official CLI to a simulated upstream, with nothing in between. */
export const overridesFor = (upstream: Upstream): ReadonlyArray<string> => [
  ...['-c', `chatgpt_base_url="${upstream.backend}"`],
  ...['-c', `openai_base_url="${upstream.modelBase}"`],
]

export interface OfficialRun {
  readonly upstream: Upstream
  readonly home: Home
  readonly proxy: RecordingProxy
  /** Added to the clean environment. */
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  readonly timeMax?: number
}

/** The environment of a host that may reach the upstream and nothing else. */
export const hostEnvironment = (run: OfficialRun): Record<string, string> =>
  cleanEnvironment(run.home.path, {
    ...run.proxy.environment,
    CODEX_HOME: run.home.path,
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: run.upstream.tokenUrl,
    ...run.environment,
  })

/** Runs the official CLI alone, in the home's workspace. */
export const runOfficial = (run: OfficialRun, ...given: ReadonlyArray<string>): Promise<Ran> =>
  runProgram({
    program: officialBinary(),
    arguments: [...overridesFor(run.upstream), ...given],
    cwd: run.home.workspace,
    environment: hostEnvironment(run),
    ...(run.input === undefined ? {} : { input: run.input }),
    ...(run.timeMax === undefined ? {} : { timeMax: run.timeMax }),
  })
