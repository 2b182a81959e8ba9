import * as O from 'fp-ts/Option'
import { memoryDisk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { scheduler } from '../../../adapters/memory/scheduler'
import * as Layout from '../../../core/storage/layout'
import * as ProjectIdentity from '../../../core/storage/project-identity'
import { layoutIn } from '../../../entrypoints/programs/project'
import { layoutOfProject } from '../../../entrypoints/programs/project-pool'
import { layout } from '../../support/world'

type Files = Readonly<Record<string, string | null>>

const home = '/home/ada'

const ground = (files: Files) => {
  const time = scheduler(7)
  const process = time.process('cli')
  const ports = { files: memoryFileSystem(process, memoryDisk({ [home]: null, ...files })) }
  return { time, process, ports }
}

const keyIn = async (files: Files, folder: string): Promise<string | undefined> => {
  const { ports, time } = ground(files)
  const around = { home, environment: {} }
  const found = await time.run(() => layoutOfProject(ports, layout, around)(folder))
  return found.map(Layout.projectOf).map(O.toUndefined).unwrapOr(undefined)
}

/** A worktree at /repos/x of the repository at /repos/main, as git makes it. */
const worktree: Files = {
  '/repos/main/.git/HEAD': 'ref: refs/heads/main\n',
  '/repos/main/.git/worktrees/x/gitdir': '/repos/x/.git\n',
  '/repos/main/.git/worktrees/x/commondir': '../..\n',
  '/repos/x/.git': 'gitdir: /repos/main/.git/worktrees/x\n',
  '/repos/x/deep/file': '',
}

describe('the project of a folder', () => {
  it.each([
    {
      name: 'a repository',
      files: { '/repos/main/.git/HEAD': '', '/repos/main/a/b': '' },
      folder: '/repos/main/a',
      root: '/repos/main',
    },
    {
      name: 'a package',
      files: { '/repos/p/package.json': '{}' },
      folder: '/repos/p',
      root: '/repos/p',
    },
    { name: 'nothing', files: { '/repos/n/readme': '' }, folder: '/repos/n', root: undefined },
    {
      name: 'the folder of the official CLI',
      files: { [`${home}/.codex/x`]: '' },
      folder: `${home}/.codex`,
      root: undefined,
    },
    { name: 'a linked worktree', files: worktree, folder: '/repos/x/deep', root: '/repos/main' },
    { name: 'its main checkout', files: worktree, folder: '/repos/main', root: '/repos/main' },
    { name: 'a folder that is gone', files: {}, folder: '/repos/gone', root: undefined },
    { name: 'no folder at all', files: {}, folder: '', root: undefined },
  ])('$name', async ({ files, folder, root }) => {
    const key = root === undefined ? undefined : ProjectIdentity.keyOf(root)
    expect(await keyIn(files, folder)).toBe(key)
  })

  it.each([
    {
      name: 'a worktree that somebody else’s folder claims to be',
      files: { ...worktree, '/evil/.git': 'gitdir: /repos/main/.git/worktrees/x\n' },
    },
    {
      name: 'a folder of its own that claims to share the repository',
      files: {
        ...worktree,
        '/evil/.git': 'gitdir: /evil/in/.git/worktrees/x\n',
        '/evil/in/.git/worktrees/x/gitdir': '/evil/.git\n',
        '/evil/in/.git/worktrees/x/commondir': '/repos/main/.git\n',
      },
    },
    {
      name: 'a pointer back that is missing',
      files: {
        '/evil/.git': 'gitdir: /repos/main/.git/worktrees/x\n',
        '/repos/main/.git/worktrees/x/commondir': '../..\n',
      },
    },
    {
      name: 'a pointer that has no end',
      files: {
        ...worktree,
        '/evil/.git': `gitdir: /repos/main/.git/worktrees/x\n${' '.repeat(9_000)}`,
      },
    },
    { name: 'a submodule', files: { '/evil/.git': 'gitdir: ../main/.git/modules/x\n' } },
  ])('is the folder itself with $name', async ({ files }) => {
    expect(await keyIn(files, '/evil')).toBe(ProjectIdentity.keyOf('/evil'))
  })
})

describe('the pool that serves a folder', () => {
  const { key } = ProjectIdentity.of('/repos/main')
  const own = Layout.ofProject(key)(layout)
  const row = { accountId: 'acc-1', refreshToken: 'rt-1', email: 'ada@mail.test' }
  const pool = JSON.stringify({ version: 3, activeIndex: 0, accounts: [row] })
  const empty = JSON.stringify({ version: 3, activeIndex: 0, accounts: [] })
  const servedIn = async (files: Files, folder: string, environment = {}): Promise<string> => {
    const { ports, time } = ground({ ...worktree, ...files })
    const found = await time.run(() => layoutIn(ports, layout, { home, environment })(folder))
    return found._unsafeUnwrap().pool
  }

  it.each([
    { name: 'nobody made one', files: {}, folder: '/repos/main', served: layout.pool },
    { name: 'it is there', files: { [own.pool]: pool }, folder: '/repos/main', served: own.pool },
    {
      name: 'a worktree shares it',
      files: { [own.pool]: pool },
      folder: '/repos/x',
      served: own.pool,
    },
    {
      name: 'another project has one',
      files: { [own.pool]: pool, '/repos/p/go.mod': '' },
      folder: '/repos/p',
      served: layout.pool,
    },
    {
      name: 'nobody is in it',
      files: { [own.pool]: empty },
      folder: '/repos/main',
      served: layout.pool,
    },
    {
      name: 'only its copy is left',
      files: { [own.poolKept]: pool },
      folder: '/repos/main',
      served: own.pool,
    },
    {
      name: 'it cannot be read',
      files: { [own.pool]: '{' },
      folder: '/repos/main',
      served: own.pool,
    },
    {
      name: 'all of it are set aside',
      files: { [own.flagged]: JSON.stringify({ version: 1, accounts: [row] }) },
      folder: '/repos/main',
      served: own.pool,
    },
    {
      name: 'it is switched off',
      files: {
        [own.pool]: pool,
        [layout.settings]: '{"pluginConfig":{"perProjectAccounts":false}}',
      },
      folder: '/repos/main',
      served: layout.pool,
    },
  ])('where $name', async ({ files, folder, served }) => {
    expect(await servedIn(files, folder)).toBe(served)
  })

  it('follows the variable before the file', async () => {
    const off = { CODEX_AUTH_PER_PROJECT_ACCOUNTS: '0' }
    expect(await servedIn({ [own.pool]: pool }, '/repos/main', off)).toBe(layout.pool)
  })

  it('is found with one look where no project has any', async () => {
    const { ports, time } = ground(worktree)
    const looks: Array<string> = []
    const files = {
      ...ports.files,
      stamp: (path: string) => (looks.push(path), ports.files.stamp(path)),
    }
    await time.run(() => layoutIn({ files }, layout, { home, environment: {} })('/repos/main'))
    expect(looks).toEqual([layout.projects])
  })
})
