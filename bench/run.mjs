/**
 * `npm run bench` prints the figures of docs/performance.md, each beside its reference measured in the
 * same run; `npm run bench -- --only NAME` prints one of them.
 *
 * The programs of the bench are bundled as ours are, so that both start alike.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The first is the bench itself; it starts the others. */
const programs = [
  'bench/main.ts',
  'bench/loopback/backend.ts',
  'bench/loopback/client.ts',
  'bench/loopback/gauge.ts',
  'bench/loopback/pipe.ts',
  'bench/loopback/upstream.ts',
  'bench/references/yargs-command.ts',
]

const cache = join(root, 'node_modules', '.cache')
await mkdir(cache, { recursive: true })
const built = await mkdtemp(join(cache, 'bench-'))
await build({
  absWorkingDir: root,
  entryPoints: programs,
  outbase: 'bench',
  outdir: built,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
})

const bench = spawn(process.execPath, [join(built, 'main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
bench.once('exit', (code) => {
  process.exitCode = code ?? 1
  void rm(built, { recursive: true, force: true })
})
