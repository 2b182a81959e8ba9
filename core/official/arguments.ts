/**
 * What a person asks of the official CLI, read from the arguments alone: whether the command talks
 * to the backend through us, and what is put in front of the arguments when it does.
 *
 * The official parser is followed as observed in 0.169 (protocol.md, section 6): a subcommand word
 * counts wherever it stands before `--`, even behind a prompt; `-i` takes every word that follows.
 * This module is on the path of `codex --version`, so it loads nothing.
 */

export type Kind = 'terminal' | 'exec' | 'app-server'

export interface Routed {
  readonly _tag: 'Routed'
  readonly kind: Kind
  /** The subcommand by its full name, or `prompt` where there is none. */
  readonly command: string
  /** The names given with `--profile`; the last one counts. */
  readonly profiles: ReadonlyArray<string>
  readonly ignoresUserConfig: boolean
  /** Where it is to work, as `--cd` says; empty where nothing does. */
  readonly folder: string
  /** The person said `--no-daemon`, and the official CLI refuses it twice. */
  readonly saysNoDaemon: boolean
  /** A line of TOML that says where the sign-in is kept, where `-c` does; else empty. */
  readonly storeSetting: string
}

export type LeftAloneReason =
  | { readonly _tag: 'LocalModels'; readonly option: string }
  | { readonly _tag: 'RemoteServer'; readonly option: string }
  | { readonly _tag: 'OwnSetting'; readonly key: string; readonly place: string }
  | { readonly _tag: 'ApiKey'; readonly place: string }
  /** A setting of ours says so. */
  | { readonly _tag: 'SwitchedOff'; readonly setting: string }

export type Plan =
  | { readonly _tag: 'Plain' }
  /** Would revoke a token that the pool may still need. */
  | { readonly _tag: 'SignIn'; readonly command: 'login' | 'logout' }
  | { readonly _tag: 'LeftAlone'; readonly reason: LeftAloneReason }
  | Routed

/** Where a setting stands that was given with `-c`. */
export const onCommandLine = 'the command line'

interface GivenOption {
  readonly name: string
  readonly value: string
  /** Where it stands, and how many arguments it takes up. */
  readonly at: number
  readonly length: number
}

interface Word {
  readonly word: string
  readonly at: number
}

interface Reading {
  readonly options: ReadonlyArray<GivenOption>
  readonly words: ReadonlyArray<Word>
}

/** The one option of ours; the official CLI has none of this name (looked through in 0.148 and 0.169). */
const ourOption = '--account'

export interface Taken {
  /** What `--account` was given; empty where nothing follows it. The last one counts. */
  readonly account: string | undefined
  /** What is left, in its order. */
  readonly given: ReadonlyArray<string>
}

/**
 * Takes `--account NAME` out. Behind a `--`, or behind a command that is forwarded plainly and may
 * hand what follows to another program, the word is the person's own.
 */
export const takeAccount = (given: ReadonlyArray<string>): Taken => {
  const { options, words } = read(given)
  const command = words.find(({ word }) => subcommand(word) !== undefined)
  const isRouted = command === undefined || kinds[subcommand(command.word) ?? ''] !== undefined
  const end = isRouted ? given.length : command.at
  const ours = options.filter(({ name, at }) => name === ourOption && at < end)
  const isOurs = (index: number): boolean =>
    ours.some(({ at, length }) => index >= at && index < at + length)
  return {
    account: ours.at(-1)?.value,
    given: given.filter((_, index) => !isOurs(index)),
  }
}

/** Only asks for help or the version. */
export const isQuestion = (given: ReadonlyArray<string>): boolean =>
  has(read(given).options, '--help', '--version')

