/**
 * Every setting there is, one row each. All else is made from the rows: the type of the settings, how
 * they are read and written, what is said of them.
 */
import * as Sync from '../official/sync'
import * as Strategy from '../routing/strategy'
import { day, hour, minute, second } from '../time'
import * as Kind from './kind'

export interface Variable {
  readonly name: string
  /** Where its texts are not those of the setting: what each stands for. */
  readonly means?: Readonly<Record<string, string>>
}

/** A switch of older files that says the same in other words. */
export interface Older {
  readonly name: string
  readonly means: Readonly<Record<'true' | 'false', string>>
}

export interface Row<A> {
  readonly kind: Kind.Kind<A>
  readonly standard: A
  /** Of a file, where it does not have the setting itself. */
  readonly older?: Older
  /** The first that is set counts. */
  readonly variables: ReadonlyArray<Variable>
  readonly help: string
  /** Of the settings file. */
  readonly section: 'pluginConfig' | 'dashboardDisplaySettings'
}

/** Of a setting that programs read. */
const row = <A>(
  kind: Kind.Kind<A>,
  standard: NoInfer<A>,
  variables: string | ReadonlyArray<Variable>,
  help: string,
): Row<A> => ({
  kind,
  standard,
  variables: typeof variables === 'string' ? [{ name: variables }] : variables,
  help,
  section: 'pluginConfig',
})

/** As the official CLI waits 300 s for an event; a model may think for minutes before its first one. */
const patience = 290 * second

