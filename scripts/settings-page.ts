/** The page of settings, `docs/settings.md`, made from the catalogue. */
import * as Catalogue from '../core/settings/catalogue'
import * as Ignored from '../core/settings/ignored'

export const settingsPage = (): string =>
  [
    ...opening,
    ...table(['setting', 'takes', 'default', 'variable', 'does'], Catalogue.keys.map(settingRow)),
    '',
    ...defaults,
    '## Other variables',
    '',
    ...table(['variable', 'does'], variables),
    '',
    '## Settings of the existing tool that mean nothing here',
    '',
    'They are read without a word and stay in the file.',
    '',
    ...table(['setting', 'why'], Ignored.settings.map(ignoredRow)),
    '',
    'So are these variables.',
    '',
    ...table(['variable', 'why'], ignoredVariables.map(ignoredRow)),
    '',
  ].join('\n')

const opening: ReadonlyArray<string> = [
  '# Settings',
  '',
  '<!-- Made by `npm run docs` from core/settings/catalogue.ts. -->',
  '',
  'A setting is what the first of these says: its variable; the file that `CODEX_MULTI_AUTH_CONFIG_PATH` names; `settings.json` in the folder of the accounts; the files of older versions of the existing tool (`config.json` beside it, and `codex-multi-auth-config.json` and `openai-codex-auth-config.json` in the home of the official CLI); the default.',
  'A value that a setting does not take is named and passed over; the others count.',
  'A process that serves reads a changed file before its next request.',
  '',
  '`codex-multi-auth config explain` shows every setting and where it is said, `config get` one value, `config set` and `config unset` change `settings.json`, and `config schema` prints its JSON schema.',
  'A change keeps what it does not know, and leaves the settings as they were in `settings.json.bak`.',
  '',
]

/** Where a default is not that of the existing tool. */
const defaults: ReadonlyArray<string> = [
  'Some defaults are not those of the existing tool.',
  '`fetchTimeoutMs` and `streamStallTimeoutMs` are as long as the official CLI itself waits, as a model may think for minutes before its first word.',
  '`minRotationIntervalMs` is off: a warm conversation stays where it is anyway, and new ones are served best where most is left.',
  '',
]

const settingRow = (key: Catalogue.Key): ReadonlyArray<string> => {
  const { help, kind, older, standard, variables: names } = Catalogue.rowOf(key)
  const unit = kind.unit === '' ? '' : ` ${kind.unit}`
  return [
    `\`${key}\``,
    kind.codec.name,
    `\`${JSON.stringify(standard)}\`${unit}`,
    names.map(({ name }) => `\`${name}\``).join(', '),
    older === undefined ? help : `${help} In older files: \`${older.name}\`.`,
  ]
}

const ignoredRow = ({ because, name }: Ignored.Ignored): ReadonlyArray<string> => [
  `\`${name}\``,
  because,
]

const table = (
  heading: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): ReadonlyArray<string> =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)

/** Those that stand for no setting of the file. */
const variables: ReadonlyArray<readonly [names: string, does: string]> = [
  ['`CODEX_MULTI_AUTH_DIR`', 'the folder of the accounts'],
  [
    '`CODEX_HOME`',
    'the home of the official CLI; the folder of the accounts is `multi-auth` in it',
  ],
  ['`CODEX_MULTI_AUTH_CONFIG_PATH`', 'a file whose settings come before those of `settings.json`'],
  [
    '`CODEX_MULTI_AUTH_ISSUER`',
    'another issuer than `https://auth.openai.com`: https, or http on a loopback address',
  ],
  [
    '`CODEX_MULTI_AUTH_BACKEND`',
    'another backend than `https://chatgpt.com/backend-api`: https, or http on a loopback address',
  ],
  ['`CODEX_MULTI_AUTH_REAL_CODEX_BIN`', 'the official CLI to run'],
  ['`CODEX_MULTI_AUTH_FORCE_ACCOUNT`', 'the only account that may serve this run'],
  ['`CODEX_MULTI_AUTH_QUIET`', '`1`: no lines of ours while Codex runs'],
  ['`CODEX_MULTI_AUTH_DEPTH`', 'set by the wrapper, so that one that finds itself stops'],
  ['`BROWSER`', 'the program that gets the address of a sign-in; `none` for no browser'],
  ['`CODEX_AUTH_NO_BROWSER`', '`1`: no browser either'],
  ['`NO_COLOR`', 'no colours'],
  [
    '`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`',
    'as the official CLI takes them; a loopback address is always reached directly',
  ],
  ['`CODEX_CA_CERTIFICATE`, `SSL_CERT_FILE`', 'as the official CLI takes them'],
]

const because = (names: ReadonlyArray<string>, reason: string): ReadonlyArray<Ignored.Ignored> =>
  names.map((name) => ({ name, because: reason }))

const ignoredVariables: ReadonlyArray<Ignored.Ignored> = [
  ...because(
    ['CODEX_AUTH_FAILOVER_MODE', 'CODEX_AUTH_STREAM_FAILOVER_MAX'],
    'A request moves on before its first visible event, as often as there are accounts.',
  ),
  ...because(
    ['CODEX_AUTH_STREAM_STALL_SOFT_TIMEOUT_MS', 'CODEX_AUTH_STREAM_STALL_HARD_TIMEOUT_MS'],
    'Say it with streamStallTimeoutMs.',
  ),
  ...because(['CODEX_AUTH_PREWARM'], 'The proxy gets ready while Codex starts.'),
  ...because(
    ['CODEX_COLLABORATION_MODE', 'CODEX_THREAD_ID'],
    'Conversations are told apart by the headers of the requests.',
  ),
  ...because(
    [
      'CODEX_AUTH_REFRESH_LEASE',
      'CODEX_AUTH_REFRESH_LEASE_DIR',
      'CODEX_AUTH_REFRESH_LEASE_TTL_MS',
      'CODEX_AUTH_REFRESH_LEASE_WAIT_MS',
      'CODEX_AUTH_REFRESH_LEASE_POLL_MS',
      'CODEX_AUTH_REFRESH_LEASE_RESULT_TTL_MS',
    ],
    'One lease guards every renewal, and to go round it would cost an account.',
  ),
  ...because(
    ['CODEX_CLI_AUTH_PATH', 'CODEX_CLI_ACCOUNTS_PATH', 'CODEX_CLI_CONFIG_PATH'],
    'The files of the official CLI lie in CODEX_HOME.',
  ),
  ...because(
    ['CODEX_MULTI_AUTH_ENFORCE_CLI_FILE_AUTH_STORE'],
    'A sign-in in the system keyring is left where it is.',
  ),
  ...because(
    [
      'CODEX_MULTI_AUTH_APP_ROTATION_IDLE_MS',
      'CODEX_MULTI_AUTH_APP_ROTATION_MAX_LIFETIME_MS',
      'CODEX_MULTI_AUTH_APP_ROTATION_DETACHED_IDLE_MS',
    ],
    'There is no process that outlives Codex.',
  ),
  ...because(
    [
      'ENABLE_PLUGIN_REQUEST_LOGGING',
      'CODEX_PLUGIN_LOG_BODIES',
      'DEBUG_CODEX_PLUGIN',
      'CODEX_PLUGIN_LOG_LEVEL',
      'CODEX_CONSOLE_LOG',
    ],
    'Decisions are always logged, in logs/decisions.jsonl; bodies never are.',
  ),
]
