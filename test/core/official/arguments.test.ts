import * as fc from 'fast-check'
import { parse as parseToml } from 'smol-toml'
import * as Arguments from '../../../core/official/arguments'

const words = (line: string): ReadonlyArray<string> => line.split(' ').filter((word) => word !== '')

const routed = (line: string): Arguments.Routed => {
  const plan = Arguments.plan(words(line))
  if (plan._tag !== 'Routed') throw new Error(`${line} is ${plan._tag}`)
  return plan
}

describe('what goes through us', () => {
  it.each<{ line: string; kind: Arguments.Kind; command: string }>([
    { line: '', kind: 'terminal', command: 'prompt' },
    { line: '-', kind: 'terminal', command: 'prompt' },
    { line: '--', kind: 'terminal', command: 'prompt' },
    { line: 'fix', kind: 'terminal', command: 'prompt' },
    { line: '-m gpt-5 fix', kind: 'terminal', command: 'prompt' },
    { line: '-- login', kind: 'terminal', command: 'prompt' },
    { line: '-- --help', kind: 'terminal', command: 'prompt' },
    { line: 'fix -- --version', kind: 'terminal', command: 'prompt' },
    { line: 'mcp-server', kind: 'terminal', command: 'prompt' },
    { line: 'constructor', kind: 'terminal', command: 'prompt' },
    { line: '__proto__', kind: 'terminal', command: 'prompt' },
    { line: 'resume', kind: 'terminal', command: 'resume' },
    { line: 'resume --last', kind: 'terminal', command: 'resume' },
    { line: 'resume help', kind: 'terminal', command: 'resume' },
    { line: 'fork --all', kind: 'terminal', command: 'fork' },
    { line: 'agents', kind: 'terminal', command: 'agents' },
    { line: 'exec fix', kind: 'exec', command: 'exec' },
    { line: 'e fix', kind: 'exec', command: 'exec' },
    { line: 'exec resume --last fix', kind: 'exec', command: 'exec' },
    { line: 'exec resume help', kind: 'exec', command: 'exec' },
    { line: 'exec -- help', kind: 'exec', command: 'exec' },
    { line: 'exec -i a.png help', kind: 'exec', command: 'exec' },
    { line: 'exec login', kind: 'exec', command: 'exec' },
    { line: 'hello exec', kind: 'exec', command: 'exec' },
    { line: '--search exec fix', kind: 'exec', command: 'exec' },
    { line: '-C /tmp exec fix', kind: 'exec', command: 'exec' },
    { line: '-mo3 -s=read-only exec fix', kind: 'exec', command: 'exec' },
    { line: '--model=login exec fix', kind: 'exec', command: 'exec' },
    { line: '-i=a.png exec fix', kind: 'exec', command: 'exec' },
    { line: '-i a.png b.png --search exec fix', kind: 'exec', command: 'exec' },
    { line: '-i a.png exec fix', kind: 'terminal', command: 'prompt' },
    { line: '-i a.png login', kind: 'terminal', command: 'prompt' },
    { line: 'review --uncommitted', kind: 'exec', command: 'review' },
    { line: 'app-server', kind: 'app-server', command: 'app-server' },
    { line: 'app-server --listen stdio://', kind: 'app-server', command: 'app-server' },
    { line: '-c model_provider=openai exec x', kind: 'exec', command: 'exec' },
    { line: '-c model_provider="openai" exec x', kind: 'exec', command: 'exec' },
    { line: '-c model_providers.x.name=y exec x', kind: 'exec', command: 'exec' },
    { line: 'exec say -- --oss', kind: 'exec', command: 'exec' },
  ])('$line', ({ line, kind, command }) => {
    expect(routed(line)).toMatchObject({ kind, command })
  })
})

