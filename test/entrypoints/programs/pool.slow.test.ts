import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { buildSync } from 'esbuild'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import { minute } from '../../../core/time'
import { cleanEnvironment } from '../../support/clean-environment'

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'pool-'))
const program = path.join(root, 'pool-child.cjs')
const folder = path.join(root, 'pool')

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

const children = 8
const changes = 50

const runChild = async (name: number): Promise<ReadonlyArray<string>> => {
  const commandLine = [program, folder, String(name), String(changes), '0', String(changes)]
  const child = spawn(process.execPath, commandLine, {
    env: cleanEnvironment(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(code).toBe(0)
  return said.trimEnd().split('\n')
}

const mustFind = (pool: Pool.Pool, key: string): Account.Account =>
  O.getOrElse((): Account.Account => {
    throw new Error(`${key} is missing`)
  })(Pool.find(key)(pool))

it(
  'keeps each of 400 changes that 8 processes make at the same time, and leaves nothing else',
  async () => {
    const said = await Promise.all(Array.from({ length: children }, (_, name) => runChild(name)))
    const acknowledged = said.flat().map((line) => line.split(' '))
    expect(acknowledged).toHaveLength(children * changes)

    const pool = PoolFile.parse(
      fs.readFileSync(path.join(folder, 'openai-codex-accounts.json'), 'utf8'),
    )._unsafeUnwrap()
    const missing = acknowledged.filter(([, key = '', number = '']) => {
      const { credential, label } = mustFind(pool, key)
      if (Number(number) % 3 === 0) return credential.refresh.reveal() !== `rt_${number}`
      return Number(number) % 3 === 1 && O.toUndefined(label) !== number
    })
    expect(missing).toEqual([])
    const pins = acknowledged.filter(([, , number]) => Number(number) % 3 === 2)
    expect(pool.affinityGeneration).toBe(pins.length)
    expect(fs.readdirSync(folder)).toEqual([
      'openai-codex-accounts.json',
      'openai-codex-accounts.json.bak',
      'openai-codex-accounts.json.kept',
      'openai-codex-accounts.json.wal',
    ])
    expect(fs.statSync(path.join(folder, 'openai-codex-accounts.json.wal')).size).toBe(0)
  },
  2 * minute,
)
