import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { nodeWorkingFolder } from '../../../adapters/node/working-folder'
import { cleanEnvironment } from '../../support/clean-environment'

it('is where we are', () => {
  expect(nodeWorkingFolder()).toBe(process.cwd())
})

it('is nowhere for a program that is started where nothing is any more', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gone-')))
  const outfile = join(folder, 'say.js')
  buildSync({
    stdin: {
      contents:
        "import { nodeWorkingFolder } from './adapters/node/working-folder'; console.log(`[${nodeWorkingFolder()}]`)",
      resolveDir: join(__dirname, '../../..'),
    },
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'error',
  })
  const said = execFileSync(
    'sh',
    [
      '-c',
      'mkdir gone && cd gone && rmdir ../gone && exec "$1" "$2"',
      'sh',
      process.execPath,
      outfile,
    ],
    { cwd: folder, env: cleanEnvironment(folder, {}), encoding: 'utf8' },
  )
  expect(said).toBe('[]\n')
  rmSync(folder, { recursive: true })
})
