/**
 * The existing tool of our name, told by the words its processes are started with: its programs, and
 * its package's folder of scripts, which ours has not. Its manager shares our name, so who `codex-multi-auth`
 * is shows only where the file that bears the name really lies. A host carries it where its configuration
 * names a package with that folder.
 */
import * as O from 'fp-ts/Option'

export interface AliveTool {
  readonly pid: number
  /** The name it was started by. */
  readonly program: string
}

/** Programs of its package that ours has not. */
const programs: ReadonlyArray<string> = [
  'codex-multi-auth-codex',
  'codex-multi-auth-app-launcher',
  'mcodex',
]
const runners: ReadonlyArray<string> = ['node', 'bun', 'deno', 'sh', 'bash', 'dash']

/** The file of the program: the first word, or the script that a runner was given. */
export const scriptOf = (words: ReadonlyArray<string>): O.Option<string> => {
  const [first, ...rest] = words
  if (first === undefined) return O.none
  return runners.includes(nameOf(first))
    ? O.fromNullable(rest.find((word) => !word.startsWith('-')))
    : O.some(first)
}

/** Whether it is worth to ask where the file really lies. */
export const mayBe = (script: string): boolean => /codex/.test(script)

/** A host that may carry it as a plugin, by its program: its launcher is a script, and starts that. */
export const isHost = (program: string): boolean => nameOf(program) === 'opencode'

/** In the package of the existing tool, and in none of ours. */
export const ownFile = 'scripts/codex.js'

/** `real` is where that file really lies. */
export const isExistingTool = (script: string, real: string): boolean =>
  programs.includes(nameOf(script)) || isItsScript(script) || isItsScript(real)

const isItsScript = (path: string): boolean =>
  /(?:^|\/)codex-multi-auth\/scripts\/[^/]+$/.test(path.replaceAll('\\', '/'))

export const nameOf = (path: string): string =>
  (path.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:exe|cmd|[cm]?js)$/i, '')