describe('--account', () => {
  it.each<{ line: string; account: string | undefined; given: string }>([
    { line: 'exec fix', account: undefined, given: 'exec fix' },
    { line: '--account work exec fix', account: 'work', given: 'exec fix' },
    { line: '--account=work exec fix', account: 'work', given: 'exec fix' },
    { line: 'exec --account work fix', account: 'work', given: 'exec fix' },
    { line: 'exec fix --account=work', account: 'work', given: 'exec fix' },
    { line: 'exec --account=a=b fix', account: 'a=b', given: 'exec fix' },
    { line: '--account 2', account: '2', given: '' },
    { line: '--account exec fix', account: 'exec', given: 'fix' },
    { line: '--account login exec fix', account: 'login', given: 'exec fix' },
    { line: '--account home --account work resume', account: 'work', given: 'resume' },
    { line: 'exec --account', account: '', given: 'exec' },
    { line: 'exec --account --json fix', account: '', given: 'exec --json fix' },
    { line: '--account -- fix', account: '', given: '-- fix' },
    { line: '--account= exec fix', account: '', given: 'exec fix' },
    { line: 'exec -- --account work', account: undefined, given: 'exec -- --account work' },
    { line: 'exec -m --account work', account: 'work', given: 'exec -m' },
    { line: 'exec -i a.png --account work', account: 'work', given: 'exec -i a.png' },
    { line: 'exec --accounts work', account: undefined, given: 'exec --accounts work' },
    { line: '--account work mcp list', account: 'work', given: 'mcp list' },
    { line: 'mcp add x --account work', account: undefined, given: 'mcp add x --account work' },
    { line: 'sandbox x --account=work', account: undefined, given: 'sandbox x --account=work' },
    {
      line: '--account a sandbox x --account b',
      account: 'a',
      given: 'sandbox x --account b',
    },
    { line: 'fix --account work', account: 'work', given: 'fix' },
    { line: 'app-server --account work', account: 'work', given: 'app-server' },
  ])('of $line is $account, which leaves $given', ({ line, account, given }) => {
    expect(Arguments.takeAccount(words(line))).toEqual({ account, given: words(given) })
  })
})

describe('what is forwarded plainly', () => {
  it.each([
    ...['--version', '-V', '-Vx', '--help', '-h', '-hV', 'exec --help', 'exec -V', 'exec fix -h'],
    ...[
      'help',
      'help exec',
      'exec help',
      'exec help resume',
      'exec fix help',
      'e help',
      'review -h',
    ],
    ...['login status', 'login --with-api-key status', 'login help', 'logout --help', 'mcp list'],
    ...['app-server help', 'app-server generate-ts --out x', 'app-server daemon start'],
    ...['app-server generate-json-schema', 'app-server proxy', 'app-server --print-startup-config'],
    ...['completion bash', 'queue --thread x --message y', 'apply', 'a', 'cloud', 'cloud-tasks'],
    ...[
      'sandbox ls',
      'debug models',
      'features list',
      'update',
      'doctor',
      'plugin list',
      'archive x',
    ],
    ...['delete x', 'unarchive x', 'migrate-rollouts', 'migrate-nfs-db', 'exec-server', 'app'],
    ...['remote-control', '-m exec --search login status', 'hello mcp list', '--oss mcp list'],
  ])('%s', (line) => {
    expect(Arguments.plan(words(line))).toEqual({ _tag: 'Plain' })
  })
})

describe('what signs in or out', () => {
  it.each([
    { line: 'login', command: 'login' },
    { line: 'login --device-auth', command: 'login' },
    { line: 'login --with-api-key', command: 'login' },
    { line: 'logout', command: 'logout' },
    { line: '-c a=b logout', command: 'logout' },
    { line: 'app-server --print-startup-config --startup-sign-out', command: 'logout' },
  ])('$line', ({ line, command }) => {
    expect(Arguments.plan(words(line))).toEqual({ _tag: 'SignIn', command })
  })
})

