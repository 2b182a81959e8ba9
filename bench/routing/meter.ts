/** The quota of one account as the simulated backend keeps it: two windows that open when first used. */
import { day, hour, type Instant, type Millis } from '../../core/time'
import { capacities, type PlanName } from './scenario'

export interface WindowSeen {
  readonly length: Millis
  /** Whole numbers, as the backend sends them. */
  readonly usedPercent: number
  readonly resetsAt: Instant
}

export interface Meter {
  /** Opens what is closed: a request is there. */
  readonly open: (now: Instant) => void
  /** The latest reset of the windows with nothing left; 0 when all have something. */
  readonly exhaustedUntil: (now: Instant) => Instant
  readonly spend: (now: Instant, tokens: number) => void
  readonly seen: (now: Instant) => ReadonlyArray<WindowSeen>
  /** Tokens left in each window; for the oracle alone. */
  readonly left: (now: Instant) => ReadonlyArray<number>
}

interface Kept {
  readonly length: Millis
  readonly capacity: number
  used: number
  resetsAt: Instant
}

export const meter = (plan: PlanName, scale: number): Meter => {
  const kept: ReadonlyArray<Kept> = [
    { length: 5 * hour, capacity: capacities[plan].fiveHour * scale, used: 0, resetsAt: 0 },
    { length: 7 * day, capacity: capacities[plan].weekly * scale, used: 0, resetsAt: 0 },
  ]
  const open = (now: Instant): void => {
    for (const window of kept)
      if (window.resetsAt <= now) {
        window.used = 0
        window.resetsAt = now + window.length
      }
  }
  const leftIn = (window: Kept, now: Instant): number =>
    window.resetsAt <= now ? window.capacity : window.capacity - window.used
  return {
    open,
    exhaustedUntil: (now) =>
      kept.reduce(
        (until, window) => (leftIn(window, now) > 0 ? until : Math.max(until, window.resetsAt)),
        0,
      ),
    spend: (now, tokens) => {
      // An answer may outlast the window in which its request came.
      open(now)
      for (const window of kept) window.used += tokens
    },
    seen: (now) =>
      kept.map((window) => ({
        length: window.length,
        usedPercent: Math.min(
          100,
          Math.floor((100 * (window.capacity - leftIn(window, now))) / window.capacity),
        ),
        resetsAt: window.resetsAt,
      })),
    left: (now) => kept.map((window) => leftIn(window, now)),
  }
}
