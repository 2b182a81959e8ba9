/** A quota window in words. */
import * as O from 'fp-ts/Option'
import { left, type Window } from '../quota/window'
import type { Instant } from '../time'
import { relative } from '../tui/relative-time'

const windowNames: Readonly<Record<Window['kind'], string>> = {
  'five-hour': '5 hours',
  weekly: 'week',
  monthly: 'month',
  other: 'other',
}

/** `5 hours 60% left`. */
export const shareText =
  (now: Instant) =>
  (window: Window): string =>
    `${windowNames[window.kind]} ${Math.round(left(now)(window) * 100)}% left`

/** `5 hours 60% left, resets in 2 h`. */
export const windowText =
  (now: Instant) =>
  (window: Window): string => {
    const share = shareText(now)(window)
    return O.isSome(window.resetsAt) && window.resetsAt.value > now
      ? `${share}, resets ${relative(now)(window.resetsAt.value)}`
      : share
  }
