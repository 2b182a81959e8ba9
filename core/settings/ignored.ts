/** What the existing tool can be told and this program reads without a word, as it would change nothing. */

export interface Ignored {
  readonly name: string
  readonly because: string
}

const because = (names: ReadonlyArray<string>, reason: string): ReadonlyArray<Ignored> =>
  names.map((name) => ({ name, because: reason }))

/** Of `pluginConfig`. */
const ofPrograms: ReadonlyArray<Ignored> = [
  ...because(['codexMode'], 'There is one mode.'),
  ...because(
    ['codexTuiV2', 'codexTuiColorProfile', 'codexTuiGlyphMode'],
    'There is no dashboard to draw; colours follow the terminal and NO_COLOR.',
  ),
  ...because(
    ['fastSession', 'fastSessionStrategy', 'fastSessionMaxInputItems'],
    'Requests pass as they came; nothing is cut from a conversation.',
  ),
  ...because(['routingMutex'], 'A decision is one step, so nothing can come between.'),
  ...because(['pidOffsetEnabled'], 'Processes spread by the load they see of each other.'),
  ...because(['fallbackToGpt52OnUnsupportedGpt53'], 'Say it with unsupportedCodexFallbackChain.'),
  ...because(
    ['tokenInvalidationCooldownMs'],
    'A sign-in that was taken back does not come back with time; the account waits for a new one.',
  ),
  ...because(
    ['rateLimitToastDebounceMs', 'toastDurationMs'],
    'The host decides how long a line stays, and each is said once.',
  ),
  ...because(
    ['rateLimitDedupWindowMs', 'rateLimitStateResetMs', 'rateLimitMaxBackoffMs'],
    'A limit holds until the instant the backend names, so the same refusal seen twice says it once.',
  ),
  ...because(
    ['storageBackupEnabled'],
    'The last good copy is always kept: it is what an account comes back from that another program dropped.',
  ),
  ...because(
    ['sessionRecovery', 'autoResume', 'responseContinuation'],
    'The program that asks keeps its own session.',
  ),
  ...because(
    ['parallelProbing', 'parallelProbingMaxConcurrency'],
    'Accounts are never asked side by side: that has cost people whole sets of them.',
  ),
  ...because(
    ['emptyResponseMaxRetries', 'emptyResponseRetryDelayMs'],
    'An empty answer is a failure like any other, and the next account is asked at once.',
  ),
]

/** Of `dashboardDisplaySettings`. */
const ofDashboard: ReadonlyArray<Ignored> = because(
  [
    'showPerAccountRows',
    'showQuotaDetails',
    'showForecastReasons',
    'showRecommendations',
    'showLiveProbeNotes',
    'actionAutoReturnMs',
    'actionPauseOnKey',
    'menuAutoFetchLimits',
    'menuQuotaTtlMs',
    'menuSortEnabled',
    'menuSortMode',
    'menuSortPinCurrent',
    'menuSortQuickSwitchVisibleRow',
    'uiThemePreset',
    'uiAccentColor',
    'menuShowStatusBadge',
    'menuShowCurrentBadge',
    'menuShowLastUsed',
    'menuShowQuotaSummary',
    'menuShowQuotaCooldown',
    'menuShowFetchStatus',
    'menuShowDetailsForUnselectedRows',
    'menuLayoutMode',
    'menuFocusStyle',
    'menuHighlightCurrentRow',
    'menuStatuslineFields',
  ],
  'There is no dashboard to draw.',
)

export const settings: ReadonlyArray<Ignored> = [...ofPrograms, ...ofDashboard]
