import * as O from 'fp-ts/Option'
import { memoryProcess } from '../../../adapters/memory/process'
import { scheduler } from '../../../adapters/memory/scheduler'
import { exitCode } from '../../../entrypoints/codex/render'
import * as ProjectIdentity from '../../../core/storage/project-identity'
import { runCodex } from '../../../entrypoints/codex/wrapper'
import type { Exit } from '../../../ports/process'
import { door, modules, vendor, codex, home, pool, run, type Setting } from '../../support/codex'

const injected = [
  ...['-c', 'chatgpt_base_url="http://127.0.0.1:4101/backend-api"'],
  ...['-c', 'openai_base_url="http://127.0.0.1:4102/backend-api/codex"'],
]

describe('a command that is none of our business', () => {
  it.each(['--version', 'login status', 'mcp add x -- y --help', 'queue --thread a --message b'])(
    '%s reaches the official CLI unchanged',
    async (line) => {
      const { exit, said, proxies, child, starts } = await run(line)
      expect(exit._unsafeUnwrap()).toEqual({ _tag: 'Exited', code: 0 })
      expect({ said, proxies, starts }).toEqual({ said: '', proxies: [], starts: 1 })
      expect(child).toEqual({
        program: codex,
        arguments: line.split(' '),
        environment: {
          CODEX_MANAGED_PACKAGE_ROOT: `${modules}/codex`,
          CODEX_MANAGED_BY_NPM: '1',
          CODEX_MANAGED_BY_PNPM: undefined,
          CODEX_MANAGED_BY_BUN: undefined,
          CODEX_MANAGED_BY_VITE_PLUS: undefined,
        },
      })
    },
  )

  it.each<{ exit: Exit }>([
    { exit: { _tag: 'Exited', code: 2 } },
    { exit: { _tag: 'Killed', signal: 'SIGTERM' } },
  ])('ends as the official CLI did: $exit', async ({ exit }) => {
    expect((await run('--version', { exit })).exit._unsafeUnwrap()).toEqual(exit)
    expect((await run('exec hi', { exit })).exit._unsafeUnwrap()).toEqual(exit)
  })
})

