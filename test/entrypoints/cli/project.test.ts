/** Accounts that a project has of its own, and everybody else's beside them. */
import * as Account from '../../../core/accounts/account'
import * as Layout from '../../../core/storage/layout'
import * as PoolFile from '../../../core/storage/pool-file'
import * as ProjectIdentity from '../../../core/storage/project-identity'
import { cliWorld, documentOf, home, layout, type CliWorld } from '../../support/cli'
import { expectGolden } from '../../support/golden'

const inside = '/repos/engine/src'
const { key } = ProjectIdentity.of('/repos/engine')
const own = Layout.ofProject(key)(layout)
const file = `${home}/accounts.json`

const worldOf = (terms: Parameters<typeof cliWorld>[0] = {}): Promise<CliWorld> =>
  cliWorld({
    ...terms,
    files: { '/repos/engine/.git/HEAD': '', [`${inside}/x`]: '', ...terms.files },
  })

const signIn = async (
  world: CliWorld,
  folder: string,
  email: string,
  ...words: ReadonlyArray<string>
) => {
  const [account] = world.upstream.addPerson({ email, workspaces: [{ plan: 'plus' }] }).accounts
  world.upstream.browser.signsIn(account)
  return world.runIn(folder, ['login', ...words])
}

const accountsIn = (world: CliWorld, path: string) =>
  PoolFile.parse(world.text(path) ?? '{"version":3,"accounts":[]}')._unsafeUnwrap().accounts

const namesIn = (world: CliWorld, path: string): ReadonlyArray<string> =>
  accountsIn(world, path).map(Account.name)

const tokensIn = (world: CliWorld, path: string): ReadonlyArray<string> =>
  accountsIn(world, path).map(({ credential }) => credential.refresh.reveal())

const codeOf = async (world: CliWorld, folder: string, ...words: ReadonlyArray<string>) => {
  const ran = await world.runIn(folder, [...words, '--json'])
  return [ran.code, documentOf(ran).error.code]
}

/** Ada is everybody’s, Grace is the project’s. */
const withBoth = async (terms: Parameters<typeof cliWorld>[0] = {}): Promise<CliWorld> => {
  const world = await worldOf(terms)
  await signIn(world, home, 'ada@mail.test')
  expect((await signIn(world, inside, 'grace@mail.test', '--project')).code).toBe(0)
  return world
}

describe('login --project', () => {
  it('makes the project a pool of its own, for its owner alone', async () => {
    const world = await worldOf()
    await signIn(world, home, 'ada@mail.test')
    const [front, before] = [world.text(layout.authFile), world.text(layout.pool)]
    const ran = await signIn(world, inside, 'grace@mail.test', '--project')
    expect(ran.answer).toBe(
      'Added account 1: grace@mail.test, plan plus\nThis project is served by accounts of its own.\n',
    )
    expect(namesIn(world, own.pool)).toEqual(['grace@mail.test'])
    expect(Layout.poolFolders(own).map((path) => world.disk.stat(path).mode & 0o777)).toEqual([
      ...[0o700, 0o700, 0o700],
    ])
    expect(world.disk.stat(own.pool).mode & 0o777).toBe(0o600)
    // Neither the user's pool nor the sign-in of the official CLI hears of it.
    expect([world.text(layout.authFile), world.text(layout.pool)]).toEqual([front, before])
  })

  it('asks nobody who chooses, as that is one choice for all accounts', async () => {
    const world = await withBoth({ isInteractive: true })
    const ran = await signIn(world, inside, 'edsger@mail.test', '--project')
    expect(ran.talk).toContain('Requests move between your accounts by themselves')
    expect(world.text(layout.settings)).toBeUndefined()
  })

  it('leaves the official CLI without a sign-in, where it had none', async () => {
    const world = await worldOf()
    await signIn(world, inside, 'grace@mail.test', '--project')
    expect(world.text(layout.authFile)).toBeUndefined()
  })

  it('says what makes a project, outside of one', async () => {
    const world = await worldOf()
    expect(await codeOf(world, home, 'login', '--project')).toEqual([2, 'no-project'])
    expect((await world.runIn('/repos', ['login', '--project'])).talk).toBe(
      'Error: /repos is in no project: that is a folder with .git, package.json, Cargo.toml, go.mod, pyproject.toml or .codex in it, but never your home folder.\n' +
        'Go into one, or add an account for everywhere: codex-multi-auth login\n',
    )
    expect(world.text(layout.pool)).toBeUndefined()
  })

  it('is refused while projects are to have none', async () => {
    const world = await worldOf({ environment: { CODEX_AUTH_PER_PROJECT_ACCOUNTS: 'off' } })
    expect(await codeOf(world, inside, 'login', '--project')).toEqual([2, 'project-accounts-off'])
  })

  it('takes no sign-in that another owner has', async () => {
    const world = await withBoth()
    expect(await codeOf(world, inside, 'login', '--import')).toEqual([1, 'official-of-user'])
    expect(await codeOf(world, inside, 'login', '--import', '--project')).toEqual([
      2,
      'wrong-usage',
    ])
    expect(namesIn(world, own.pool)).toEqual(['grace@mail.test'])
  })

  it('gives one person two sign-ins, one in each pool', async () => {
    const world = await worldOf()
    const [ada] = world.upstream.addPerson({ email: 'ada@mail.test' }).accounts
    world.upstream.browser.signsIn(ada)
    await world.runIn(home, ['login'])
    await world.runIn(inside, ['login', '--project'])
    expect([namesIn(world, layout.pool), namesIn(world, own.pool)]).toEqual([
      ['ada@mail.test'],
      ['ada@mail.test'],
    ])
    expect(tokensIn(world, own.pool)).not.toEqual(tokensIn(world, layout.pool))
    expect(world.upstream.journal.violations()).toEqual([])
  })
})

