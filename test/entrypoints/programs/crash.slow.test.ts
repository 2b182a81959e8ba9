/**
 * Processes that change one pool without a pause are killed in the middle of it, one after the other,
 * while others go on. Each time the pool can be read and holds every change that was acknowledged.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { buildSync } from 'esbuild'
import * as O from 'fp-ts/Option'
import { ok } from 'neverthrow'
import { dice } from '../../../adapters/memory/dice'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeLock } from '../../../adapters/node/lock'
import { nodeProcess } from '../../../adapters/node/process'
import { nodeRandom } from '../../../adapters/node/random'
import * as Account from '../../../core/accounts/account'
import type { Pool } from '../../../core/accounts/pool'
import * as Layout from '../../../core/storage/layout'
import * as PoolFile from '../../../core/storage/pool-file'
import { minute, second } from '../../../core/time'
import { changePool } from '../../../entrypoints/programs/pool'
import { cleanEnvironment } from '../../support/clean-environment'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'crash-'))
const program = path.join(root, 'pool-child.cjs')
const layout = Layout.of({ home: root, codexHome: undefined, ownRoot: path.join(root, 'pool') })
const clock = nodeClock()
const files = nodeFileSystem()
const lock = nodeLock({ files, clock, random: nodeRandom(), process: nodeProcess() })

beforeAll(() => {
  buildSync({
    entryPoints: [path.join(__dirname, '../../support/pool-child.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
    logLevel: 'error',
  })
})
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

const deaths = 300
const atOnce = 3
/** Changes a child cannot make in its life; a multiple of three. */
const numbersApart = 3_000
const accountsEach = 2

/** The last number acknowledged of each account's sign-ins and labels, and how many pins there were. */
interface Acknowledged {
  readonly signIns: Map<string, number>
  readonly labels: Map<string, number>
  pins: number
}

const acknowledge = (acknowledged: Acknowledged, line: string): void => {
  const [, key = '', text = ''] = line.split(' ')
  const number = Number(text)
  if (number % 3 === 0) acknowledged.signIns.set(key, number)
  if (number % 3 === 1) acknowledged.labels.set(key, number)
  if (number % 3 === 2) acknowledged.pins += 1
}

/** What was acknowledged and is not there. */
const lostIn = (pool: Pool, { signIns, labels, pins }: Acknowledged): ReadonlyArray<string> => {
  const rows = new Map(pool.accounts.map((account) => [Account.key(account), account]))
  const tokenOf = (account: Account.Account | undefined): number =>
    Number(account?.credential.refresh.reveal().slice('rt_'.length) ?? -1)
  const labelOf = (account: Account.Account | undefined): number =>
    account === undefined ? -1 : Number(O.getOrElse(() => '-1')(account.label))
  return [
    ...[...signIns].filter(([key, number]) => !(tokenOf(rows.get(key)) >= number)).map(String),
    ...[...labels].filter(([key, number]) => !(labelOf(rows.get(key)) >= number)).map(String),
    ...(pool.affinityGeneration < pins ? [`${pool.affinityGeneration} of ${pins} pins`] : []),
  ]
}

interface Life {
  readonly child: ChildProcess
  /** By then all it said is read. */
  readonly closed: Promise<ReadonlyArray<unknown>>
}

/** Until its first acknowledgement; the child goes on. */
const begin = async (acknowledged: Acknowledged, slot: number, life: number): Promise<Life> => {
  const first = String(life * numbersApart)
  const child = spawn(
    process.execPath,
    [program, layout.root, String(slot), String(accountsEach), first],
    { env: cleanEnvironment(root), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const closed = once(child, 'close')
  const lines = readline.createInterface({ input: child.stdout })
  lines.on('line', (line) => acknowledge(acknowledged, line))
  await Promise.race([once(lines, 'line'), closed])
  return { child, closed }
}

/** What it died of: nothing, when it ended by itself. */
const kill = async ({ child, closed }: Life): Promise<unknown> => {
  child.kill('SIGKILL')
  const [, signal] = await closed
  return signal
}

const poolDrafts = (): ReadonlyArray<string> =>
  fs.readdirSync(layout.root).filter((name) => /\.json\..*\.draft$/.test(name))

it(
  'can be read and holds what was acknowledged after each of 300 deaths in the middle of a change',
  async () => {
    const acknowledged: Acknowledged = { signIns: new Map(), labels: new Map(), pins: 0 }
    const wrongs: Array<string> = []
    let begun = 0
    let cutShort = 0
    const slot = async (slotNumber: number): Promise<void> => {
      const throwDice = dice(slotNumber)
      while (begun < deaths && wrongs.length === 0) {
        begun += 1
        const number = begun
        const life = await begin(acknowledged, slotNumber, number)
        await clock.sleep(throwDice() * 25)
        if ((await kill(life)) !== 'SIGKILL') wrongs.push(`${number}: it ended by itself`)
        cutShort += poolDrafts().some((name) => name.includes(`.${life.child.pid}-`)) ? 1 : 0
        // At once, as more is acknowledged at any time.
        PoolFile.parse(fs.readFileSync(layout.pool, 'utf8')).match(
          (pool) => wrongs.push(...lostIn(pool, acknowledged).map((lost) => `${number}: ${lost}`)),
          (error) => wrongs.push(`${number}: ${error._tag}`),
        )
      }
    }
    await Promise.all(Array.from({ length: atOnce }, (_, number) => slot(number)))
    expect(wrongs).toEqual([])
    // The twin: some died in the middle of a write.
    expect(cutShort).toBeGreaterThan(0)

    // All die at once, whoever has the lock with them.
    const last = await Promise.all(
      Array.from({ length: atOnce }, (_, number) => begin(acknowledged, number, deaths + 1)),
    )
    await Promise.all(last.map(kill))
    // A claim that was cut short is left for a second, as it may be one in the writing.
    await clock.sleep(second + 100)
    const before = clock.now()
    const changed = await changePool({ files, lock }, layout)((pool) => ok({ ...pool }))
    const waited = clock.now() - before
    expect(lostIn(changed._unsafeUnwrap(), acknowledged)).toEqual([])
    expect(waited).toBeLessThan(5 * second)
    expect(fs.readdirSync(layout.root)).toEqual(
      [layout.pool, layout.poolBackup, layout.poolKept, layout.poolJournal].map((one) =>
        path.basename(one),
      ),
    )
    expect(fs.statSync(layout.poolJournal).size).toBe(0)
  },
  3 * minute,
)