describe('a command that talks to the backend', () => {
  it('runs with our listeners in front of it, which end with it', async () => {
    const { said, proxies, child } = await run('exec --json fix')
    expect(said).toBe('')
    expect(child?.arguments).toEqual([...injected, 'exec', '--json', 'fix'])
    expect(child?.environment).toMatchObject({
      CODEX_MANAGED_BY_NPM: '1',
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4101/oauth/token',
      CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4101/oauth/revoke',
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
    })
    expect(proxies).toMatchObject([
      { kind: 'exec', closed: true, layout: { pool }, seams: { isRealBackend: true } },
    ])
  })

  it.each([
    { line: 'resume --last', kind: 'terminal', flags: ['--no-daemon'] },
    { line: 'exec x', kind: 'exec', flags: [] },
    { line: 'app-server', kind: 'app-server', flags: [] },
  ])('$line goes through a proxy for $kind', async ({ line, kind, flags }) => {
    const { proxies, child } = await run(line)
    expect(proxies).toMatchObject([{ kind }])
    expect(child?.arguments).toEqual([...flags, ...injected, ...line.split(' ')])
  })

  it.each([
    { line: 'exec x', text: '', store: 'file' },
    { line: 'exec x', text: 'cli_auth_credentials_store = "keyring"', store: 'keyring' },
    {
      line: 'exec -c cli_auth_credentials_store="auto" x',
      text: 'cli_auth_credentials_store = "keyring"',
      store: 'auto',
    },
  ])('tells the proxy where the sign-in is: $store', async ({ line, text, store }) => {
    const files = { [`${home}/config.toml`]: text }
    expect((await run(line, { files })).proxies).toMatchObject([{ store }])
  })

  it('has no flag that its version may not know', async () => {
    const files = { [`${vendor}/codex-package.json`]: '{"version":"0.120.0"}' }
    expect((await run('resume', { files })).child?.arguments).toEqual([...injected, 'resume'])
  })

  it.each<{ name: string; setting: Setting; line: string; words: string }>([
    {
      name: 'there is no account',
      setting: { files: { [pool]: '{"version":3,"accounts":[]}' } },
      line: 'exec x',
      words: 'codex-multi-auth login',
    },
    {
      name: 'the accounts cannot be read',
      setting: { files: { [pool]: '{"version":9}' } },
      line: 'exec x',
      words: pool,
    },
    {
      name: 'the proxy does not start',
      setting: { hasProxy: false },
      line: 'exec x',
      words: 'the local proxy did not start, as no port of 127.0.0.1 could be opened (EPERM)',
    },
    {
      name: 'a seam is unsafe',
      setting: { environment: { CODEX_MULTI_AUTH_BACKEND: 'http://x' } },
      line: 'exec x',
      words: 'CODEX_MULTI_AUTH_BACKEND',
    },
    { name: 'local models are asked for', setting: {}, line: 'exec --oss x', words: '--oss' },
    {
      name: 'another server is asked for',
      setting: {},
      line: '--remote unix://',
      words: '--remote',
    },
    {
      name: 'an address is given',
      setting: {},
      line: 'exec -c openai_base_url=http://x y',
      words: 'openai_base_url is set in the command line',
    },
    {
      name: 'the configuration has another provider',
      setting: { files: { [`${home}/config.toml`]: 'model_provider = "mine"' } },
      line: 'exec x',
      words: `model_provider is set in ${home}/config.toml`,
    },
    {
      name: 'the profile has another provider',
      setting: { files: { [`${home}/work.config.toml`]: 'model_provider = "mine"' } },
      line: 'exec -p work x',
      words: `model_provider is set in ${home}/work.config.toml`,
    },
    {
      name: 'an API key is in the environment',
      setting: { environment: { CODEX_API_KEY: 'sk-1' } },
      line: 'exec x',
      words: 'CODEX_API_KEY',
    },
    {
      name: 'the sign-in is an API key',
      setting: { files: { [`${home}/auth.json`]: '{"OPENAI_API_KEY":"sk-1"}' } },
      line: 'exec x',
      words: `${home}/auth.json`,
    },
    {
      name: 'the setting says so',
      setting: {
        files: {
          [`${home}/multi-auth/settings.json`]:
            '{"version":1,"pluginConfig":{"codexRuntimeRotationProxy":false}}',
        },
      },
      line: 'exec x',
      words: 'codexRuntimeRotationProxy is off, so this run is left alone.',
    },
    {
      name: 'the variable of the setting says so',
      setting: { environment: { CODEX_MULTI_AUTH_RUNTIME_ROTATION_PROXY: '0' } },
      line: 'exec x',
      words: 'codexRuntimeRotationProxy is off',
    },
  ])('runs as it is when $name, and one line says so', async ({ setting, line, words }) => {
    const { said, proxies, child } = await run(line, setting)
    expect(child?.arguments).toEqual(line.split(' '))
    expect(child?.environment).not.toHaveProperty('CODEX_REFRESH_TOKEN_URL_OVERRIDE')
    expect(proxies).toEqual([])
    expect(said).toMatch(/^codex-multi-auth: .*\n$/)
    expect(said).toContain(words)
    expect(said).not.toContain('sk-1')
    const environment = { ...setting.environment, CODEX_MULTI_AUTH_QUIET: '1' }
    expect((await run(line, { ...setting, environment })).said).toBe('')
  })

  it('runs as it is with a configuration that cannot be read, of which Codex speaks itself', async () => {
    const files = { [`${home}/config.toml`]: 'a = = b' }
    const { said, child } = await run('exec x', { files })
    expect({ said, given: child?.arguments }).toEqual({ said: '', given: ['exec', 'x'] })
  })

  it('minds no configuration that it does not read', async () => {
    const files = { [`${home}/config.toml`]: 'model_provider = "mine"' }
    expect((await run('exec --ignore-user-config x', { files })).proxies).toHaveLength(1)
  })
})

