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
const ada = 'acc-ada-0000-4000-8000-000000000001/user-ada'

const poolOf = (world: CliWorld) => PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()

describe('switch', () => {
  it('pins the account, for every model family, and names the way back', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['switch', 'ada'])
    expect(ran).toEqual({
      code: 0,
      answer:
        'Switched to account 1, Label ada (ada@mail.test), plan plus.\n' +
        'It serves while it can. Let go of it: codex-multi-auth unpin\n',
      // The existing tool keeps no identity token, and the official CLI takes no file without one.
      talk:
        'Warning: It cannot serve now (limited, back in 32 days); others do until it can.\n' +
        'Warning: The official Codex CLI is not signed in with it: it lacks a token that only a new ' +
        'sign-in gives. To sign in again: codex-multi-auth login\n',
      pages: [],
    })
    expect(poolOf(world)).toMatchObject({
      pinned: O.some(ada),
      active: O.some(ada),
      affinityGeneration: 9,
    })
    expect(new Set(Object.values(poolOf(world).activeByFamily))).toEqual(new Set([ada]))
  })

  it('leaves no lock and no draft behind', async () => {
    const world = await cliWorld({ files })
    await world.run(['switch', 'ada'])
    const ours = Object.keys(world.disk.snapshot()).filter((path) => path.startsWith(layout.root))
    expect(ours.sort()).toEqual(
      [layout.pool, layout.poolBackup, layout.poolKept, layout.poolJournal].sort(),
    )
    expect(world.text(layout.poolJournal)).toBe('')
  })

  it('enables a disabled account, as it is asked for by name', async () => {
    const world = await cliWorld({ files })
    const { data } = documentOf(await world.run(['switch', '2', '--json']))
    expect(data.account).toMatchObject({ number: 2, enabled: true, pinned: true, status: 'ready' })
  })

  it('warns of an account that cannot serve', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['switch', 'barbara'])
    expect(ran.code).toBe(0)
    expect(ran.talk).toBe(
      'Warning: It cannot serve now (needs sign-in); others do until it can. ' +
        'Sign in again: codex-multi-auth login\n',
    )
  })

  it('names the candidates of a selector that fits several', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['switch', 'label'])
    expect(ran).toMatchObject({ code: 2, answer: '' })
    expect(ran.talk).toBe(
      'Error: "label" matches 2 accounts.\n' +
        'Give the number, or a part that only one of them has.\n' +
        '  1  Label ada     ada@mail.test     acc-ada-0000-4000-8000-000000000001\n' +
        '  3  Label edsger  edsger@mail.test  acc-edsger-0000-4000-8000-000000000003\n',
    )
    expect(world.text(layout.pool)).toBe(text)
    expect(documentOf(await world.run(['switch', 'label', '--json'])).error).toMatchObject({
      code: 'several-match',
      candidates: [ada, 'acc-edsger-0000-4000-8000-000000000003/user-edsger'],
    })
  })

  it.each(['nobody', '\u001b[31m', '99'])(
    'names all accounts when none is called %j',
    async (selector) => {
      const world = await cliWorld({ files })
      const ran = await world.run(['switch', selector])
      expect(ran.code).toBe(2)
      expect(ran.talk).not.toContain('\u001b')
      expect(ran.talk.split('\n')).toHaveLength(7)
      expect(world.text(layout.pool)).toBe(text)
    },
  )

  it('has nobody to switch to without accounts', async () => {
    const world = await cliWorld()
    expect(await world.run(['switch', '1'])).toMatchObject({
      code: 4,
      talk: 'Error: There are no accounts yet.\nAdd one: codex-multi-auth login\n',
    })
  })

  it('is resolved against the pool of the moment of the change', async () => {
    const world = await cliWorld({ files })
    const both = await world.together([['switch', 'ada'], ['switch', 'grace'], ['unpin']])
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(poolOf(world).affinityGeneration).toBe(11)
  })
})

describe('unpin', () => {
  it('lets go of the pin and keeps the active account', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['unpin'])
    expect(ran).toMatchObject({
      code: 0,
      answer: 'Account 3, Label edsger, is no longer pinned.\n',
    })
    expect(poolOf(world).pinned).toEqual(O.none)
    expect(poolOf(world).active).toEqual(
      O.some('acc-edsger-0000-4000-8000-000000000003/user-edsger'),
    )
  })

  it('is content when nothing is pinned, and writes nothing', async () => {
    const world = await cliWorld({ files })
    await world.run(['unpin'])
    const before = world.text(layout.pool)
    expect(documentOf(await world.run(['unpin', '--json'])).data).toEqual({ unpinned: null })
    expect((await world.run(['unpin'])).answer).toBe('No account was pinned.\n')
    expect(world.text(layout.pool)).toBe(before)
  })

  it('tells a program whose pin it was', async () => {
    const world = await cliWorld({ files })
    expect(documentOf(await world.run(['unpin', '--json'])).data).toEqual({
      unpinned: 'acc-edsger-0000-4000-8000-000000000003/user-edsger',
    })
  })

  it('is a storage failure when the disk takes no writes', async () => {
    const world = await cliWorld({
      files,
      disturb: ({ label }) =>
        label.startsWith(`files.open ${layout.pool}`)
          ? { _tag: 'Fail', code: 'EROFS' }
          : { _tag: 'None' },
    })
    const ran = await world.run(['unpin', '--json'])
    expect(ran.code).toBe(5)
    expect(documentOf(ran).error).toMatchObject({ code: 'storage-fault' })
    expect(world.text(layout.pool)).toBe(text)
  })
})
