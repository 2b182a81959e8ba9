import * as Layout from '../../../core/storage/layout'

const of = (given: Partial<Layout.Places>): Layout.Layout =>
  Layout.of({ home: '/home/ada', codexHome: undefined, ownRoot: undefined, ...given })

it.each([
  { name: 'at home', given: {}, root: '/home/ada/.codex/multi-auth', codex: '/home/ada/.codex' },
  {
    name: 'in the official CLI’s home',
    given: { codexHome: '/srv/codex' },
    root: '/srv/codex/multi-auth',
    codex: '/srv/codex',
  },
  {
    name: 'where we are told, which does not move the official CLI’s home',
    given: { ownRoot: '/srv/own' },
    root: '/srv/own',
    codex: '/home/ada/.codex',
  },
  {
    name: 'where we are told, over the official CLI’s home',
    given: { codexHome: '/srv/codex', ownRoot: '/srv/own' },
    root: '/srv/own',
    codex: '/srv/codex',
  },
  {
    name: 'an empty place is none',
    given: { codexHome: '', ownRoot: '' },
    root: '/home/ada/.codex/multi-auth',
    codex: '/home/ada/.codex',
  },
])('$name', ({ given, root, codex }) => {
  const layout = of(given)
  expect([layout.root, layout.codexHome]).toEqual([root, codex])
  expect([layout.authFile, layout.configFile]).toEqual([
    `${codex}/auth.json`,
    `${codex}/config.toml`,
  ])
})

it('keeps each thing in a place of its own, below the root or the official CLI’s home', () => {
  const { usersPool, poolFolder, ...layout } = of({ codexHome: '/srv/codex', ownRoot: '/srv/own' })
  const paths = Object.values(layout).flat()
  expect(poolFolder).toBe(layout.root)
  expect(layout).toMatchObject({ pool: usersPool.pool, poolLock: usersPool.poolLock })
  expect(new Set(paths).size).toBe(paths.length)
  expect(paths.filter((path) => !path.startsWith('/srv/own'))).toEqual([
    '/srv/codex/codex-multi-auth-config.json',
    '/srv/codex/openai-codex-auth-config.json',
    '/srv/codex',
    '/srv/codex/auth.json',
    '/srv/codex/auth.lock',
    '/srv/codex/config.toml',
  ])
})

it('uses the existing tool’s names for what both read', () => {
  const { pool, settings, quota } = of({ ownRoot: '/r' })
  expect([pool, settings, quota]).toEqual([
    '/r/openai-codex-accounts.json',
    '/r/settings.json',
    '/r/quota-cache.json',
  ])
})

describe('the layout of a project', () => {
  const user = of({ ownRoot: '/r' })
  const project = Layout.ofProject('engine-21c13398be1f')(user)

  it('has a pool of its own, and all that belongs to one', () => {
    const moved = Object.entries(project).flatMap(([name, path]) =>
      path === user[name as keyof Layout.Layout] ? [] : [path],
    )
    expect(project.poolFolder).toBe('/r/projects/engine-21c13398be1f')
    expect(moved.flat()).toEqual(
      [
        '',
        ...['.json', '.json.wal', '.json.bak', '.json.kept', '.json.bak.1', '.json.bak.2'],
        ...['.json.damaged', '.json.reset-intent'],
      ]
        .map((end) => (end === '' ? '' : `/openai-codex-accounts${end}`))
        .concat([
          ...['/openai-codex-flagged-accounts.json', '/openai-codex-blocked-accounts.json'],
          ...['/backups', '/pool.lock'],
        ])
        .map((end) => `${project.poolFolder}${end}`),
    )
  })

  it('is told from the user’s, and is given up for it', () => {
    expect([user, project].map(Layout.isOfProject)).toEqual([false, true])
    expect(Layout.ofUser(project)).toEqual(user)
    expect(Layout.ofProject('x')(project)).toEqual(Layout.ofProject('x')(user))
  })

  it('is reached through folders that are all for their owner alone', () => {
    expect(Layout.poolFolders(user)).toEqual(['/r'])
    expect(Layout.poolFolders(project)).toEqual(['/r', '/r/projects', project.poolFolder])
  })
})
