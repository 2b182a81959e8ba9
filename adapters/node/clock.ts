import { ResultAsync } from 'neverthrow'
import type { Millis } from '../../core/time'
import type { Clock } from '../../ports/clock'

/** Timers of node take no span above this (2^31 - 1 ms, 24 days). */
const timerMax: Millis = 2_147_483_647

export const nodeClock = (): Clock => ({
  now: () => Date.now(),
  sleep: (span, options = {}) =>
    ResultAsync.fromSafePromise(
      new Promise<void>((resolve) => {
        sleepUntilDone(span, options.lazy === true, options.signal, resolve)
      }),
    ),
})

const sleepUntilDone = (
  span: Millis,
  isLazy: boolean,
  signal: AbortSignal | undefined,
  done: () => void,
): void => {
  if (signal?.aborted === true) return done()
  const wall = Date.now() + span
  const steady = performance.now() + span
  // A timer starts from the time its turn of the event loop began, so it may end early: asked again.
  // Both clocks are asked, as the wall clock alone may be set back while we wait.
  const remaining = (): Millis => Math.min(wall - Date.now(), steady - performance.now())
  const end = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    done()
  }
  const arm = (left: Millis): NodeJS.Timeout => {
    const armed = setTimeout(
      () => {
        const rest = remaining()
        if (rest > 0) timer = arm(rest)
        else end()
      },
      Math.min(timerMax, Math.ceil(left)),
    )
    return isLazy ? armed.unref() : armed
  }
  let timer = arm(span)
  signal?.addEventListener('abort', end)
}