export const catalogue = {
  schedulingStrategy: row(
    Kind.choice(Strategy.all),
    'hybrid',
    'CODEX_AUTH_SCHEDULING_STRATEGY',
    'Which of the accounts that can serve comes first.',
  ),
  preferredTags: row(
    Kind.names,
    [],
    'CODEX_AUTH_PREFERRED_TAGS',
    'An account with one of these tags counts for twice its share.',
  ),
  requiredTags: row(
    Kind.names,
    [],
    'CODEX_AUTH_REQUIRED_TAGS',
    'Only accounts with one of these tags serve; empty for all.',
  ),
  codexRuntimeRotationProxy: row(
    Kind.flag,
    true,
    'CODEX_MULTI_AUTH_RUNTIME_ROTATION_PROXY',
    'Whether the official CLI is served by the accounts; off, it uses its own sign-in.',
  ),
  perProjectAccounts: row(
    Kind.flag,
    true,
    'CODEX_AUTH_PER_PROJECT_ACCOUNTS',
    'Whether a project that was given accounts of its own is served by them alone.',
  ),
  sessionAffinity: row(
    Kind.flag,
    true,
    'CODEX_AUTH_SESSION_AFFINITY',
    'Whether a conversation stays on its account while its prompt cache is warm.',
  ),
  sessionAffinityTtlMs: row(
    Kind.span(second, day),
    20 * minute,
    'CODEX_AUTH_SESSION_AFFINITY_TTL_MS',
    'How long an idle conversation is remembered.',
  ),
  sessionAffinityMaxEntries: row(
    Kind.whole(8, 4_096),
    512,
    'CODEX_AUTH_SESSION_AFFINITY_MAX_ENTRIES',
    'How many conversations are remembered.',
  ),
  preemptiveQuotaEnabled: row(
    Kind.flag,
    true,
    'CODEX_AUTH_PREEMPTIVE_QUOTA_ENABLED',
    'Whether an account is put off before its quota is used up.',
  ),
  preemptiveQuotaRemainingPercent5h: row(
    Kind.percent,
    5,
    'CODEX_AUTH_PREEMPTIVE_QUOTA_5H_REMAINING_PCT',
    'With less than this left of the five-hour window an account is put off.',
  ),
  preemptiveQuotaRemainingPercent7d: row(
    Kind.percent,
    5,
    'CODEX_AUTH_PREEMPTIVE_QUOTA_7D_REMAINING_PCT',
    'With less than this left of the weekly window an account is put off.',
  ),
  preemptiveQuotaMaxDeferralMs: row(
    Kind.span(second, day),
    2 * hour,
    'CODEX_AUTH_PREEMPTIVE_QUOTA_MAX_DEFERRAL_MS',
    'The longest that an account is put off when its reset is not known.',
  ),
  retryAllAccountsRateLimited: row(
    Kind.flag,
    false,
    'CODEX_AUTH_RETRY_ALL_RATE_LIMITED',
    'Whether a request waits for an account to come back when all are limited for longer.',
  ),
  retryAllAccountsMaxWaitMs: row(
    Kind.span(0, day),
    0,
    'CODEX_AUTH_RETRY_ALL_MAX_WAIT_MS',
    'The longest such wait; 0 is as long as the client waits.',
  ),
  retryAllAccountsMaxRetries: row(
    Kind.whole(0, 100),
    0,
    'CODEX_AUTH_RETRY_ALL_MAX_RETRIES',
    'How often a request waits like that; 0 is without a bound of its own.',
  ),
  rateLimitShortRetryThresholdMs: row(
    Kind.span(0, 10 * minute),
    5 * second,
    'CODEX_AUTH_RATE_LIMIT_SHORT_RETRY_THRESHOLD_MS',
    'An account that comes back this soon is waited for inside the request.',
  ),
  minRotationIntervalMs: row(
    Kind.span(0, 10 * minute),
    0,
    'CODEX_AUTH_MIN_ROTATION_INTERVAL_MS',
    'A new conversation starts on the account that served last within this; 0 is off.',
  ),
  networkErrorCooldownMs: row(
    Kind.span(0, 2 * minute),
    6 * second,
    'CODEX_AUTH_NETWORK_ERROR_COOLDOWN_MS',
    'How long an account rests that could not be reached while another could.',
  ),
  serverErrorCooldownMs: row(
    Kind.span(0, 2 * minute),
    4 * second,
    'CODEX_AUTH_SERVER_ERROR_COOLDOWN_MS',
    'How long an account rests for which the backend failed while it served another.',
  ),
  unsupportedCodexPolicy: {
    ...row(
      Kind.choice(['strict', 'fallback']),
      'strict',
      [
        { name: 'CODEX_AUTH_UNSUPPORTED_MODEL_POLICY' },
        {
          name: 'CODEX_AUTH_FALLBACK_UNSUPPORTED_MODEL',
          means: { '1': 'fallback', true: 'fallback', '0': 'strict', false: 'strict' },
        },
      ],
      'What happens when no account may use a model: strict says so, fallback asks for the next of its chain.',
    ),
    older: {
      name: 'fallbackOnUnsupportedCodexModel',
      means: { true: 'fallback', false: 'strict' },
    },
  },
  unsupportedCodexFallbackChain: row(
    Kind.modelLists,
    {},
    [],
    'The models that may stand in for one that no account may use.',
  ),
  connectTimeoutMs: row(
    Kind.span(second, 10 * minute),
    10 * second,
    'CODEX_AUTH_CONNECT_TIMEOUT_MS',
    'The longest wait for a connection to the backend.',
  ),
  fetchTimeoutMs: row(
    Kind.span(second, 10 * minute),
    patience,
    'CODEX_AUTH_FETCH_TIMEOUT_MS',
    'The longest wait for the first byte of an answer.',
  ),
  streamStallTimeoutMs: row(
    Kind.span(second, 10 * minute),
    patience,
    'CODEX_AUTH_STREAM_STALL_TIMEOUT_MS',
    'The longest silence within an answer.',
  ),
  streamHeadTimeoutMs: row(
    Kind.span(second, 10 * minute),
    15 * second,
    'CODEX_AUTH_STREAM_HEAD_TIMEOUT_MS',
    'How long an answer may begin without showing anything before it is handed on as it is.',
  ),
  requestTimeoutMs: row(
    Kind.span(second, day),
    hour,
    'CODEX_AUTH_REQUEST_TIMEOUT_MS',
    'The longest that an answer may take from the request to its last byte.',
  ),
  tokenRefreshSkewMs: row(
    Kind.span(0, 10 * minute),
    minute,
    'CODEX_AUTH_TOKEN_REFRESH_SKEW_MS',
    'A token that ends within this is renewed before it is used.',
  ),
  proactiveRefreshGuardian: row(
    Kind.flag,
    true,
    'CODEX_AUTH_PROACTIVE_GUARDIAN',
    'Whether a process that serves renews tokens before a request needs them.',
  ),
  proactiveRefreshIntervalMs: row(
    Kind.span(5 * second, 10 * minute),
    minute,
    'CODEX_AUTH_PROACTIVE_GUARDIAN_INTERVAL_MS',
    'How often it looks for tokens that are about to end.',
  ),
  proactiveRefreshBufferMs: row(
    Kind.span(30 * second, 10 * minute),
    5 * minute,
    'CODEX_AUTH_PROACTIVE_GUARDIAN_BUFFER_MS',
    'It renews a token that ends within this.',
  ),
  refreshSpacingMs: row(
    Kind.span(0, minute),
    2 * second,
    'CODEX_AUTH_REFRESH_SPACING_MS',
    'The least time between two renewals, over all accounts and processes.',
  ),
  syncCodexCli: row(
    Kind.choice(Sync.modes),
    'auto',
    ['CODEX_MULTI_AUTH_SYNC_CODEX_CLI', 'CODEX_AUTH_SYNC_CODEX_CLI'].map((name) => ({
      name,
      means: { '1': 'always', true: 'always', '0': 'never', false: 'never' },
    })),
    'When the active account is written to the auth.json of the official CLI.',
  ),
  liveAccountSync: row(
    Kind.flag,
    true,
    'CODEX_AUTH_LIVE_ACCOUNT_SYNC',
    'Whether a change by another process is noticed while a request waits.',
  ),
  liveAccountSyncDebounceMs: row(
    Kind.span(50, 10 * second),
    250,
    'CODEX_AUTH_LIVE_ACCOUNT_SYNC_DEBOUNCE_MS',
    'Changes closer to each other than this are taken as one.',
  ),
  liveAccountSyncPollMs: row(
    Kind.span(500, minute),
    2 * second,
    'CODEX_AUTH_LIVE_ACCOUNT_SYNC_POLL_MS',
    'How often it is looked for where the system does not tell of it.',
  ),
  backgroundResponses: row(
    Kind.flag,
    false,
    'CODEX_AUTH_BACKGROUND_RESPONSES',
    'Whether a plugin host may ask for answers in the background, which the backend is not known to give.',
  ),
}

export type Key = keyof typeof catalogue

type ValueOf<R> = R extends Row<infer A> ? A : never

export type Settings = { readonly [K in Key]: ValueOf<(typeof catalogue)[K]> }

export type Value = Settings[Key]

export const keys = Object.keys(catalogue) as ReadonlyArray<Key>

/** A row as what any row is. */
export const rowOf = (key: Key): Row<Value> => catalogue[key] as unknown as Row<Value>
