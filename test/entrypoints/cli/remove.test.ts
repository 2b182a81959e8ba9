import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Credential from '../../../core/accounts/credential'
import * as Cooldown from '../../../core/health/cooldown'
import * as Journal from '../../../core/storage/journal'
import * as PoolFile from '../../../core/storage/pool-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour } from '../../../core/time'
import { cliWorld, documentOf, layout, noon, type CliWorld } from '../../support/cli'

const fixture = (name: string) =>
  readFileSync(join(__dirname, '../../fixtures/existing-tool', name), 'utf8')

const text = fixture('openai-codex-accounts.json')
const files = { [layout.pool]: text }
const ada = 'acc-ada-0000-4000-8000-000000000001/user-ada'
const edsger = 'acc-edsger-0000-4000-8000-000000000003/user-edsger'

const poolOf = (world: CliWorld) => PoolFile.parse(world.text(layout.pool) ?? '')._unsafeUnwrap()

const lived = [ada, edsger]
  .flatMap((account, index): ReadonlyArray<RuntimeState.Observation> => [
    { _tag: 'Cooled', account, at: noon, cooldown: Cooldown.cooling(noon + hour, 'provider') },
    {
      _tag: 'QuotaSeen',
      account,
      snapshot: { observedAt: noon, source: 'headers', windows: [], plan: O.none },
    },
    {
      _tag: 'Tied',
      conversation: `thread-${index}`,
      tie: { account, servedAt: noon, generation: 8 },
    },
  ])
  .reduce((state, one) => RuntimeState.apply(one)(state), RuntimeState.empty)

/** The journal of a renewal, which has not come to its file. */
const dieInSave = (world: CliWorld): void => {
  const pool = poolOf(world)
  const [account] = pool.accounts
  if (account === undefined) return
  const credential = {
    ...account.credential,
    refresh: Credential.secret('rt_renewed'),
    refreshedAt: O.some(noon + hour),
  }
  const renewed = { ...pool, accounts: [{ ...account, credential }, ...pool.accounts.slice(1)] }
  world.disk.unlink(layout.poolJournal, noon)
  const descriptor = world.disk.open(layout.poolJournal, 'wx', 0o600, noon)
  const journal = Journal.print(noon, layout.pool, PoolFile.print(renewed))
  world.disk.write(descriptor, journal, noon)
  world.disk.close(descriptor)
}

describe('remove', () => {
  it('asks for --yes, and does nothing without it', async () => {
    const world = await cliWorld({ files, isInteractive: true })
    const ran = await world.run(['remove', 'ada'])
    expect(ran).toMatchObject({
      code: 2,
      answer: '',
      talk:
        'Error: What remove does cannot be undone, so it asks for --yes.\n' +
        'To go ahead: codex-multi-auth remove ACCOUNT --yes\n',
    })
    expect(world.text(layout.pool)).toBe(text)
  })

  it('forgets an account and says who is active', async () => {
    const world = await cliWorld({ files })
    expect(await world.run(['remove', 'ada', '--yes'])).toMatchObject({
      code: 0,
      answer:
        'Removed account 1, Label ada (ada@mail.test), plan plus.\n' +
        'Account 2, Label edsger (edsger@mail.test), plan plus, is the active one.\n',
      talk: '',
    })
    expect(poolOf(world)).toMatchObject({ active: O.some(edsger), pinned: O.some(edsger) })
    expect(world.text(layout.pool)).not.toContain('ada')
  })

  it('lets go of the pin on it and makes another the active one', async () => {
    const world = await cliWorld({ files })
    const ran = await world.run(['remove', 'edsger', '--yes'])
    expect(ran.answer).toBe(
      'Removed account 3, Label edsger (edsger@mail.test), plan plus.\n' +
        'Nothing is pinned now.\n' +
        'Account 1, Label ada (ada@mail.test), plan plus, is the active one.\n',
    )
    expect(poolOf(world).pinned).toEqual(O.none)
  })

  it('tells a program what is left', async () => {
    const world = await cliWorld({ files })
    expect(documentOf(await world.run(['remove', '3', '--yes', '--json'])).data).toMatchObject({
      removed: { key: edsger, number: 3, pinned: true },
      pool: { active: ada, pinned: null, total: 3 },
    })
  })

  it('leaves nothing of it in any file, and everything of the others', async () => {
    const world = await cliWorld({
      files: {
        ...files,
        [`${layout.pool}.bak`]: text,
        [`${layout.pool}.bak.1`]: text,
        [layout.runtimeState]: RuntimeFile.print(lived, noon),
        [layout.quota]: RuntimeFile.printQuota(lived, fixture('quota-cache.json')),
      },
    })
    expect(await world.run(['remove', 'ada', '--yes'])).toMatchObject({ code: 0, talk: '' })
    const left = Object.entries(world.disk.snapshot())
    for (const [path, content] of left) {
      expect(`${path} ${(content ?? '').replaceAll(path, '')}`).not.toMatch(
        /user-ada|acc-ada|_ada_/,
      )
    }
    expect(JSON.parse(world.text(`${layout.pool}.bak`) ?? '').accounts).toHaveLength(3)
    const state = RuntimeFile.parse(
      world.text(layout.runtimeState) ?? '',
      world.text(layout.quota) ?? '',
    )
    expect(state).toEqual(RuntimeState.forget(ada)(lived))
    expect(Object.keys(state.ties)).toHaveLength(1)
  })

  it('keeps a sign-in that a save of another, which died meanwhile, has left in its journal alone', async () => {
    let taken = 0
    const world: CliWorld = await cliWorld({
      files,
      disturb: ({ label }) => {
        // Once more after the change: to clean the copies.
        if (label.startsWith('files.rename') && label.endsWith(layout.poolLock)) {
          taken += 1
          if (taken === 2) dieInSave(world)
        }
        return { _tag: 'None' }
      },
    })
    expect(await world.run(['remove', 'ada', '--yes'])).toMatchObject({ code: 0 })
    expect(poolOf(world).accounts.map(({ credential }) => credential.refresh.reveal())).toContain(
      'rt_renewed',
    )
    expect(world.text(layout.poolJournal)).toBe('')
  })

  it('names a copy it could not clean', async () => {
    const copy = `${layout.pool}.bak.1`
    const world = await cliWorld({ files: { ...files, [copy]: '{' } })
    expect(await world.run(['remove', 'ada', '--yes'])).toMatchObject({
      code: 0,
      talk: `Warning: ${copy} could not be cleaned and may still hold something of the account. Remove it by hand.\n`,
    })
    expect(world.text(copy)).toBe('{')
  })

  it('takes the last one too', async () => {
    const world = await cliWorld({ files })
    for (const name of ['ada', 'grace', 'edsger']) await world.run(['remove', name, '--yes'])
    const ran = await world.run(['remove', 'barbara', '--yes'])
    expect(ran.answer).toMatch(/\nNo account is left\. Add one: codex-multi-auth login\n$/)
    expect(poolOf(world).accounts).toEqual([])
  })

  it('removes each account that two at once name, once', async () => {
    const world = await cliWorld({ files })
    const all = await world.together([
      ['remove', 'ada', '--yes'],
      ['remove', 'ada', '--yes'],
      ['remove', 'grace', '--yes'],
    ])
    expect(all.map(({ code }) => code).sort()).toEqual([0, 0, 2])
    expect(poolOf(world).accounts).toHaveLength(2)
  })
})