describe('in a project with accounts of its own', () => {
  it('each command has these, and others elsewhere', async () => {
    const world = await withBoth()
    for (const command of ['list', 'status']) {
      const [here, there] = [
        documentOf(await world.runIn(inside, [command, '--json'])).data,
        documentOf(await world.runIn(home, [command, '--json'])).data,
      ]
      expect([here.pool.store, there.pool.store]).toEqual([own.pool, layout.pool])
      expect(here.accounts.map(({ email }: { email: string }) => email)).toEqual([
        'grace@mail.test',
      ])
      expect(there.accounts.map(({ email }: { email: string }) => email)).toEqual(['ada@mail.test'])
    }
    expect((await world.runIn(inside, ['why'])).answer).toContain('grace@mail.test')
    expect((await world.runIn(home, ['why'])).answer).toContain('ada@mail.test')
    expect((await world.runIn(inside, ['switch', 'ada'])).code).toBe(2)
  })

  it('a switch there moves nobody elsewhere, nor the official CLI', async () => {
    const world = await withBoth()
    const [front, before] = [world.text(layout.authFile), world.text(layout.pool)]
    expect((await world.runIn(inside, ['switch', 'grace'])).answer).toBe(
      'Switched to account 1, grace@mail.test, plan plus.\n' +
        'It serves while it can. Let go of it: codex-multi-auth unpin\n',
    )
    expect([world.text(layout.authFile), world.text(layout.pool)]).toEqual([front, before])
  })

  it('a person is told whose accounts they see', async () => {
    const world = await withBoth()
    expectGolden('list-project', (await world.runIn(inside, ['list'])).answer)
    expectGolden('status-project', (await world.runIn(inside, ['status'])).answer)
    const whose = async (folder: string) =>
      (await world.runIn(folder, ['doctor'])).answer.split('\n', 1)
    expect(await whose(inside)).toEqual([
      `ok     This project has accounts of its own, stored in ${own.pool}.`,
    ])
    expect(await whose(home)).toEqual([`ok     Your accounts are stored in ${layout.pool}.`])
    expect((await world.run(['status', '--files'])).answer).toMatch(
      new RegExp(`^${own.pool} .* the accounts with their tokens, of a project$`, 'm'),
    )
  })

  it('a plain login joins them', async () => {
    const world = await withBoth()
    await signIn(world, inside, 'joan@mail.test')
    expect(namesIn(world, own.pool)).toEqual(['grace@mail.test', 'joan@mail.test'])
    expect(namesIn(world, layout.pool)).toEqual(['ada@mail.test'])
  })

  it('everybody’s are back when the last of them is gone', async () => {
    const world = await withBoth()
    const left = await world.runIn(inside, ['logout', 'grace', '--yes'])
    expect(left.answer).toContain('yours serve it again')
    expect(world.text(own.pool)).toBeDefined()
    expect((await world.runIn(inside, ['list'])).answer).toContain('ada@mail.test')
    expect(world.text(layout.authFile)).toBeDefined()
  })

  it('everybody’s are back while the setting is off', async () => {
    const world = await withBoth()
    await world.run(['config', 'set', 'perProjectAccounts', 'false'])
    expect((await world.runIn(inside, ['list'])).answer).toContain('ada@mail.test')
    await world.run(['config', 'set', 'perProjectAccounts', 'true'])
    expect((await world.runIn(inside, ['list'])).answer).toContain('grace@mail.test')
  })

  it('a backup is one of these, and stays with them', async () => {
    const world = await withBoth()
    const ran = documentOf(await world.runIn(inside, ['backup', 'safe', '--json']))
    expect(ran.data.file).toBe(`${own.backups}/safe.json`)
    expect((await world.run(['restore'])).answer).toMatch(/^No backups yet\./)
    await signIn(world, inside, 'joan@mail.test')
    await world.runIn(inside, ['restore', 'safe', '--yes'])
    expect(namesIn(world, own.pool)).toEqual(['grace@mail.test'])
  })

  it('who leaves them is remembered for the other pool', async () => {
    const world = await worldOf()
    const [ada] = world.upstream.addPerson({ email: 'ada@mail.test' }).accounts
    world.upstream.browser.signsIn(ada)
    await world.runIn(home, ['login'])
    await world.runIn(inside, ['login', '--project'])
    await world.run(['account', 'tag', 'ada', 'work'])
    const policies = world.text(layout.policies)
    await world.runIn(inside, ['remove', 'ada', '--yes'])
    expect(world.text(layout.policies)).toBe(policies)
    await world.run(['remove', 'ada', '--yes'])
    expect(world.text(layout.policies)).not.toBe(policies)
  })
})

