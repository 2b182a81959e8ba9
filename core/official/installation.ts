/**
 * Where the official CLI may be, for every way it is installed, and how each is started.
 *
 * All ways end in one native program (protocol.md, section 6). Starting that, and not the npm
 * launcher in front of it, saves a second start of Node; so the environment which the launcher
 * would set is set here. Paths only: what is there is for a program to find out.
 */

/** What a search depends on beside the files. Paths may have either slash on Windows. */
export interface Surroundings {
  readonly platform: string
  readonly architecture: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** The folder of our own built files, with symbolic links followed. */
  readonly ownFolder: string
  /** The running Node, which starts a launcher that has no native program. */
  readonly node: string
}

/** A folder to put in front of PATH, as launchers of the older layout do; empty for none. */
export interface NativePlace {
  readonly program: string
  readonly searchFolder: string
}

export type PackageManager = 'npm' | 'pnpm' | 'bun' | 'vite-plus'

/** Names the official program, in place of every search. */
export const programVariable = 'CODEX_MULTI_AUTH_REAL_CODEX_BIN'

/** Larger files are programs: shims of package and version managers are a few kilobytes. */
export const scriptBytesMax = 64 * 1024

export const slashed = (path: string): string => path.replace(/\\/g, '/')

export const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '')

/** Where `codex` may be: along PATH, as a shell looks, then where installers put it. */
export const candidates = (around: Surroundings): ReadonlyArray<string> => [
  ...searchFolders(around).flatMap((folder) => programNames(around).map((n) => `${folder}/${n}`)),
  ...knownPlaces(around).filter((path) => !path.startsWith('/codex')),
]

export const searchFolders = (around: Surroundings): ReadonlyArray<string> =>
  (around.environment['PATH'] ?? around.environment['Path'] ?? '')
    .split(separator(around))
    .filter((folder) => folder !== '')

const separator = (around: Surroundings): string => (around.platform === 'win32' ? ';' : ':')

const programNames = (around: Surroundings): ReadonlyArray<string> =>
  around.platform === 'win32' ? ['codex.exe', 'codex.cmd'] : ['codex']

/** Of no use without the variable they start with: such a path is `/codex...`. */
const knownPlaces = (around: Surroundings): ReadonlyArray<string> => {
  const { environment, home } = around
  const at = (name: string): string => environment[name] ?? ''
  const codexHome = at('CODEX_HOME') === '' ? `${home}/.codex` : at('CODEX_HOME')
  const beside = `${around.ownFolder}/../../@openai/codex/bin/codex.js`
  if (around.platform === 'win32') {
    return [
      beside,
      `${at('APPDATA')}/npm/codex.cmd`,
      `${at('LOCALAPPDATA')}/Microsoft/WinGet/Links/codex.exe`,
      `${codexHome}/packages/standalone/current/bin/codex.exe`,
      `${home}/.bun/bin/codex.exe`,
    ]
  }
  return [
    beside,
    `${folderOf(around.node)}/codex`,
    `${at('CODEX_INSTALL_DIR')}/codex`,
    `${codexHome}/packages/standalone/current/bin/codex`,
    `${home}/.local/bin/codex`,
    `${home}/.npm-global/bin/codex`,
    `${at('PNPM_HOME')}/codex`,
    `${home}/.bun/bin/codex`,
    `${home}/.volta/bin/codex`,
    '/opt/homebrew/bin/codex',
    '/usr/local/bin/codex',
    '/home/linuxbrew/.linuxbrew/bin/codex',
  ]
}

/** Whether a real path is of this package, or of the existing tool of the same name. */
export const isOurs =
  (around: Surroundings) =>
  (realPath: string): boolean =>
    slashed(realPath).startsWith(`${slashed(around.ownFolder)}/`) ||
    /\/node_modules\/codex-multi-auth\/(?!node_modules\/)/.test(slashed(realPath))

/** A script in front of the official program that somebody's `shim install` wrote. */
export const isShimOfOurs = (script: string): boolean => script.includes('codex-multi-auth')

const launcherTail = '/@openai/codex/bin/codex.js'

/** The folder of the npm package whose launcher this real path is. */
export const launcherPackage = (realPath: string): string | undefined =>
  slashed(realPath).endsWith(launcherTail) ? folderOf(folderOf(realPath)) : undefined

