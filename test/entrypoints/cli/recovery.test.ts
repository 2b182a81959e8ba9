/** What a person finds after the pool's file was damaged, lost or written over, as `list` and `rename` tell it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Account from '../../../core/accounts/account'
import * as Journal from '../../../core/storage/journal'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, layout, noon, type CliWorld } from '../../support/cli'

const fixture = (name: string): string =>
  readFileSync(join(__dirname, '../../fixtures/existing-tool', name), 'utf8')

const good = fixture('openai-codex-accounts.json')
const without = (name: string): string => {
  const file = JSON.parse(good)
  return JSON.stringify({
    ...file,
    accounts: file.accounts.filter((row: { email: string }) => !row.email.startsWith(name)),
  })
}

const namesIn = (text: string | undefined): ReadonlyArray<string> =>
  PoolFile.parse(text ?? '')
    ._unsafeUnwrap()
    .accounts.map(Account.name)

const names = namesIn(good)

const damages = [
  { name: 'cut short', text: good.slice(0, 900) },
  { name: 'emptied', text: '' },
  { name: 'null', text: 'null' },
  { name: 'a list', text: '[]' },
  { name: 'an empty record', text: '{}' },
  { name: 'of a version that never was', text: '{"version":2,"accounts":[]}' },
  { name: 'without a list of accounts', text: '{"version":3,"accounts":{}}' },
  { name: 'gone', text: undefined },
]

const copies = [
  { name: 'the journal', path: layout.poolJournal, text: Journal.print(noon, layout.pool, good) },
  { name: 'our copy', path: layout.poolKept, text: good },
  { name: 'the backup', path: layout.poolBackup, text: good },
  { name: 'an older backup', path: layout.poolOlder[0] ?? '', text: good },
  { name: 'the oldest backup', path: layout.poolOlder[1] ?? '', text: good },
]

const worldWith = (files: Readonly<Record<string, string | undefined>>): Promise<CliWorld> =>
  cliWorld({
    files: Object.fromEntries(
      Object.entries(files).flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
    ),
  })

describe.each(damages)('a pool that is $name', ({ text }) => {
  it.each(copies)('is recovered from $name, aloud, and put in order', async (copy) => {
    const world = await worldWith({ [layout.pool]: text, [copy.path]: copy.text })
    const ran = await world.run(['list'])
    expect(ran.code).toBe(0)
    expect(ran.talk).toBe(
      `Warning: ${layout.pool} is missing or damaged; the accounts come from ${copy.path}.\n`,
    )
    expect(world.text(layout.pool)).toBe(text) // Looking changes nothing.
    const changed = documentOf(await world.run(['rename', 'ada', 'Ada', '--json']))
    expect(changed.warnings).toHaveLength(1)
    expect(namesIn(world.text(layout.pool))).toEqual(['Ada', ...names.slice(1)])
    expect(world.text(layout.poolDamaged)).toBe(text)
    expect((await world.run(['list'])).talk).toBe('')
  })

  it('stays gone when it was given up on purpose', async () => {
    const world = await worldWith({
      [layout.pool]: text,
      [layout.poolReset]: '{}',
      [layout.poolBackup]: good,
    })
    expect(await world.run(['list'])).toMatchObject({
      code: 0,
      answer: 'No accounts yet. Add one: codex-multi-auth login\n',
    })
  })
})

it.each([
  { name: 'a journal that is torn', torn: Journal.print(noon, layout.pool, good).slice(0, 2_000) },
  { name: 'garbage', torn: '\u0000\u0001{]' },
])('passes over $name', async ({ torn }) => {
  const world = await worldWith({
    [layout.pool]: 'null',
    [layout.poolJournal]: torn,
    [layout.poolBackup]: good,
  })
  expect((await world.run(['list'])).talk).toContain(layout.poolBackup)
})

it('leaves a file from the future alone, though there is a backup', async () => {
  const text = '{"version":4,"accounts":[]}'
  const world = await worldWith({ [layout.pool]: text, [layout.poolBackup]: good })
  expect(await world.run(['rename', 'ada', 'Ada'])).toMatchObject({ code: 5 })
  expect(world.text(layout.pool)).toBe(text)
})

it('restores an account that another program dropped, and says so, but none that was removed here', async () => {
  const world = await worldWith({ [layout.pool]: good })
  await world.run(['rename', 'ada', 'Ada'])
  world.disk.rename(layout.pool, `${layout.root}/away`, noon)
  const file = world.disk.open(layout.pool, 'wx', 0o600, noon)
  world.disk.write(file, without('grace'), noon)
  world.disk.close(file)
  const seen = await world.run(['list'])
  expect(seen.talk).toContain('grace@mail.test was gone without a removal here, and is restored.')
  expect(seen.answer).toContain('grace@mail.test')
  await world.run(['unpin'])
  expect(namesIn(world.text(layout.pool))).toContain('grace@mail.test')
  await world.run(['remove', 'grace', '--yes'])
  const left = await world.run(['list'])
  expect(left).toMatchObject({ code: 0, talk: '' })
  expect(left.answer).not.toContain('grace')
})

describe('a copy that cannot be read for a moment', () => {
  const older = fixture('v1-openai-codex-accounts.json')

  it.each([
    {
      name: 'ours, beside a file that is none',
      path: layout.poolKept,
      files: { [layout.pool]: '{', [layout.poolKept]: good, [layout.poolBackup]: older },
    },
    {
      name: 'ours, beside a file that another program has written',
      path: layout.poolKept,
      files: { [layout.pool]: older, [layout.poolKept]: good },
    },
    {
      name: 'the backup, where ours is none',
      path: layout.poolBackup,
      files: {
        [layout.pool]: '{',
        [layout.poolKept]: '{',
        [layout.poolBackup]: good,
        [layout.poolOlder[0] ?? '']: older,
      },
    },
  ])('is not passed over for what is older: $name', async ({ files, path }) => {
    const world = await cliWorld({
      files,
      disturb: ({ label }) =>
        label === `files.stat ${path}` ? { _tag: 'Fail', code: 'EIO' } : { _tag: 'None' },
    })
    const ran = await world.run(['rename', '1', 'First'])
    expect(ran).toMatchObject({ code: 5 })
    expect(ran.talk).toContain(path)
    expect(world.text(layout.pool)).toBe(files[layout.pool])
    expect(world.text(path)).toBe(good)
  })
})

it('takes over the pool of an older place, and leaves it there', async () => {
  const elsewhere = layout.poolElsewhere[1] ?? ''
  const world = await worldWith({ [elsewhere]: fixture('v1-openai-codex-accounts.json') })
  expect((await world.run(['list'])).talk).toContain(`The accounts come from ${elsewhere}`)
  await world.run(['rename', 'ken', 'Ken'])
  expect(namesIn(world.text(layout.pool))).toEqual(['tony@mail.test', 'Ken'])
  expect(world.text(elsewhere)).toBe(fixture('v1-openai-codex-accounts.json'))
  expect((await world.run(['list'])).talk).toBe('')
})

it('names the folder, and no draft of ours, on a disk that is full', async () => {
  const world = await cliWorld({
    files: { [layout.pool]: good },
    disturb: ({ process, label }) =>
      process === 'cli' && label.startsWith('files.open') && label.includes('pool.lock.')
        ? { _tag: 'Fail', code: 'ENOSPC' }
        : { _tag: 'None' },
  })
  expect((await world.run(['rename', 'ada', 'Ada'])).talk).toBe(
    `Error: ${layout.root} cannot be used: the disk is full.\nFree some space, then try again.\n`,
  )
})

describe('what other users could read', () => {
  const said = (path: string) =>
    `Warning: Other users of this machine could read ${path}; a change of the accounts closes it to them.\n`

  it('is said, closed by the next change, and said no more', async () => {
    const world = await cliWorld({ files: { [layout.pool]: good } })
    world.disk.chmod(layout.root, 0o755)
    world.disk.chmod(layout.pool, 0o644)
    const both = said(layout.root) + said(layout.pool)
    expect((await world.run(['list'])).talk).toBe(both)
    const { talk } = await world.run(['disable', 'ada'])
    expect([...talk.matchAll(/Other users/g)]).toHaveLength(2)
    expect([world.disk.modeOf(layout.root), world.disk.modeOf(layout.pool)]).toEqual([0o700, 0o600])
    expect((await world.run(['list'])).talk).toBe('')
  })

  it('is put in order by a change that changes nothing else', async () => {
    const world = await cliWorld({ files: { [layout.pool]: good } })
    world.disk.chmod(layout.pool, 0o640)
    expect((await world.run(['unpin'])).talk).toBe(said(layout.pool))
    expect(world.disk.modeOf(layout.pool)).toBe(0o600)
  })
})
