import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeWatcher } from '../../../adapters/node/watcher'
import { second } from '../../../core/time'
import { cleanEnvironment } from '../../support/clean-environment'
import { watcherContract } from '../../ports/watcher.contract'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'watcher-'))
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

watcherContract('node', async () => ({
  watcher: nodeWatcher(),
  files: nodeFileSystem(),
  folder: fs.mkdtempSync(path.join(root, 'folder-')),
}))

it('keeps no process alive', () => {
  const program = path.join(root, 'waits.cjs')
  buildSync({
    stdin: {
      contents: `import { nodeWatcher } from './adapters/node/watcher'
void nodeWatcher().next(${JSON.stringify(root)}, new AbortController().signal)`,
      resolveDir: path.join(__dirname, '../../..'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'error',
  })
  const ran = spawnSync(process.execPath, [program], {
    env: cleanEnvironment(root),
    timeout: 20 * second,
  })
  expect(ran.status).toBe(0)
})