describe('what is left alone', () => {
  const own = (key: string) => ({ _tag: 'OwnSetting', key, place: 'the command line' })
  it.each([
    { line: '--oss', reason: { _tag: 'LocalModels', option: '--oss' } },
    { line: 'exec --oss fix', reason: { _tag: 'LocalModels', option: '--oss' } },
    {
      line: 'exec --local-provider ollama fix',
      reason: { _tag: 'LocalModels', option: '--local-provider' },
    },
    { line: '--remote unix://', reason: { _tag: 'RemoteServer', option: '--remote' } },
    { line: 'resume --remote=ws://x:1', reason: { _tag: 'RemoteServer', option: '--remote' } },
    { line: '-c openai_base_url=http://x exec y', reason: own('openai_base_url') },
    { line: 'exec -cchatgpt_base_url="http://x" y', reason: own('chatgpt_base_url') },
    { line: 'exec --config=model_provider=x y', reason: own('model_provider') },
    { line: 'exec -c=model_provider=x y', reason: own('model_provider') },
    { line: 'exec --config profile="work" y', reason: own('profile') },
  ])('$line', ({ line, reason }) => {
    expect(Arguments.plan(words(line))).toEqual({ _tag: 'LeftAlone', reason })
  })

  it('takes spaces round a key for none, as the official CLI does', () => {
    expect(Arguments.plan(['exec', '-c', ' openai_base_url = "http://x"'])).toMatchObject({
      reason: own('openai_base_url'),
    })
  })
})

it('tells the profiles, of which the last counts', () => {
  expect(routed('-p home exec --profile=work x').profiles).toEqual(['home', 'work'])
})

it('tells whether the configuration of the person is read', () => {
  expect(routed('exec --ignore-user-config x').ignoresUserConfig).toBe(true)
  expect(routed('exec x').ignoresUserConfig).toBe(false)
})

it.each([
  { line: 'exec x', setting: '' },
  { line: 'exec -c cli_auth_credentials_store="keyring" x', setting: '"keyring"' },
  { line: '-c cli_auth_credentials_store=auto exec x', setting: '"auto"' },
  { line: "-ccli_auth_credentials_store='file' -c a=b", setting: '"file"' },
  { line: 'exec -c cli_auth_credentials_store=[1] x', setting: '' },
  { line: 'exec -m cli_auth_credentials_store=auto x', setting: '' },
  { line: 'exec x -- -c cli_auth_credentials_store=auto', setting: '' },
])('$line keeps the sign-in in $setting', ({ line, setting }) => {
  const told = setting === '' ? '' : `cli_auth_credentials_store = ${setting}`
  expect(routed(line).storeSetting).toBe(told)
})

describe('--no-daemon', () => {
  it.each([
    { line: 'resume', version: '0.169.0', flags: ['--no-daemon'] },
    { line: '', version: '0.170.0-alpha.1', flags: ['--no-daemon'] },
    { line: 'agents', version: '1.0.0', flags: ['--no-daemon'] },
    { line: 'resume', version: '0.168.9', flags: [] },
    { line: 'resume', version: '', flags: [] },
    { line: 'resume', version: 'nightly', flags: [] },
    { line: 'resume --no-daemon', version: '0.169.0', flags: [] },
    { line: '--no-daemon fix', version: '0.169.0', flags: [] },
    { line: 'exec x', version: '0.169.0', flags: [] },
    { line: 'review', version: '0.169.0', flags: [] },
    { line: 'app-server', version: '0.169.0', flags: [] },
  ])('$line of $version: $flags', ({ line, version, flags }) => {
    expect(Arguments.quietFlags(version)(routed(line))).toEqual(flags)
  })
})

const anArgument = fc.oneof(
  fc.constantFrom(
    ...['--', '-', '--help', '-h', '-V', '--version', 'exec', 'login', 'logout', 'resume', 'help'],
    ...['-c', '-i', '--image', '-m', '--oss', '--remote', '-p', 'app-server', 'queue', '--model=x'],
    ...['', '=', '-c=', '--config=openai_base_url=x', '__proto__', 'constructor', '--no-daemon'],
  ),
  fc.string(),
)
const someArguments = fc.array(anArgument, { maxLength: 8 })
const someOverrides = fc.array(
  fc.tuple(fc.constantFrom('chatgpt_base_url', 'openai_base_url'), fc.webUrl()),
  { maxLength: 3 },
)

