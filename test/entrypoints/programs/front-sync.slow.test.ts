/** The official CLI's own lock on its sign-in file, held by another process of the system. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeHash } from '../../../adapters/node/hash'
import { nodeLock } from '../../../adapters/node/lock'
import { nodeProcess } from '../../../adapters/node/process'
import { nodeRandom } from '../../../adapters/node/random'
import * as Pool from '../../../core/accounts/pool'
import * as Layout from '../../../core/storage/layout'
import * as PoolFile from '../../../core/storage/pool-file'
import { second } from '../../../core/time'
import { syncFront, type Front, type FrontPorts } from '../../../entrypoints/programs/front-sync'
import { tool } from '../../support/tools'
import { until } from '../../support/until'
import { accountOf } from '../../support/tokens'

const base = mkdtempSync(path.join(os.tmpdir(), 'front-'))
const layout = Layout.of({ home: base, codexHome: undefined, ownRoot: undefined })
const ada = accountOf({ accountId: 'acc-ada', userId: 'user-ada', email: 'ada@mail.test' })

let holder: ChildProcess | undefined

beforeEach(() => {
  mkdirSync(layout.root, { recursive: true, mode: 0o700 })
  writeFileSync(layout.pool, PoolFile.print(Pool.signIn(ada)(Pool.empty)), { mode: 0o600 })
})

afterEach(async () => {
  if (holder !== undefined) await letGo(holder)
  holder = undefined
  rmSync(layout.codexHome, { recursive: true })
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** `flock(1)` in another process, until it is let go. */
const hold = async (): Promise<ChildProcess> => {
  const child = spawn('flock', ['-x', layout.authLock, 'cat'])
  holder = child
  child.stdin.write('held\n')
  await once(child.stdout, 'data')
  return child
}

const letGo = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return
  child.stdin?.end()
  await once(child, 'close')
}

const ports = (): FrontPorts => {
  const [files, clock, process] = [nodeFileSystem(), nodeClock(), nodeProcess()]
  const lock = nodeLock({ files, clock, process, random: nodeRandom() })
  return { files, clock, process, lock, hash: nodeHash() }
}

const sync = async (over: Partial<FrontPorts> = {}): Promise<Front> =>
  (await syncFront({ ...ports(), ...over }, layout, 'auto')({ _tag: 'Started' }))._unsafeUnwrap()

const withLock = tool('flock')

withLock(
  'is waited for, not for ever, and the file is left alone',
  async () => {
    await hold()
    const since = Date.now()
    const front = await sync()
    expect(front).toMatchObject({ _tag: 'NotWritten', because: { _tag: 'SpawnFault' } })
    expect(Date.now() - since).toBeLessThan(15 * second)
    expect(existsSync(layout.authFile)).toBe(false)
  },
  30 * second,
)

withLock(
  'is had when the other one lets go, and what that one wrote is not written over',
  async () => {
    const child = await hold()
    const syncing = sync()
    // It waits under the lock once the record says that there is a file.
    expect(await until(async () => existsSync(layout.frontLogin))).toBe(true)
    const theirs = '{"auth_mode":"apikey","OPENAI_API_KEY":"of the person"}'
    writeFileSync(layout.authFile, theirs)
    await letGo(child)
    expect(await syncing).toMatchObject({ _tag: 'NotWritten', because: { _tag: 'FrontChanged' } })
    expect(readFileSync(layout.authFile, 'utf8')).toBe(theirs)
  },
  30 * second,
)

withLock(
  'is let go of after the write, and left in its place',
  async () => {
    expect(await sync()).toMatchObject({ _tag: 'Written' })
    expect(existsSync(layout.authLock)).toBe(true)
    await hold()
    expect(JSON.parse(readFileSync(layout.authFile, 'utf8'))).toMatchObject({
      tokens: { account_id: 'acc-ada' },
    })
  },
  30 * second,
)

it('is done without where there is no flock on PATH', async () => {
  const { during } = nodeProcess()
  const withoutPath: FrontPorts['process'] = {
    during: (child, ...rest) => during({ ...child, environment: { PATH: base } }, ...rest),
  }
  expect(await sync({ process: withoutPath })).toMatchObject({ _tag: 'Written' })
  expect(existsSync(layout.authLock)).toBe(false)
  expect(existsSync(layout.authFile)).toBe(true)
})
