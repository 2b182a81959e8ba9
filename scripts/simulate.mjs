/**
 * `npm run simulate` plays 10,000 seeds of test/simulation and prints how often each fault and each
 * recovery happened; `npm run simulate -- --seed N` plays one and prints its log.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { nativeAsync } from './native-async.mjs'
import { root, run } from './run.mjs'

const cache = join(root, 'node_modules', '.cache')
await mkdir(cache, { recursive: true })
const built = await mkdtemp(join(cache, 'simulation-'))
const program = join(built, 'main.js')
await build({
  absWorkingDir: root,
  entryPoints: ['test/simulation/main.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  plugins: [nativeAsync],
})
const { code } = await run('node', [program, ...process.argv.slice(2)], 'shown')
await rm(built, { recursive: true, force: true })
process.exitCode = code
