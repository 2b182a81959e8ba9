import * as OpenCode from '../../../core/hosts/opencode'

describe('what a host holds for the provider', () => {
  it.each<{ stored: unknown; found: OpenCode.Found['_tag'] }>([
    { stored: undefined, found: 'None' },
    { stored: null, found: 'None' },
    { stored: 'text', found: 'None' },
    { stored: { type: 'wellknown' }, found: 'None' },
    { stored: { type: 'api', key: 'k' }, found: 'ApiKey' },
    { stored: { type: 'oauth', refresh: 'r', access: 'a', expires: 1 }, found: 'SignIn' },
    { stored: { type: 'oauth' }, found: 'SignIn' },
    { stored: OpenCode.entry, found: 'Ours' },
  ])('$stored is $found', ({ stored, found }) => {
    expect(OpenCode.found(stored)._tag).toBe(found)
  })

  it('is worth nothing when it is ours', () => {
    expect(Object.values(OpenCode.entry)).toEqual(
      expect.arrayContaining([OpenCode.placeholder, OpenCode.placeholder]),
    )
  })
})

describe('where a host keeps things', () => {
  const home = '/home/ada'
  it.each([
    {
      environment: {},
      store: '/home/ada/.local/share/opencode/auth.json',
      config: '/home/ada/.config/opencode/opencode.jsonc',
    },
    {
      environment: { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/c' },
      store: '/d/opencode/auth.json',
      config: '/c/opencode/opencode.jsonc',
    },
    {
      environment: { XDG_DATA_HOME: '', OPENCODE_CONFIG_DIR: '/own' },
      store: '/home/ada/.local/share/opencode/auth.json',
      config: '/own/opencode.jsonc',
    },
  ])('$environment', ({ environment, store, config }) => {
    expect(OpenCode.storePath({ home, environment })).toBe(store)
    expect(OpenCode.configPaths({ home, environment })[0]).toBe(config)
  })
})