export const plan = (given: ReadonlyArray<string>): Plan => {
  if (isQuestion(given)) return { _tag: 'Plain' }
  const { options, words: found } = read(given)
  const words = found.map(({ word }) => word)
  const at = words.findIndex((word) => subcommand(word) !== undefined)
  const command = subcommand(words[at] ?? '') ?? 'prompt'
  const kind = kinds[command]
  const rest = at < 0 ? [] : words.slice(at + 1)
  if (command === 'login' || command === 'logout') {
    return isAsking(rest) ? { _tag: 'Plain' } : { _tag: 'SignIn', command }
  }
  if (kind === undefined || isTooling(command, rest)) return { _tag: 'Plain' }
  if (has(options, '--startup-sign-out')) return { _tag: 'SignIn', command: 'logout' }
  if (has(options, '--print-startup-config')) return { _tag: 'Plain' }
  const [reason] = options.flatMap(whyLeftAlone)
  if (reason !== undefined) return { _tag: 'LeftAlone', reason }
  return {
    _tag: 'Routed',
    kind,
    command,
    profiles: options.filter(({ name }) => name === '--profile').map(({ value }) => value),
    folder: options.findLast(({ name }) => name === '--cd')?.value ?? '',
    ignoresUserConfig: has(options, '--ignore-user-config'),
    saysNoDaemon: has(options, '--no-daemon'),
    storeSetting: options.flatMap(storeSettingOf).at(-1) ?? '',
  }
}

/** A key of the official configuration with its text value, for this run alone. */
export type Override = readonly [key: string, value: string]

/**
 * Goes in front: that place holds for every routed command, and whatever the person wrote, up to and
 * behind a `--`, follows unchanged. A value is a TOML string, which JSON's form of it is as well.
 */
export const inject =
  (overrides: ReadonlyArray<Override>, flags: ReadonlyArray<string>) =>
  (given: ReadonlyArray<string>): ReadonlyArray<string> => [
    ...flags,
    ...overrides.flatMap(([key, value]) => ['-c', `${key}=${JSON.stringify(value)}`]),
    ...given,
  ]

/**
 * `--no-daemon` spares a terminal the warning that overrides switch the shared server off. Only
 * versions known to have the flag get it; `version` is empty where it is not known.
 */
export const quietFlags =
  (version: string) =>
  (routed: Routed): ReadonlyArray<string> =>
    routed.kind === 'terminal' && !routed.saysNoDaemon && hasNoDaemon(version)
      ? ['--no-daemon']
      : []

/** Seen in 0.169; no earlier version was looked at. */
const hasNoDaemon = (version: string): boolean => {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? []
  return Number(major) > 0 || Number(minor) >= 169
}

/** The full name of a subcommand or alias; none for any other word, which is a prompt. */
const subcommand = (word: string): string | undefined => {
  if (word === 'e') return 'exec'
  if (word === 'a') return 'apply'
  return subcommands.includes(word) ? word : undefined
}

/** The hidden ones too. */
const subcommands: ReadonlyArray<string> = [
  ...['agents', 'exec', 'review', 'resume', 'fork', 'app-server', 'login', 'logout', 'mcp'],
  ...['plugin', 'remote-control', 'completion', 'update', 'doctor', 'sandbox', 'debug', 'apply'],
  ...['queue', 'archive', 'delete', 'unarchive', 'migrate-rollouts', 'migrate-nfs-db', 'cloud'],
  ...['cloud-tasks', 'exec-server', 'features', 'help', 'app', 'execpolicy'],
  ...['responses-api-proxy', 'stdio-to-uds'],
]

const kinds: Readonly<Record<string, Kind>> = {
  prompt: 'terminal',
  resume: 'terminal',
  fork: 'terminal',
  agents: 'terminal',
  exec: 'exec',
  review: 'exec',
  'app-server': 'app-server',
}

/** `login status` and `login help` only look. */
const isAsking = (rest: ReadonlyArray<string>): boolean =>
  rest.includes('status') || rest.includes('help')

/** `exec help`, and whatever `app-server` is told to do but serve. */
const isTooling = (command: string, rest: ReadonlyArray<string>): boolean => {
  if (command === 'app-server') return rest.length > 0
  if (command !== 'exec') return false
  const next = rest.find((word) => ['help', 'resume', 'fork', 'review'].includes(word))
  return next === 'help'
}

