import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeLock } from '../../../adapters/node/lock'
import { nodeProcess } from '../../../adapters/node/process'
import { nodeRandom } from '../../../adapters/node/random'
import { lockContract } from '../../ports/lock.contract'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'lock-'))
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

const files = nodeFileSystem()
const clock = nodeClock()
const processes = nodeProcess()
const lock = nodeLock({ files, clock, random: nodeRandom(), process: processes })

lockContract('node', () => {
  const self = processes.self()
  return {
    lock,
    files,
    clock,
    path: `${fs.mkdtempSync(`${root}/`)}/lock`,
    living: self,
    dead: { ...self, startedAt: `${self.startedAt.slice(0, self.startedAt.lastIndexOf('.'))}.0` },
    age: async (file) => {
      const then = Date.now() / 1_000 - 2
      fs.utimesSync(file, then, then)
    },
  }
})

describe('real processes', () => {
  const program = path.join(root, 'lock-child.cjs')
  beforeAll(() => {
    buildSync({
      entryPoints: [path.join(__dirname, '../../support/lock-child.ts')],
      bundle: true,
      platform: 'node',
      outfile: program,
      logLevel: 'error',
    })
  })

  it('add to one number without losing a step, though some are killed while they hold the lock', async () => {
    const folder = fs.mkdtempSync(`${root}/`)
    fs.writeFileSync(`${folder}/number`, '0')
    const rounds = 40
    const children = Array.from({ length: 4 }, (_, n) => {
      const child = spawn(process.execPath, [program, folder, String(rounds), String(n)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      return once(child, 'exit')
    })
    // Odd ones kill themselves inside the lock, after their last round.
    const exits = await Promise.all(children)
    expect(exits.map(([, signal]) => signal as unknown)).toEqual([null, 'SIGKILL', null, 'SIGKILL'])
    expect(fs.readFileSync(`${folder}/number`, 'utf8')).toBe(String(4 * rounds))
    ;(
      await lock.holding(`${folder}/lock`, { waitMax: 0, expiresAfter: 60_000 }, () =>
        files.list('/'),
      )
    )._unsafeUnwrap()
    expect(fs.readdirSync(folder)).toEqual(['number'])
  })
})