const split = (given: ReadonlyArray<string>) => {
  const end = given.indexOf('--')
  return end < 0
    ? { before: given, after: [] }
    : { before: given.slice(0, end), after: given.slice(end) }
}

describe('laws', () => {
  it('no argument of the person is changed, lost or reordered', () => {
    fc.assert(
      fc.property(someArguments, someOverrides, (given, overrides) => {
        const made = Arguments.inject(overrides, ['--no-daemon'])(given)
        expect(made.slice(made.length - given.length)).toEqual(given)
        expect(made.length).toBe(given.length + overrides.length * 2 + 1)
      }),
    )
  })

  it('nothing is put behind a --', () => {
    fc.assert(
      fc.property(someArguments, someOverrides, (given, overrides) => {
        const made = Arguments.inject(overrides, ['--no-daemon'])(given)
        expect(split(made).after).toEqual(split(given).after)
      }),
    )
  })

  it('what is put in front is read back as it was meant', () => {
    fc.assert(
      fc.property(someOverrides, (overrides) => {
        const made = Arguments.inject(overrides, [])([])
        const read = made.flatMap((word) =>
          word === '-c' ? [] : Object.entries(parseToml(word.replace('=', ' = '))),
        )
        expect(read).toEqual(overrides)
      }),
    )
  })

  it('--account in front is taken out, and nothing but that', () => {
    const someForms = fc.constantFrom(['--account', 'work'], ['--account=work'])
    fc.assert(
      fc.property(someForms, someArguments, (form, given) => {
        const { account } = Arguments.takeAccount(given)
        expect(Arguments.takeAccount([...form, ...given])).toEqual({
          account: account ?? 'work',
          given: Arguments.takeAccount(given).given,
        })
      }),
    )
  })

  it('--account is taken from before a --, and else nothing is lost or reordered', () => {
    const withAccount = fc.array(fc.oneof(anArgument, fc.constant('--account')), { maxLength: 8 })
    fc.assert(
      fc.property(withAccount, (given) => {
        const { account, given: left } = Arguments.takeAccount(given)
        expect(split(left).after).toEqual(split(given).after)
        if (account === undefined) expect(left).toEqual(given)
        const isKept = (part: string, at: number): boolean =>
          !part.startsWith('--account') && given[at - 1] !== '--account'
        const kept = split(given).before.filter(isKept)
        let at = 0
        for (const part of split(left).before) if (part === kept[at]) at += 1
        expect(at).toBe(kept.length)
      }),
    )
  })

  it('what stands behind a -- decides nothing', () => {
    fc.assert(
      fc.property(someArguments, someArguments, (before, after) => {
        const start = split(before).before
        expect(Arguments.plan([...start, '--', ...after])).toEqual(Arguments.plan(start))
      }),
    )
  })

  it('a command that asks for help or the version is never routed', () => {
    const asking = fc.constantFrom('--help', '-h', '--version', '-V')
    fc.assert(
      fc.property(someArguments, asking, someArguments, (before, ask, after) => {
        const given = [...split(before).before, ask, ...after]
        expect(Arguments.plan(given)).toEqual({ _tag: 'Plain' })
      }),
    )
  })

  it('a prompt that is one argument goes through us, whatever it says', () => {
    const aPrompt = fc.string().map((text) => `Please ${text}`)
    fc.assert(
      fc.property(aPrompt, (prompt) => {
        expect(Arguments.plan([prompt])._tag).toBe('Routed')
        expect(Arguments.plan(['exec', prompt])._tag).toBe('Routed')
      }),
    )
  })
})
