/** The pool on a real disk where something else lies in its place: nothing hangs, nothing is lost. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ok } from 'neverthrow'
import { nodeClock } from '../../../adapters/node/clock'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { nodeLock } from '../../../adapters/node/lock'
import { nodeProcess } from '../../../adapters/node/process'
import { nodeRandom } from '../../../adapters/node/random'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Layout from '../../../core/storage/layout'
import { changePool, readPool } from '../../../entrypoints/programs/pool'
import { accountOf } from '../../support/tokens'

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'garbage-'))
afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }))

const [files, clock] = [nodeFileSystem(), nodeClock()]
const ports = {
  files,
  lock: nodeLock({ files, clock, random: nodeRandom(), process: nodeProcess() }),
}

const layoutIn = (name: string): Layout.Layout =>
  Layout.of({ home: temporary, codexHome: undefined, ownRoot: path.join(temporary, name) })

const person = (name: string): Account.Account =>
  accountOf(
    { accountId: `acc-${name}`, userId: `user-${name}`, email: `${name}@mail.test` },
    1,
    name,
  )

const signIn = (layout: Layout.Layout, name: string) =>
  changePool(ports, layout)((pool) => ok(Pool.signIn(person(name))(pool)))

const namesOf = ({ accounts }: Pool.Pool): ReadonlyArray<string> => accounts.map(Account.name)

const things: ReadonlyArray<{ readonly name: string; readonly put: (at: string) => void }> = [
  { name: 'a pipe', put: (at) => execFileSync('mkfifo', [at]) },
  { name: 'a folder', put: (at) => fs.mkdirSync(at) },
  {
    name: 'a file of 100 MB',
    put: (at) => {
      fs.writeFileSync(at, '')
      fs.truncateSync(at, 100 * 1024 * 1024)
    },
  },
  { name: 'half a pool', put: (at) => fs.writeFileSync(at, '{"version":3,"acc') },
]

describe.each(things)('$name', ({ name, put }) => {
  it('in place of the pool is put aside, and the accounts come from a copy', async () => {
    const layout = layoutIn(`pool ${name}`)
    ;(await signIn(layout, 'ada'))._unsafeUnwrap()
    fs.rmSync(layout.pool)
    put(layout.pool)
    const read = (await readPool(ports, layout))._unsafeUnwrap()
    expect(read.notices).toMatchObject([{ _tag: 'Recovered', from: layout.poolKept }])
    ;(await signIn(layout, 'bea'))._unsafeUnwrap()
    const after = (await readPool(ports, layout))._unsafeUnwrap()
    expect(namesOf(after)).toEqual(['ada@mail.test', 'bea@mail.test'])
    expect(after.notices).toEqual([])
    expect(fs.existsSync(layout.poolDamaged)).toBe(true)
  })

  it('in place of a pool that has no copy is told, and left alone', async () => {
    const layout = layoutIn(`alone ${name}`)
    fs.mkdirSync(layout.root)
    put(layout.pool)
    const before = fs.statSync(layout.pool).ino
    expect((await signIn(layout, 'bea'))._unsafeUnwrapErr()).toMatchObject({ path: layout.pool })
    expect(fs.statSync(layout.pool).ino).toBe(before)
  })

  it('in place of the journal, or of a copy, keeps no change from being made', async () => {
    const layout = layoutIn(`journal ${name}`)
    fs.mkdirSync(layout.root)
    for (const at of [layout.poolJournal, layout.poolKept, layout.poolBackup]) put(at)
    ;(await signIn(layout, 'ada'))._unsafeUnwrap()
    ;(await signIn(layout, 'bea'))._unsafeUnwrap()
    const after = (await readPool(ports, layout))._unsafeUnwrap()
    expect(namesOf(after)).toEqual(['ada@mail.test', 'bea@mail.test'])
  })
})

it('a folder that is a link is used where it leads', async () => {
  const layout = layoutIn('linked')
  fs.mkdirSync(path.join(temporary, 'real'))
  fs.symlinkSync(path.join(temporary, 'real'), layout.root)
  ;(await signIn(layout, 'ada'))._unsafeUnwrap()
  expect(fs.readdirSync(path.join(temporary, 'real'))).toContain(path.basename(layout.pool))
  expect(fs.lstatSync(layout.root).isSymbolicLink()).toBe(true)
})

it('ten thousand accounts are changed and read like ten', async () => {
  const layout = layoutIn('many')
  const many = Array.from({ length: 10_000 }, (_, n) => person(String(n)))
  ;(await changePool(ports, layout)((pool) => ok({ ...pool, accounts: many })))._unsafeUnwrap()
  ;(await signIn(layout, 'ada'))._unsafeUnwrap()
  const read = (await readPool(ports, layout))._unsafeUnwrap()
  expect(read.accounts).toHaveLength(10_001)
  expect(read.notices).toEqual([])
}, 60_000)
