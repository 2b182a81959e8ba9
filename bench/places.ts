/** Where the bench finds and puts things. `run.mjs` starts everything from the root. */
import { join } from 'node:path'

export const root = process.cwd()

/** Our program, as it is shipped. */
export const program = join(root, 'dist', 'main.js')

/** The bench's own programs, bundled: the one that imports this lies at their top. */
export const built = __dirname

/** What npm makes of the official CLI's launcher: `codex`, a link to it. */
export const hostsBin = join(root, 'test', 'hosts', 'node_modules', '.bin')

export const officialLauncher = join(
  ...[root, 'test', 'hosts', 'node_modules', '@openai', 'codex', 'bin', 'codex.js'],
)
