/**
 * A deadline that moves often and is seldom missed. Moving it later costs no new timer: the one that
 * runs fires too early, sees that, and sleeps on.
 */
import type { Millis } from '../../core/time'

export interface Watchdog {
  /** From now on `onLate` is called after the span, unless told otherwise before. */
  readonly arm: (span: Millis) => void
  readonly disarm: () => void
  /** Disarmed for good; nothing is left running. */
  readonly end: () => void
}

export const watchdog = (onLate: () => void): Watchdog => {
  let timer: NodeJS.Timeout | undefined
  let firesAt = Infinity
  let deadline = Infinity
  const schedule = (now: number, span: Millis): void => {
    clearTimeout(timer)
    firesAt = now + span
    timer = setTimeout(fire, span)
  }
  const fire = (): void => {
    firesAt = Infinity
    const now = performance.now()
    if (deadline <= now) return onLate()
    if (deadline !== Infinity) schedule(now, deadline - now)
  }
  return {
    arm: (span) => {
      const now = performance.now()
      deadline = now + span
      if (deadline < firesAt) schedule(now, span)
    },
    disarm: () => {
      deadline = Infinity
    },
    end: () => {
      deadline = Infinity
      firesAt = Infinity
      clearTimeout(timer)
    },
  }
}
