/**
 * Many deadlines of one span on one timer. Nearly all of them end long before their time, and a timer
 * with a signal to stop it is more than the reading of a head costs otherwise. The span is a setting:
 * when it changes, deadlines that have begun keep theirs.
 */
import { after, since, type Instant, type Millis } from '../../core/time'
import type { Ports } from './ports'

export type Passed = 'passed'

export interface Deadline {
  readonly passed: Promise<Passed>
  /** It passes no more. */
  readonly end: () => void
}

export interface Deadlines {
  /** The span begins. */
  readonly start: (span: Millis) => Deadline
}

interface Waiting {
  readonly until: Instant
  readonly pass: (passed: Passed) => void
}

export const openDeadlines = (ports: Pick<Ports, 'clock'>): Deadlines => {
  let last: { readonly span: Millis; readonly start: () => Deadline } | undefined
  return {
    start: (span) => {
      if (last?.span !== span) last = { span, start: startingAll(ports, span) }
      return last.start()
    },
  }
}

const startingAll = ({ clock }: Pick<Ports, 'clock'>, span: Millis): (() => Deadline) => {
  /** The oldest first, as all have the same span. */
  const waiting = new Set<Waiting>()
  let isWatched = false

  const watch = async (): Promise<void> => {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      // Never longer than the span, as the clock may have been set back.
      const left = Math.min(span, Math.max(0, since(clock.now(), first.until)))
      await clock.sleep(left, { lazy: true })
      const now = clock.now()
      for (const one of waiting) {
        if (one.until > now) break
        waiting.delete(one)
        one.pass('passed')
      }
    }
    isWatched = false
  }

  return () => {
    let pass: Waiting['pass'] = () => undefined
    const passed = new Promise<Passed>((resolve) => {
      pass = resolve
    })
    const one = { until: after(clock.now(), span), pass }
    waiting.add(one)
    if (!isWatched) {
      isWatched = true
      void watch()
    }
    return { passed, end: () => void waiting.delete(one) }
  }
}