const whyLeftAlone = ({ name, value }: GivenOption): ReadonlyArray<LeftAloneReason> => {
  if (name === '--oss' || name === '--local-provider')
    return [{ _tag: 'LocalModels', option: name }]
  if (name === '--remote') return [{ _tag: 'RemoteServer', option: name }]
  if (name !== '--config') return []
  const [key, set] = settingIn(value)
  const isOfficial = key === 'model_provider' && /^(["']?)openai\1$/.test(set)
  return ownKeys.includes(key) && !isOfficial
    ? [{ _tag: 'OwnSetting', key, place: onCommandLine }]
    : []
}

/** As the official CLI takes it: blanks round either side are none of it. */
const settingIn = (value: string): readonly [key: string, set: string] => {
  const cut = value.indexOf('=')
  return [value.slice(0, Math.max(cut, 0)).trim(), value.slice(cut + 1).trim()]
}

const storeSettingOf = ({ name, value }: GivenOption): ReadonlyArray<string> => {
  const [key, set] = settingIn(value)
  const [, store] = /^(["']?)([a-z]+)\1$/.exec(set)?.slice(1) ?? []
  return name === '--config' && key === 'cli_auth_credentials_store' && store !== undefined
    ? [`${key} = "${store}"`]
    : []
}

/** With one of these the person has chosen where requests go, and our override would undo that. */
const ownKeys: ReadonlyArray<string> = [
  'model_provider',
  'openai_base_url',
  'chatgpt_base_url',
  'profile',
]

const has = (options: ReadonlyArray<GivenOption>, ...names: ReadonlyArray<string>): boolean =>
  options.some(({ name }) => names.includes(name))

const read = (given: ReadonlyArray<string>): Reading => {
  const end = given.indexOf('--')
  const before = end < 0 ? given : given.slice(0, end)
  const options: Array<GivenOption> = []
  const words: Array<Word> = []
  for (let at = 0; at < before.length; at += 1) {
    const part = before[at] ?? ''
    if (!isOption(part)) {
      words.push({ word: part, at })
      continue
    }
    const { name, value, isWhole } = split(part)
    const follows = isWhole ? valuesAfter(name, before.slice(at + 1)) : []
    options.push({ name, value: follows[0] ?? value, at, length: 1 + follows.length })
    at += follows.length
  }
  return { options, words }
}

/** A lone `-` is a word: the prompt from standard input. */
const isOption = (part: string): boolean => part.startsWith('-') && part !== '-'

interface Split extends Pick<GivenOption, 'name' | 'value'> {
  readonly isWhole: boolean
}

/** `--model=x`, `-mx` and `-m=x` are whole in themselves; `--model` and `-m` may take what follows. */
const split = (part: string): Split => {
  if (part.startsWith('--')) {
    const cut = part.indexOf('=')
    return cut < 0
      ? { name: part, value: '', isWhole: true }
      : { name: part.slice(0, cut), value: part.slice(cut + 1), isWhole: false }
  }
  const letter = part.slice(0, 2)
  const value = part.slice(2).replace(/^=/, '')
  return { name: shortNames[letter] ?? letter, value, isWhole: part.length === 2 }
}

/** The official parser takes no value that looks like an option. */
const valuesAfter = (name: string, next: ReadonlyArray<string>): ReadonlyArray<string> => {
  const free = next.findIndex(isOption)
  const values = free < 0 ? next : next.slice(0, free)
  if (name === '--image') return values
  return takingValue.includes(name) ? values.slice(0, 1) : []
}

const shortNames: Readonly<Record<string, string>> = {
  '-c': '--config',
  '-i': '--image',
  '-m': '--model',
  '-p': '--profile',
  '-s': '--sandbox',
  '-a': '--ask-for-approval',
  '-C': '--cd',
  '-o': '--output-last-message',
  '-h': '--help',
  '-V': '--version',
}

/** Of all routed commands together: no name takes a value in one and none in another. */
const takingValue: ReadonlyArray<string> = [
  ...[
    '--config',
    '--enable',
    '--disable',
    '--model',
    '--profile',
    '--sandbox',
    '--cd',
    '--add-dir',
  ],
  ...['--ask-for-approval', '--local-provider', '--remote', '--remote-auth-token-env', '--color'],
  ...['--output-last-message', '--output-schema', '--thread-source', '--cyber-access-program'],
  ...['--base', '--commit', '--title', '--listen', '--ws-auth', '--ws-token-file'],
  ...['--ws-token-sha256', '--ws-shared-secret-file', '--ws-issuer', '--ws-audience'],
  ...['--ws-max-clock-skew-seconds', '--startup-client-info', '--cloud-skills-snapshot'],
  ...['--code-mode-host', ourOption],
]
