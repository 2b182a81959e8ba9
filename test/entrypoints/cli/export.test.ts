/** `export` and `import`: accounts as files of a person's own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Account from '../../../core/accounts/account'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, home, layout, type CliWorld } from '../../support/cli'

const fixture = (name: string) =>
  readFileSync(join(__dirname, '../../fixtures/existing-tool', name), 'utf8')

const text = fixture('openai-codex-accounts.json')
/** As we write it: with the user's id. */
const written = JSON.parse(PoolFile.print(PoolFile.parse(text)._unsafeUnwrap()))
const first = fixture('v1-openai-codex-accounts.json')
const file = `${home}/accounts.json`
const holdsTokens = 'Warning: The export holds tokens: whoever has it can use the accounts.\n'

const namesIn = (world: CliWorld, path: string = layout.pool): ReadonlyArray<string> =>
  PoolFile.parse(world.text(path) ?? '')
    ._unsafeUnwrap()
    .accounts.map(Account.name)

describe('export', () => {
  it('writes a file for its owner alone, and says what it holds', async () => {
    const world = await cliWorld({ files: { [layout.pool]: text } })
    expect(await world.run(['export', file])).toMatchObject({
      code: 0,
      answer: `Exported 4 accounts to ${file}\n`,
      talk: holdsTokens,
    })
    expect(world.disk.stat(file).mode & 0o777).toBe(0o600)
    expect(namesIn(world, file)).toEqual(namesIn(world))
    expect(JSON.parse(world.text(file) ?? '')).toEqual(written)
  })

  it('writes over nothing without --yes', async () => {
    const world = await cliWorld({ files: { [layout.pool]: text, [file]: 'mine' } })
    const refused = await world.run(['export', file, '--json'])
    expect(refused.code).toBe(2)
    expect(documentOf(refused).error.code).toBe('file-there')
    expect(world.text(file)).toBe('mine')
    expect(Object.keys(world.disk.snapshot()).filter((path) => path.includes('draft'))).toEqual([])
    expect((await world.run(['export', file, '--yes'])).code).toBe(0)
    expect(namesIn(world, file)).toHaveLength(4)
  })

  it.each([
    { name: 'a folder of its name', files: { [file]: null }, code: 'file-is-folder' },
    { name: 'a folder that is not there', path: `${home}/nowhere/x.json`, code: 'file-nowhere' },
  ])('refuses $name, and leaves nothing', async ({ files = {}, path = file, code }) => {
    const world = await cliWorld({ files: { [layout.pool]: text, ...files } })
    const refused = await world.run(['export', path, '--yes', '--json'])
    expect(refused.code).toBe(2)
    expect(documentOf(refused).error.code).toBe(code)
    expect(Object.keys(world.disk.snapshot()).filter((one) => one.includes('draft'))).toEqual([])
  })

  it('gives standard output the same, and one document with --json', async () => {
    const world = await cliWorld({ files: { [layout.pool]: text } })
    const ran = await world.run(['export', '-'])
    expect(ran.talk).toBe(holdsTokens)
    expect(JSON.parse(ran.answer)).toEqual(written)
    const { data } = documentOf(await world.run(['export', '-', '--json']))
    expect(data).toEqual({ file: null, accounts: 4, pool: written })
  })

  it('shows no token where a file was asked for', async () => {
    const world = await cliWorld({ files: { [layout.pool]: text } })
    const ran = await world.run(['export', file, '--json'])
    expect(documentOf(ran).data).toEqual({ file, accounts: 4, pool: null })
    expect(ran.answer).not.toMatch(/rt_|eyJ/)
  })

  it('has nothing to write without accounts', async () => {
    const world = await cliWorld({ files: { [home]: null } })
    expect(documentOf(await world.run(['export', file, '--json'])).error.code).toBe('no-accounts')
    expect(world.text(file)).toBeUndefined()
  })
})

describe('import', () => {
  it.each([
    { name: 'of the existing tool', content: text, count: 4 },
    { name: 'of its first version', content: first, count: 2 },
  ])('takes in a pool $name', async ({ content, count }) => {
    const world = await cliWorld({ files: { [file]: content } })
    const dry = await world.run(['import', file, '--dry-run'])
    expect(dry.answer).toMatch(/^Would import [^]*Nothing was changed\.\n$/)
    expect(world.text(layout.pool)).toBeUndefined()
    const ran = await world.run(['import', file])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expect(namesIn(world)).toHaveLength(count)
    expect(world.text(file)).toBe(content)
    const again = documentOf(await world.run(['import', file, '--json'])).data
    expect(again.total).toBe(count)
    expect(again.accounts.map(({ change }: { change: string }) => change)).toEqual(
      Array(count).fill('unchanged'),
    )
  })

  it('takes back what an export holds, and joins what is there', async () => {
    const world = await cliWorld({ files: { [layout.pool]: text } })
    await world.run(['export', file])
    await world.run(['remove', 'grace', '--yes'])
    const ran = await world.run(['import', file])
    expect(ran.answer).toBe(
      `Imported 4 accounts from ${file}\n` +
        '  unchanged  Label ada\n  added      grace@mail.test\n' +
        '  unchanged  Label edsger\n  unchanged  barbara@mail.test\n',
    )
    expect(namesIn(world)).toHaveLength(4)
  })

  it.each([
    { name: 'no JSON', content: '{', code: 'file-without-accounts' },
    { name: 'another list', content: '[]', code: 'file-without-accounts' },
    { name: 'the future', content: '{"version":4,"accounts":[]}', code: 'file-newer' },
    { name: 'too much', content: `${text}${' '.repeat(4 * 1024 * 1024)}`, code: 'file-too-large' },
    { name: 'nothing', content: undefined, code: 'file-missing' },
    { name: 'a folder', content: null, code: 'file-is-folder' },
    {
      name: 'accounts that are set aside',
      content: fixture('openai-codex-flagged-accounts.json'),
      code: 'file-of-flagged',
    },
  ])('refuses $name, and changes nothing', async ({ content, code }) => {
    const files = { [layout.pool]: text, ...(content === undefined ? {} : { [file]: content }) }
    const world = await cliWorld({ files })
    const ran = await world.run(['import', file, '--json'])
    expect(documentOf(ran).error.code).toBe(code)
    expect(world.text(layout.pool)).toBe(text)
  })

  it('names rows that are no accounts', async () => {
    const content = JSON.stringify({
      ...JSON.parse(text),
      accounts: [7, JSON.parse(text).accounts[0]],
    })
    const world = await cliWorld({ files: { [file]: content } })
    expect((await world.run(['import', file])).talk).toMatch(/^Warning: In the import: Row 1 /)
    expect(namesIn(world)).toHaveLength(1)
  })
})