describe('a sign-in is never in two pools', () => {
  it('by an import into a project', async () => {
    const world = await withBoth()
    await world.run(['export', file])
    const dry = documentOf(await world.runIn(inside, ['import', file, '--dry-run', '--json']))
    expect(dry.data).toMatchObject({
      accounts: [],
      leftOut: [{ email: 'ada@mail.test' }],
      total: 1,
    })
    const ran = await world.runIn(inside, ['import', file])
    expect(ran.code).toBe(0)
    expect(ran.talk).toBe(
      'Warning: ada@mail.test was left out: you have it already for other folders, and a sign-in in two places ends. Make another: codex-multi-auth login --project\n',
    )
    expect(namesIn(world, own.pool)).toEqual(['grace@mail.test'])
  })

  it('by an import of what was renewed since', async () => {
    const world = await withBoth()
    await world.run(['export', file])
    const ada = accountsIn(world, layout.pool)[0]?.identity.accountId ?? ''
    const renewed = (world.text(layout.pool) ?? '').replaceAll(
      tokensIn(world, layout.pool)[0] ?? ada,
      'rt_next',
    )
    const again = await worldOf({
      files: {
        [file]: world.text(file) ?? '',
        [layout.pool]: renewed,
        [own.pool]: world.text(own.pool) ?? '',
      },
    })
    await again.runIn(inside, ['import', file])
    expect(namesIn(again, own.pool)).toEqual(['grace@mail.test'])
  })

  it('by an import from a project', async () => {
    const world = await withBoth()
    await world.runIn(inside, ['export', file])
    const ran = await world.run(['import', file])
    expect(ran.talk).toBe(
      'Warning: grace@mail.test was left out: a project has that very sign-in, and a sign-in in two places ends. Make another: codex-multi-auth login\n',
    )
    expect(namesIn(world, layout.pool)).toEqual(['ada@mail.test'])
  })

  it('by a backup that somebody has carried over', async () => {
    const world = await withBoth()
    await world.run(['backup', 'safe'])
    const again = await worldOf({
      files: {
        [layout.pool]: world.text(layout.pool) ?? '',
        [own.pool]: world.text(own.pool) ?? '',
        [`${own.backups}/safe.json`]: world.text(`${layout.backups}/safe.json`) ?? '',
      },
    })
    const ran = await again.runIn(inside, ['restore', 'safe', '--yes'])
    expect(ran.talk).toContain('Warning: ada@mail.test was left out:')
    expect(namesIn(again, own.pool)).toEqual([])
  })

  it('and takes in nothing while a pool cannot be read that may hold it', async () => {
    const world = await withBoth()
    await world.run(['export', file])
    const again = await worldOf({
      files: {
        [file]: world.text(file) ?? '',
        [own.pool]: '{',
      },
    })
    expect(await codeOf(again, home, 'import', file)).toEqual([5, 'pool-malformed'])
    expect(again.text(layout.pool)).toBeUndefined()
  })
})
