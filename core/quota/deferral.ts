/**
 * Putting an account off before its quota is used up: the last few per cent are left for when nobody
 * else can serve, so that a request seldom meets a limit.
 */
import * as O from 'fp-ts/Option'
import { after, day, hour, since, type Instant, type Millis } from '../time'
import type { Snapshot } from './snapshot'
import * as Window from './window'

export interface Terms {
  /** With this much left of a window, or less, its account is put off. */
  readonly fiveHourPercent: number
  readonly longerPercent: number
  /** From when it was seen, where the reset is not known. */
  readonly longest: Millis
}

/** The settings' defaults. */
export const standard: Terms = { fiveHourPercent: 5, longerPercent: 5, longest: 2 * hour }

/** No older word is taken for true. */
const trustedFor: Millis = 7 * day

export interface Deferral {
  readonly window: Window.Kind
  readonly until: Instant
}

/** By the window that keeps it longest; in one step and without a wrapper, for the loop of a selection. */
export const of = (terms: Terms, now: Instant, snapshot: Snapshot): Deferral | undefined => {
  if (Math.abs(since(snapshot.observedAt, now)) > trustedFor) return undefined
  let longest: Deferral | undefined
  for (const window of snapshot.windows) {
    const percent = window.kind === 'five-hour' ? terms.fiveHourPercent : terms.longerPercent
    if (Window.usedAt(now, window) < 100 - percent) continue
    const until = O.isSome(window.resetsAt)
      ? Math.min(window.resetsAt.value, after(now, trustedFor))
      : after(snapshot.observedAt, terms.longest)
    if (until > now && (longest === undefined || until > longest.until))
      longest = { window: window.kind, until }
  }
  return longest
}
