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
  const layout = of({ codexHome: '/srv/codex', ownRoot: '/srv/own' })
  const paths = Object.values(layout).flat()
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
