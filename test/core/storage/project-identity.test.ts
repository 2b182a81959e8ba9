import * as O from 'fp-ts/Option'
import * as fc from 'fast-check'
import * as ProjectIdentity from '../../../core/storage/project-identity'

const around = { home: '/home/ada', codexHome: '/home/ada/.codex' }

/** The root that is found where these paths are there. */
const rootIn = (paths: ReadonlyArray<string>, start: string, given = around): string | undefined =>
  ProjectIdentity.candidates(given)(start).find(({ marker }) => paths.includes(marker))?.folder

describe('the root of a project', () => {
  it.each([
    {
      name: 'a repository',
      there: ['/home/ada/x/.git'],
      start: '/home/ada/x/a/b',
      root: '/home/ada/x',
    },
    {
      name: 'a repository far up, before a package in it',
      there: ['/home/ada/x/.git', '/home/ada/x/a/package.json'],
      start: '/home/ada/x/a/b',
      root: '/home/ada/x',
    },
    {
      name: 'the nearest of two repositories',
      there: ['/home/ada/x/.git', '/home/ada/x/a/.git'],
      start: '/home/ada/x/a/b',
      root: '/home/ada/x/a',
    },
    {
      name: 'the nearest that anything marks, where there is no repository',
      there: ['/srv/x/package.json', '/srv/x/a/go.mod'],
      start: '/srv/x/a/b',
      root: '/srv/x/a',
    },
    { name: 'a folder with .codex', there: ['/srv/x/.codex'], start: '/srv/x', root: '/srv/x' },
    { name: 'nothing', there: [], start: '/srv/x', root: undefined },
    {
      name: 'the home folder, which is none',
      there: ['/home/ada/.git', '/home/ada/package.json', '/home/ada/.codex'],
      start: '/home/ada/x',
      root: undefined,
    },
    { name: 'a file system, which is none', there: ['/.git'], start: '/srv/x', root: undefined },
    {
      name: 'a drive, which is none',
      there: ['C:/.git'],
      start: 'C:\\repos\\x',
      root: undefined,
    },
    {
      name: 'a share, which is none',
      there: ['//server/share/.git'],
      start: '\\\\server\\share\\x',
      root: undefined,
    },
    { name: 'a Windows path', there: ['C:/repos/.git'], start: 'C:\\repos\\x', root: 'C:/repos' },
    { name: 'a path that is not absolute', there: ['.git'], start: '', root: undefined },
  ])('$name', ({ root, start, there }) => {
    expect(rootIn(there, start)).toBe(root)
  })

  it('is not where the official CLI has its home, but for what else lies there', () => {
    const given = { home: '/home/ada', codexHome: '/srv/x/.codex' }
    expect(rootIn(['/srv/x/.codex'], '/srv/x/a', given)).toBeUndefined()
    expect(rootIn(['/srv/x/.codex', '/srv/x/go.mod'], '/srv/x/a', given)).toBe('/srv/x')
  })

  it('is the home folder in no spelling of it', () => {
    const given = { home: 'C:\\Users\\Ada', codexHome: '' }
    const folders = ProjectIdentity.candidates(given)('c:/users/ADA/x').map(({ folder }) => folder)
    expect([...new Set(folders)]).toEqual(['c:/users/ADA/x', 'c:/users'])
  })

  it('is looked for in a bounded number of folders', () => {
    const deep = `/${'x/'.repeat(10_000)}`
    expect(ProjectIdentity.candidates(around)(deep).length).toBeLessThan(400)
  })
})

describe('the key', () => {
  it.each([
    { root: '/home/ada/repos/engine', key: 'engine-46a967ee70a2' },
    { root: 'C:\\Repos\\Engine', key: 'engine-9bc00d2d1381' },
    { root: 'c:/repos/engine/', key: 'engine-9bc00d2d1381' },
    { root: '\\\\SERVER\\share\\Engine', key: 'engine-1bf893a38262' },
    { root: '/home/ada/über uns!', key: 'ber-uns-5e2c249e80ec' },
    { root: `/srv/${'a'.repeat(50)}/--`, key: 'project-6555c775945f' },
  ])('of $root', ({ key, root }) => {
    expect(ProjectIdentity.of(root)).toEqual({ root, key })
  })

  it('is the name of one folder, whatever a project is called', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(ProjectIdentity.isKey(ProjectIdentity.keyOf(`/srv/${name}`))).toBe(true)
      }),
    )
  })

  it('is the same for every spelling of a Windows path, and another for another path', () => {
    const names = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(names, names, (one, other) => {
        const keyOf = (parts: ReadonlyArray<string>, slash: string): string =>
          ProjectIdentity.keyOf(`C:${slash}${parts.join(slash)}`)
        expect(keyOf(one, '\\').toLowerCase()).toBe(
          ProjectIdentity.keyOf(`c:/${one.join('/').toUpperCase()}`),
        )
        expect(keyOf(one, '/') === keyOf(other, '/')).toBe(one.join('/') === other.join('/'))
      }),
    )
  })
})

