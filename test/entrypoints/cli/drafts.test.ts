/** Drafts that a death has left: they hold tokens, and go with the next command that writes there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cliWorld, home, layout, noon, type CliWorld } from '../../support/cli'

const text = readFileSync(
  join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
  'utf8',
)

const left = (world: CliWorld): ReadonlyArray<string> =>
  Object.keys(world.disk.snapshot()).filter((path) => path.endsWith('.draft'))

const write = (world: CliWorld, path: string, at: number): void => {
  const descriptor = world.disk.open(path, 'wx', 0o600, at)
  world.disk.write(descriptor, text, at)
  world.disk.close(descriptor)
}

it.each([
  { name: 'the pool', path: layout.pool },
  { name: 'its journal', path: layout.poolJournal },
  { name: 'its copies', path: layout.poolKept },
  { name: 'the accounts set aside', path: layout.flagged },
  { name: 'a backup', path: `${layout.backups}/safe.json` },
])('a change of the pool removes those of $name', async ({ path }) => {
  const files = { [layout.pool]: text, [`${layout.backups}/safe.json`]: text }
  const world = await cliWorld({ files: { ...files, [`${path}.1-2.draft`]: text } })
  expect(left(world)).toHaveLength(1)
  expect((await world.run(['rename', 'ada', 'Ada'])).code).toBe(0)
  expect(left(world)).toEqual([])
  expect(world.text(`${layout.backups}/safe.json`)).toBe(text)
})

it('leaves what is no draft of ours among the backups', async () => {
  const theirs = `${layout.backups}/notes.draft`
  const world = await cliWorld({ files: { [layout.pool]: text, [theirs]: 'mine' } })
  await world.run(['rename', 'ada', 'Ada'])
  expect(world.text(theirs)).toBe('mine')
})

it('an export removes those of an earlier one to the same file, but none that may still be written', async () => {
  const file = `${home}/accounts.json`
  const world = await cliWorld({ files: { [layout.pool]: text } })
  write(world, `${file}.dead.draft`, noon - 61_000)
  write(world, `${file}.alive.draft`, noon - 1_000)
  write(world, `${home}/other.json.dead.draft`, noon - 61_000)
  expect((await world.run(['export', file])).code).toBe(0)
  expect(left(world)).toEqual([`${file}.alive.draft`, `${home}/other.json.dead.draft`])
})
