/** `backup` and `restore`: a person's own copies of the pool. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Account from '../../../core/accounts/account'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, layout, type CliWorld } from '../../support/cli'

const text = readFileSync(
  join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
  'utf8',
)
const files = { [layout.pool]: text }
const path = `${layout.backups}/safe.json`

const rowsIn = (textOfPool: string | undefined): ReadonlyArray<Record<string, unknown>> =>
  JSON.parse(textOfPool ?? '').accounts
const namesIn = (world: CliWorld): ReadonlyArray<string> =>
  PoolFile.parse(world.text(layout.pool) ?? '')
    ._unsafeUnwrap()
    .accounts.map(Account.name)

it('keeps a copy for its owner alone, lists it, and never writes over it', async () => {
  const world = await cliWorld({ files })
  expect((await world.run(['restore'])).answer).toMatch(/^No backups yet\./)
  expect(await world.run(['backup', 'safe'])).toMatchObject({
    code: 0,
    answer: `Backed up 4 accounts to ${path}\nPut it back: codex-multi-auth restore safe --yes\n`,
    talk: 'Warning: The backup holds tokens: whoever has it can use the accounts.\n',
  })
  expect(world.disk.stat(path).mode & 0o777).toBe(0o600)
  expect(world.disk.stat(layout.backups).mode & 0o777).toBe(0o700)
  expect((await world.run(['restore'])).answer).toMatch(/^BACKUP +MADE\nsafe +2026-11-22T/)
  expect(documentOf(await world.run(['restore', '--json'])).data).toMatchObject({
    backups: [{ name: 'safe', file: path }],
  })
  const kept = world.text(path)
  await world.run(['rename', 'ada', 'Ada'])
  expect(documentOf(await world.run(['backup', 'safe', '--json'])).error.code).toBe('file-there')
  expect(world.text(path)).toBe(kept)
})

it('tells what it would forget, and does it with --yes alone', async () => {
  const rows = JSON.parse(text)
  const small = JSON.stringify({ ...rows, accounts: rows.accounts.slice(0, 3) })
  const world = await cliWorld({ files: { ...files, [path]: small } })
  const asked = await world.run(['restore', 'safe'])
  expect(asked).toMatchObject({ code: 2, answer: '' })
  expect(asked.talk).toBe(
    'Error: A restore puts the backup safe in the place of the accounts and forgets 1 that it does not hold, so it asks for --yes.\n' +
      'To go ahead: codex-multi-auth restore safe --yes\n  barbara@mail.test\n',
  )
  expect(world.text(layout.pool)).toBe(text)
  expect((await world.run(['restore', 'safe', '--yes'])).answer).toBe(
    `Restored 3 accounts from ${path}\nForgot barbara@mail.test\n`,
  )
  expect(namesIn(world)).toEqual(['Label ada', 'grace@mail.test', 'Label edsger'])
  expect((await world.run(['list'])).talk).toBe('')
})

it('brings back an account, and no older sign-in', async () => {
  const world = await cliWorld({ files })
  await world.run(['backup', 'safe'])
  const file = JSON.parse(text)
  const later = file.accounts.map((row: { expiresAt: number }, index: number) =>
    index === 0
      ? { ...row, refreshToken: 'rt_later', accessToken: 'later', expiresAt: row.expiresAt + 1 }
      : row,
  )
  const other = await cliWorld({
    files: {
      [layout.pool]: JSON.stringify({ ...file, accounts: later.slice(0, 3) }),
      [path]: world.text(path) ?? '',
    },
  })
  expect((await other.run(['restore', 'safe', '--yes'])).code).toBe(0)
  expect(rowsIn(other.text(layout.pool)).map((row) => row['refreshToken'])).toEqual([
    'rt_later',
    ...rowsIn(text)
      .slice(1)
      .map((row) => row['refreshToken']),
  ])
})

it('follows no link to another place', async () => {
  const world = await cliWorld({ files: { ...files, '/elsewhere/safe.json': text } })
  world.disk.link('/elsewhere', layout.backups)
  for (const words of [
    ['backup', 'mine'],
    ['restore', 'safe', '--yes'],
  ])
    expect(documentOf(await world.run([...words, '--json'])).error.code).toBe('backup-elsewhere')
  expect(world.text('/elsewhere/mine.json')).toBeUndefined()
})

it.each(['../a', 'nul', 'a.b', 'a b'])('takes no backup called %s', async (name) => {
  const world = await cliWorld({ files })
  for (const words of [
    ['backup', name],
    ['restore', name, '--yes'],
  ])
    expect(documentOf(await world.run([...words, '--json'])).error.code).toBe('backup-name-unfit')
})

it('holds nothing of an account that was removed since', async () => {
  const world = await cliWorld({ files })
  await world.run(['backup', 'safe'])
  expect(await world.run(['remove', 'ada', '--yes'])).toMatchObject({ code: 0, talk: '' })
  expect(rowsIn(world.text(path))).toHaveLength(3)
  expect(world.text(path)).not.toContain('ada')
})