describe('where a .git file leads', () => {
  it.each([
    { pointer: 'gitdir: /main/.git/worktrees/x\n', leads: '/main/.git/worktrees/x' },
    { pointer: 'gitdir: ../main/.git/worktrees/x', leads: '/repos/main/.git/worktrees/x' },
    { pointer: 'gitdir: C:\\main\\.git\\worktrees\\x\r\n', leads: 'C:/main/.git/worktrees/x' },
    {
      pointer: 'gitdir: //wsl$/Ubuntu/main/.git/worktrees/x',
      leads: '//wsl$/Ubuntu/main/.git/worktrees/x',
    },
    { pointer: 'gitdir: ../main/.git/modules/x', leads: undefined },
    { pointer: 'gitdir: /main.git/worktrees/x', leads: undefined },
    { pointer: 'gitdir:', leads: undefined },
    { pointer: 'worktree: /main/.git/worktrees/x', leads: undefined },
    { pointer: '\ngitdir: /main/.git/worktrees/x', leads: undefined },
  ])('$pointer', ({ leads, pointer }) => {
    expect(O.toUndefined(ProjectIdentity.gitFolderIn('/repos/x')(pointer))).toBe(leads)
  })
})

describe('a linked worktree', () => {
  const worktree: ProjectIdentity.Worktree = {
    git: '/repos/x/.git',
    gitFolder: '/repos/main/.git/worktrees/x',
    pointsBackTo: '/repos/x/.git',
    common: '/repos/main/.git',
  }
  const mainOf = (given: Partial<ProjectIdentity.Worktree>): string | undefined =>
    O.toUndefined(ProjectIdentity.mainOf(around)({ ...worktree, ...given }))

  it('belongs to the checkout that both ends of its pointers agree on', () => {
    expect(mainOf({})).toBe('/repos/main')
  })

  it.each([
    { name: 'it is not pointed back at', given: { pointsBackTo: '/repos/y/.git' } },
    { name: 'its folder is another repository’s', given: { common: '/repos/other/.git' } },
    { name: 'its folder only starts like one', given: { gitFolder: '/repos/main/.git/worktrees' } },
    { name: 'what it shares is no .git', given: { common: '/repos/main' } },
    {
      name: 'it would belong to the home folder',
      given: { gitFolder: '/home/ada/.git/worktrees/x', common: '/home/ada/.git' },
    },
  ])('is a project of its own where $name', ({ given }) => {
    expect(mainOf(given)).toBeUndefined()
  })

  it('follows the rules of Windows on its paths', () => {
    expect(
      mainOf({
        git: 'C:\\repos\\x\\.git',
        gitFolder: 'c:/Repos/Main/.git/worktrees/x',
        pointsBackTo: 'c:/repos/X/.git',
        common: 'C:\\Repos\\main\\.git',
      }),
    ).toBe('C:/Repos/main')
  })

  it('belongs only to what its own ends agree on', () => {
    const aRepository = fc.constantFrom('/repos/main', '/repos/other', '/home/ada')
    const aWorktree = fc.constantFrom('/repos/x', '/repos/y')
    fc.assert(
      fc.property(aWorktree, aWorktree, aRepository, aRepository, (own, back, one, other) => {
        const main = mainOf({
          git: `${own}/.git`,
          gitFolder: `${one}/.git/worktrees/x`,
          pointsBackTo: `${back}/.git`,
          common: `${other}/.git`,
        })
        const isAgreed = own === back && one === other && one !== '/home/ada'
        expect(main).toBe(isAgreed ? one : undefined)
      }),
    )
  })
})