describe('an account that is asked for', () => {
  const two = {
    [pool]: JSON.stringify({
      version: 3,
      accounts: [
        { refreshToken: 'rt-1', accountId: 'acc-1', email: 'home@mail.test' },
        { refreshToken: 'rt-2', accountId: 'acc-2', email: 'work@mail.test' },
      ],
    }),
  }
  const work = 'acc-2/work@mail.test'

  it.each<{ line: string; environment?: Readonly<Record<string, string>> }>([
    { line: '--account work exec --json fix' },
    { line: 'exec --account=2 --json fix' },
    { line: 'exec --json fix', environment: { CODEX_MULTI_AUTH_FORCE_ACCOUNT: work } },
    {
      line: '--account work exec --json fix',
      environment: { CODEX_MULTI_AUTH_FORCE_ACCOUNT: 'home' },
    },
  ])('$line is the only one that may serve', async ({ line, environment = {} }) => {
    const { said, proxies, child } = await run(line, { files: two, environment })
    expect(said).toBe('')
    expect(proxies).toMatchObject([{ strict: O.some(work) }])
    expect(child?.arguments).toEqual([...injected, 'exec', '--json', 'fix'])
    expect(child?.environment).toMatchObject({ CODEX_MULTI_AUTH_FORCE_ACCOUNT: work })
  })

  it('is none when nobody asks, and the child hears of none', async () => {
    const environment = { CODEX_MULTI_AUTH_FORCE_ACCOUNT: '' }
    const { proxies, child } = await run('exec x', { files: two, environment })
    expect(proxies).toMatchObject([{ strict: O.none }])
    expect(child?.environment).not.toHaveProperty('CODEX_MULTI_AUTH_FORCE_ACCOUNT')
  })

  it.each(['--version', 'mcp list', 'login status'])(
    '%s runs whatever the variable says',
    async (line) => {
      const environment = { CODEX_MULTI_AUTH_FORCE_ACCOUNT: 'nobody' }
      const { child } = await run(line, { files: two, environment })
      expect(child?.arguments).toEqual(line.split(' '))
    },
  )

  it('is no word for the official CLI where that only tells of itself', async () => {
    expect((await run('--account work --version')).child?.arguments).toEqual(['--version'])
  })

  it.each<{ line: string; setting?: Setting; refused: object; code: number }>([
    { line: '--account nobody exec x', refused: { _tag: 'NoMatch', selector: 'nobody' }, code: 2 },
    { line: '--account mail exec x', refused: { _tag: 'SeveralMatch' }, code: 2 },
    {
      line: 'exec x',
      setting: { environment: { CODEX_MULTI_AUTH_FORCE_ACCOUNT: 'nobody' } },
      refused: { _tag: 'NoMatch' },
      code: 2,
    },
    {
      line: '--account work exec x',
      setting: { files: { [pool]: '{"version":3,"accounts":[]}' } },
      refused: { _tag: 'NoMatch', candidates: [] },
      code: 2,
    },
    { line: 'exec --account', refused: { _tag: 'NoAccountNamed' }, code: 2 },
    { line: '--account work mcp list', refused: { _tag: 'NotByAccount' }, code: 2 },
    { line: '--account work logout', refused: { _tag: 'NotByAccount' }, code: 2 },
    {
      line: '--account work exec --oss x',
      refused: { _tag: 'AccountUnusable', because: { _tag: 'LeftAlone' } },
      code: 1,
    },
    {
      line: '--account work exec x',
      setting: { environment: { CODEX_API_KEY: 'sk-1' } },
      refused: { _tag: 'AccountUnusable', because: { _tag: 'LeftAlone' } },
      code: 1,
    },
    {
      line: '--account work exec x',
      setting: { hasProxy: false },
      refused: { _tag: 'AccountUnusable', because: { _tag: 'NoProxy' } },
      code: 1,
    },
    {
      line: '--account work exec x',
      setting: { environment: { CODEX_MULTI_AUTH_BACKEND: 'http://x' } },
      refused: { _tag: 'AccountUnusable', because: { _tag: 'UnsafeSeam' } },
      code: 1,
    },
    {
      line: '--account work exec x',
      setting: { files: { [pool]: '{"version":9}' } },
      refused: { _tag: 'AccountUnusable', because: { _tag: 'AccountsUnreadable' } },
      code: 5,
    },
  ])('$line starts nothing: $refused._tag', async ({ line, setting = {}, refused, code }) => {
    const { exit, said, starts } = await run(line, { files: two, ...setting })
    expect(exit._unsafeUnwrapErr()).toMatchObject(refused)
    expect(exitCode(exit._unsafeUnwrapErr())).toBe(code)
    expect({ said, starts }).toEqual({ said: '', starts: 0 })
  })
})

