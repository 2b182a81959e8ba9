/**
 * What the upstream meters: up to two windows an account, the first in the primary slot.
 *
 * A window is full again at its reset and the next one starts then. Per cent are reported as whole
 * numbers, as the real backend does; what is kept may have a fraction.
 */
import type { Headers } from '../../../core/request/headers'
import { after, hour, minute, second, since, type Instant, type Millis } from '../../../core/time'

export interface Window {
  readonly length: Millis
  readonly usedPercent: number
  readonly resetsAt: Instant
  /** Added to `usedPercent` by each request that is served. */
  readonly costPercent: number
}

export interface Quota {
  readonly windows: ReadonlyArray<Window>
}

export interface WindowTerms {
  readonly length?: Millis
  readonly usedPercent?: number
  /** From now; the whole length when left out. */
  readonly resetsIn?: Millis
  readonly costPercent?: number
}

export interface Terms {
  /** Slot by slot; five hours and a week, unused, when left out. */
  readonly windows?: ReadonlyArray<WindowTerms>
}

export const fiveHours: Millis = 5 * hour
export const week: Millis = 7 * 24 * hour
/** An account of which the upstream reports nothing. */
export const unmetered: Quota = { windows: [] }

export const of = (terms: Terms, now: Instant): Quota => ({
  windows: (terms.windows ?? [{}, {}]).map((window, slot) => {
    const length = window.length ?? (slot === 0 ? fiveHours : week)
    return {
      length,
      usedPercent: window.usedPercent ?? 0,
      resetsAt: after(now, window.resetsIn ?? length),
      costPercent: window.costPercent ?? 0,
    }
  }),
})

export const at =
  (now: Instant) =>
  (quota: Quota): Quota => ({
    windows: quota.windows.map((window) =>
      now < window.resetsAt
        ? window
        : { ...window, usedPercent: 0, resetsAt: after(now, window.length) },
    ),
  })

export const charged = (quota: Quota): Quota => ({
  windows: quota.windows.map((window) => ({
    ...window,
    usedPercent: Math.min(100, window.usedPercent + window.costPercent),
  })),
})

const isSpent = (window: Window): boolean => window.usedPercent >= 100

export const isExhausted = (quota: Quota): boolean => quota.windows.some(isSpent)

/** When the last of the spent windows resets. */
export const releasedAt =
  (now: Instant) =>
  (quota: Quota): Instant =>
    Math.max(now, ...quota.windows.filter(isSpent).map((window) => Number(window.resetsAt)))

/** The same quota with its first window spent until an instant. */
export const spentUntil =
  (resetsAt: Instant, now: Instant) =>
  (quota: Quota): Quota => {
    const [first = { length: fiveHours, costPercent: 0 }, ...others] = at(now)(quota).windows
    return { windows: [{ ...first, usedPercent: 100, resetsAt }, ...others] }
  }

const seconds = (span: Millis): number => Math.max(0, Math.ceil(span / second))

export const headers = (
  account: { readonly plan: string },
  quota: Quota,
  now: Instant,
): Headers => {
  if (quota.windows.length === 0) return []
  const slots = ['primary', 'secondary'] as const
  const windows = quota.windows.flatMap((window, index): Headers => {
    const slot = slots[index]
    if (slot === undefined) return []
    return [
      [`x-codex-${slot}-used-percent`, String(Math.floor(window.usedPercent))],
      [`x-codex-${slot}-window-minutes`, String(window.length / minute)],
      [`x-codex-${slot}-reset-at`, String(seconds(Number(window.resetsAt)))],
      [`x-codex-${slot}-reset-after-seconds`, String(seconds(since(now, window.resetsAt)))],
    ]
  })
  return [
    ...windows,
    ['x-codex-primary-over-secondary-limit-percent', '0'],
    ['x-codex-plan-type', account.plan],
    ['x-codex-active-limit', 'codex'],
    ['x-codex-credits-has-credits', 'False'],
    ['x-codex-credits-unlimited', 'False'],
    ['x-codex-credits-balance', '0'],
  ]
}

const windowPayload = (window: Window | undefined, now: Instant): unknown =>
  window === undefined
    ? null
    : {
        used_percent: Math.floor(window.usedPercent),
        limit_window_seconds: seconds(window.length),
        reset_after_seconds: seconds(since(now, window.resetsAt)),
        reset_at: seconds(Number(window.resetsAt)),
      }

/** The answer of `GET /wham/usage`. */
export const usagePayload = (
  account: {
    readonly plan: string
    readonly userId: string
    readonly accountId: string
    readonly email: string
  },
  quota: Quota,
  now: Instant,
): unknown => ({
  user_id: account.userId,
  account_id: account.accountId,
  email: account.email,
  plan_type: account.plan,
  rate_limit: {
    allowed: !isExhausted(quota),
    limit_reached: isExhausted(quota),
    primary_window: windowPayload(quota.windows[0], now),
    secondary_window: windowPayload(quota.windows[1], now),
  },
  code_review_rate_limit: null,
  additional_rate_limits: null,
  credits: { has_credits: false, unlimited: false, balance: '0' },
  spend_control: null,
  rate_limit_reached_type: isExhausted(quota) ? { type: 'rate_limit_reached' } : null,
  promo: null,
  rate_limit_reset_credits: { available_count: 0 },
})
