/**
 * Finds the official CLI. This decides how fast `codex --version` starts, so files are looked at one
 * after the other, the likeliest first, and the native program itself is never read.
 */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Installed from '../../core/official/installation'
import type { FileSystem } from '../../ports/file-system'

export interface Installation {
  readonly program: string
  /** In front of the person's own, where a launcher script has to be started. */
  readonly arguments: ReadonlyArray<string>
  /** Laid over our own environment; an undefined value takes a variable away. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** JSON files that may tell the program's version, best first. */
  readonly versionFiles: ReadonlyArray<string>
}

export type NoCodex =
  | { readonly _tag: 'NoCodex'; readonly looked: ReadonlyArray<string> }
  /** The variable names a program that is not there, or is ourselves. */
  | { readonly _tag: 'NoSuchProgram'; readonly variable: string; readonly path: string }
  /** A script that we started leads back to us. */
  | { readonly _tag: 'LeadsBack'; readonly times: number }

/** Looking is all a search does, so it runs on calls that can do no more. */
export interface Lookup {
  readonly files: Pick<FileSystem, 'read' | 'stamp' | 'realPath'>
}

/** Counts the starts of a script whose program we could not see through. */
const depthVariable = 'CODEX_MULTI_AUTH_DEPTH'

/** More than any person nests one Codex in another by way of such scripts. */
const depthMax = 8

export const findCodex =
  (ports: Lookup) =>
  (around: Installed.Surroundings): ResultAsync<Installation, NoCodex> =>
    new ResultAsync(search(ports, around))

const search = async (
  ports: Lookup,
  around: Installed.Surroundings,
): Promise<Result<Installation, NoCodex>> => {
  const depth = depthOf(around)
  if (depth >= depthMax) return err({ _tag: 'LeadsBack', times: depth })
  const variable = Installed.programVariable
  const path = around.environment[variable] ?? ''
  if (path !== '') {
    const named = await examine(ports, around, /[\\/]/.test(path) ? path : `./${path}`)
    return named === undefined ? err({ _tag: 'NoSuchProgram', variable, path }) : ok(named)
  }
  const candidates = Installed.candidates(around)
  for (const candidate of candidates) {
    const found = await examine(ports, around, candidate)
    if (found !== undefined) return ok(found)
  }
  return err({ _tag: 'NoCodex', looked: [...new Set(candidates.map(Installed.folderOf))] })
}

const depthOf = (around: Installed.Surroundings): number =>
  Number(around.environment[depthVariable] ?? '0') || 0

/** What `path` starts, unless nothing is there or it is ourselves. */
const examine = async (
  ports: Lookup,
  around: Installed.Surroundings,
  path: string,
): Promise<Installation | undefined> => {
  const real = await realPath(ports, path)
  if (real === undefined) return undefined
  const launcher = Installed.launcherPackage(real)
  if (launcher !== undefined) return throughLauncher(ports, around, launcher, path)
  if (Installed.isOurs(around)(real)) return undefined
  const stamp = (await ports.files.stamp(path)).unwrapOr(O.none)
  if (O.isNone(stamp)) return undefined
  // The path as it was found: a program of many names goes by the one it was called.
  const asFound = { program: path, arguments: [], versionFiles: Installed.versionFiles(real) }
  return stamp.value.bytes > Installed.scriptBytesMax
    ? { ...asFound, environment: {} }
    : throughScript(ports, around, asFound)
}

const throughScript = async (
  ports: Lookup,
  around: Installed.Surroundings,
  script: Omit<Installation, 'environment'>,
): Promise<Installation | undefined> => {
  const text = (await ports.files.read(script.program)).unwrapOr('')
  if (text === '' || Installed.isShimOfOurs(text)) return undefined
  const named = Installed.launcherIn(text, Installed.folderOf(script.program))
  const real = named === undefined ? undefined : await realPath(ports, named)
  const launcher = real === undefined ? undefined : Installed.launcherPackage(real)
  if (named !== undefined && launcher !== undefined) {
    return throughLauncher(ports, around, launcher, named)
  }
  // A batch file needs a shell, and a shell would read the person's arguments once more.
  if (script.program.endsWith('.cmd')) return undefined
  return { ...script, environment: { [depthVariable]: String(depthOf(around) + 1) } }
}

/** The native program of an npm package; the launcher itself, to say so, where it is missing. */
const throughLauncher = async (
  ports: Lookup,
  around: Installed.Surroundings,
  launcher: string,
  startedAs: string,
): Promise<Installation> => {
  for (const place of Installed.nativePlaces(around)(launcher)) {
    const program = await realPath(ports, place.program)
    if (program === undefined) continue
    const owner = await ownerOf(ports, around, launcher, startedAs)
    return {
      program,
      arguments: [],
      environment: Installed.launcherEnvironment(around, launcher, owner, place),
      versionFiles: Installed.versionFiles(program, launcher),
    }
  }
  return {
    program: around.node,
    arguments: [`${launcher}/bin/codex.js`],
    environment: {},
    versionFiles: [`${launcher}/package.json`],
  }
}

/** As the launcher finds it: by what pnpm and Vite+ leave in the folders above the package. */
const ownerOf = async (
  ports: Lookup,
  around: Installed.Surroundings,
  launcher: string,
  startedAs: string,
): Promise<Installed.PackageManager> => {
  const starts = [launcher, Installed.folderOf(startedAs)]
  const folders = [...new Set(starts.flatMap(Installed.withAncestors))]
  for (const folder of folders.filter((path) => /[\\/]packages$/.test(path))) {
    if (await isOwnedByVitePlus(ports, folder, launcher)) return 'vite-plus'
  }
  const marks = folders.map((folder) => realPath(ports, `${folder}/node_modules/.modules.yaml`))
  const marked = await Promise.all(marks)
  for (const folder of folders.filter((_, index) => marked[index] !== undefined)) {
    const owned = await realPath(ports, `${folder}/node_modules/@openai/codex`)
    if (owned === launcher) return 'pnpm'
  }
  return Installed.ordinaryManager(around, launcher)
}

const isOwnedByVitePlus = async (
  ports: Lookup,
  packages: string,
  launcher: string,
): Promise<boolean> => {
  const text = (await ports.files.read(`${packages}/@openai/codex.json`)).unwrapOr('')
  if (!/"name"\s*:\s*"@openai\/codex"/.test(text)) return false
  const id = /"installId"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
  const home = `${packages}/@openai/codex${id === '' || id.startsWith('#') ? id : `/${id}`}`
  for (const modules of [`${home}/lib/node_modules`, `${home}/node_modules`]) {
    if ((await realPath(ports, `${modules}/@openai/codex`)) === launcher) return true
  }
  return false
}

const realPath = async ({ files }: Lookup, path: string): Promise<string | undefined> =>
  O.toUndefined((await files.realPath(path)).unwrapOr(O.none))