describe('a command that signs in or out', () => {
  it.each(['login', 'logout'])('%s revokes through us and is else as it is', async (line) => {
    const { said, proxies, child } = await run(line)
    expect(said).toBe('')
    expect(proxies).toMatchObject([{ kind: 'sign-in', closed: true }])
    expect(child?.arguments).toEqual([line])
    expect(child?.environment).toMatchObject({
      CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4101/oauth/revoke',
    })
    expect(child?.environment).not.toHaveProperty('CODEX_REFRESH_TOKEN_URL_OVERRIDE')
  })

  it('is none of our business without accounts', async () => {
    const { said, proxies, child } = await run('logout', {
      files: { [pool]: '{"version":3,"accounts":[]}' },
    })
    expect({ said, proxies }).toEqual({ said: '', proxies: [] })
    expect(child?.environment).not.toHaveProperty('CODEX_REVOKE_TOKEN_URL_OVERRIDE')
  })

  it.each<{ name: string; setting: Setting }>([
    { name: 'the proxy does not start', setting: { hasProxy: false } },
    { name: 'the accounts cannot be read', setting: { files: { [pool]: 'null' } } },
  ])('revokes nothing when $name', async ({ setting }) => {
    const { said, child } = await run('logout', setting)
    expect(said).toMatch(/^codex-multi-auth: the old sign-in is not revoked.*\n$/)
    expect(child?.environment).toMatchObject({
      CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:9/oauth/revoke',
    })
  })
})

describe('without the official CLI', () => {
  it.each(['--version', 'exec x', 'login'])(
    '%s starts nothing and says where it looked',
    async (line) => {
      const { made, ran, proxies } = door({ isInstalled: false })
      const refused = (await runCodex(made)(line.split(' ')))._unsafeUnwrapErr()
      expect(refused).toMatchObject({ _tag: 'NoCodex' })
      expect({ ran, proxies }).toEqual({ ran: [], proxies: [] })
    },
  )

  it('the proxy ends also when the program does not start', async () => {
    const { made, proxies } = door({})
    const process = memoryProcess(scheduler(2).process('main'))
    const ports = { ...made.ports, process }
    const refused = (await runCodex({ ...made, ports })(['exec', 'x']))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ _tag: 'SpawnFault', code: 'ENOENT' })
    expect(proxies).toMatchObject([{ closed: true }])
  })
})

describe('a project with accounts of its own', () => {
  const key = ProjectIdentity.keyOf('/repos/engine')
  const own = `${home}/multi-auth/projects/${key}/openai-codex-accounts.json`
  const row = { refreshToken: 'rt-own', accountId: 'acc-own', email: 'own@mail.test' }
  const files = {
    '/repos/engine/.git/HEAD': '',
    '/repos/other/.git/HEAD': '',
    [own]: JSON.stringify({ version: 3, accounts: [row] }),
  }

  it.each([
    { line: 'exec x', folder: '/repos/engine', served: own },
    { line: 'exec x', folder: '/repos/other', served: pool },
    { line: 'exec -C engine x', folder: '/repos', served: own },
    { line: 'exec --cd=/repos/other x', folder: '/repos/engine', served: pool },
    { line: 'login', folder: '/repos/engine', served: pool },
  ])('$line in $folder', async ({ folder, line, served }) => {
    const { proxies, said } = await run(line, { files, folder })
    expect(said).toBe('')
    expect(proxies.map(({ layout }) => layout.pool)).toEqual([served])
  })

  it('writes none of them for the official CLI', async () => {
    const none = { ...files, [pool]: '{"version":3,"accounts":[]}' }
    const { disk } = await run('exec x', { files: none, folder: '/repos/engine' })
    expect(disk.snapshot()[`${home}/auth.json`]).toBeUndefined()
  })

  it('names them where one is asked for that is not among them', async () => {
    const { made } = door({ files, folder: '/repos/engine' })
    const refused = (await runCodex(made)(['--account', 'acc-1', 'exec', 'x']))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ _tag: 'NoMatch', candidates: [{ name: 'own@mail.test' }] })
  })
})