/** The launcher that a shim of pnpm, npm on Windows or the like starts; `folder` is the shim's own. */
export const launcherIn = (script: string, folder: string): string | undefined => {
  const tail = '@openai[\\\\/]+codex[\\\\/]+bin[\\\\/]+codex\\.js'
  const quoted = new RegExp(`["']([^"'\\r\\n]*${tail})["']`).exec(script)?.[1]
  const named = quoted ?? new RegExp(`[^\\s"'=]*${tail}`).exec(script)?.[0]
  return named === undefined ? undefined : slashed(named).replace(ownFolderOfShim, `${folder}/`)
}

const ownFolderOfShim = /^(\$\{?basedir\}?|%~?dp0%?|\$PSScriptRoot)\/*/

/**
 * The native program of an npm package, likeliest first: in the package for this platform, which is
 * nested in the launcher's or beside it or beside a parent; in the launcher's own package, as it
 * once was; then the layout before `bin/`.
 */
export const nativePlaces =
  (around: Surroundings) =>
  (launcher: string): ReadonlyArray<NativePlace> => {
    const target = targetOf(around)
    if (target === undefined) return []
    const name = around.platform === 'win32' ? 'codex.exe' : 'codex'
    const homes = [
      ...withAncestors(launcher)
        .filter((folder) => !/[\\/](node_modules|@openai)$/.test(folder))
        .map((folder) => `${folder}/node_modules/@openai/codex-${target.platform}`),
      launcher,
    ].map((home) => `${home}/vendor/${target.triple}`)
    return [
      ...homes.map((home) => ({ program: `${home}/bin/${name}`, searchFolder: '' })),
      ...homes.map((home) => ({
        program: `${home}/codex/${name}`,
        searchFolder: `${home}/path`,
      })),
    ]
  }

/** A path and every folder above it, nearest first, without the root of the file system. */
export const withAncestors = (path: string): ReadonlyArray<string> => {
  const above = folderOf(path)
  return above === path || above === '' ? [path] : [path, ...withAncestors(above)]
}

interface Target {
  readonly triple: string
  readonly platform: string
}

const targetOf = ({ platform, architecture }: Surroundings): Target | undefined => {
  const cpu = architecture === 'x64' ? 'x86_64' : architecture === 'arm64' ? 'aarch64' : undefined
  if (cpu === undefined) return undefined
  switch (platform) {
    case 'linux':
    case 'android':
      return { triple: `${cpu}-unknown-linux-musl`, platform: `linux-${architecture}` }
    case 'darwin':
      return { triple: `${cpu}-apple-darwin`, platform: `darwin-${architecture}` }
    case 'win32':
      return { triple: `${cpu}-pc-windows-msvc`, platform: `win32-${architecture}` }
    default:
      return undefined
  }
}

/** Which package manager the launcher would name where neither pnpm nor Vite+ owns the package. */
export const ordinaryManager = (around: Surroundings, launcher: string): 'npm' | 'bun' => {
  const agent = around.environment['npm_config_user_agent'] ?? ''
  const program = around.environment['npm_execpath'] ?? ''
  const isBun =
    /\bbun\//.test(agent) ||
    program.includes('bun') ||
    slashed(launcher).includes('.bun/install/global')
  return isBun ? 'bun' : 'npm'
}

/** What the launcher sets for the native program: its package, and exactly one owner. */
export const launcherEnvironment = (
  around: Surroundings,
  launcher: string,
  owner: PackageManager,
  place: NativePlace,
): Readonly<Record<string, string | undefined>> => {
  const mark = (manager: PackageManager): string | undefined =>
    manager === owner ? '1' : undefined
  const path = around.environment['PATH'] ?? ''
  return {
    CODEX_MANAGED_PACKAGE_ROOT: launcher,
    CODEX_MANAGED_BY_NPM: mark('npm'),
    CODEX_MANAGED_BY_PNPM: mark('pnpm'),
    CODEX_MANAGED_BY_BUN: mark('bun'),
    CODEX_MANAGED_BY_VITE_PLUS: mark('vite-plus'),
    ...(place.searchFolder === ''
      ? {}
      : { PATH: [place.searchFolder, ...(path === '' ? [] : [path])].join(separator(around)) }),
  }
}

/** JSON files with the `version` of a native program, by its real path. */
export const versionFiles = (program: string, launcher?: string): ReadonlyArray<string> => [
  `${folderOf(folderOf(program))}/codex-package.json`,
  ...(launcher === undefined ? [] : [`${launcher}/package.json`]),
]
