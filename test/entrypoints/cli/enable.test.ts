import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as PoolFile from '../../../core/storage/pool-file'
import { cliWorld, documentOf, layout, type CliWorld } from '../../support/cli'

const text = readFileSync(
  join(__dirname, '../../fixtures/existing-tool/openai-codex-accounts.json'),
  'utf8',
)
const files = { [layout.pool]: text }

const poolOf = (world: CliWorld) => PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()

describe('enable', () => {
  it('lets a disabled account serve again', async () => {
    const world = await cliWorld({ files })
    expect(await world.run(['enable', 'grace'])).toMatchObject({
      code: 0,
      answer: 'Enabled account 2, grace@mail.test, plan plus.\n',
      talk: '',
    })
    expect(poolOf(world).accounts[1]?.enabled).toBe(true)
    expect(poolOf(world).pinned).toEqual(
      O.some('acc-edsger-0000-4000-8000-000000000003/user-edsger'),
    )
  })

  it('writes nothing for one that is enabled', async () => {
    const world = await cliWorld({ files })
    expect((await world.run(['enable', '1'])).answer).toBe(
      'Account 1, Label ada (ada@mail.test), plan plus, is enabled already.\n',
    )
    expect(documentOf(await world.run(['enable', '1', '--json'])).data).toMatchObject({
      account: { number: 1, enabled: true },
      changed: false,
    })
    expect(world.text(layout.pool)).toBe(text)
  })

  it('warns of one that cannot serve', async () => {
    const world = await cliWorld({ files })
    expect((await world.run(['enable', 'barbara'])).talk).toContain('needs sign-in')
  })

  it('refuses a selector that fits none', async () => {
    const world = await cliWorld({ files })
    expect(documentOf(await world.run(['enable', 'nobody', '--json'])).error.code).toBe('no-match')
  })
})

describe('disable', () => {
  it('keeps an account from serving', async () => {
    const world = await cliWorld({ files })
    expect(await world.run(['disable', 'ada'])).toMatchObject({
      code: 0,
      answer: 'Disabled account 1, Label ada (ada@mail.test), plan plus.\n',
      talk: '',
    })
    expect(poolOf(world).accounts[0]?.enabled).toBe(false)
    expect(documentOf(await world.run(['list', '--json'])).data.accounts[0].status).toBe('disabled')
  })

  it('lets go of the pin on it, and says so', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['disable', 'edsger'])
    expect(ran.answer).toBe(
      'Disabled account 3, Label edsger (edsger@mail.test), plan plus.\nIt is no longer pinned.\n',
    )
    expect(poolOf(world).pinned).toEqual(O.none)
    expect(poolOf(world).affinityGeneration).toBe(9)
  })

  it('tells a program what it did', async () => {
    const world = await cliWorld({ files })
    expect(documentOf(await world.run(['disable', '3', '--json'])).data).toMatchObject({
      account: { number: 3, enabled: false, pinned: false, status: 'disabled' },
      changed: true,
      unpinned: true,
    })
    expect(documentOf(await world.run(['disable', '3', '--json'])).data).toMatchObject({
      changed: false,
      unpinned: false,
    })
    expect((await world.run(['disable', '3'])).answer).toMatch(/is disabled already\.\n$/)
  })

  it('warns when none is left to serve', async () => {
    const world = await cliWorld({ files })
    await world.run(['disable', '1'])
    await world.run(['disable', '3'])
    expect(await world.run(['disable', '4'])).toMatchObject({
      code: 0,
      talk: 'Warning: No account is enabled, so none can serve. Enable it again: codex-multi-auth enable 4\n',
    })
  })
})
