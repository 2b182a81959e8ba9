import { ResultAsync } from 'neverthrow'
import type { Clock } from '../../ports/clock'
import type { SimulatedProcess } from './scheduler'

/** Its time starts where the scheduler's does, and passes only in sleep. */
export const memoryClock = (process: SimulatedProcess): Clock => ({
  now: process.now,
  sleep: (span, options = {}) =>
    ResultAsync.fromSafePromise(
      process.call('clock.sleep', () => undefined, {
        after: span,
        signal: options.signal,
        isLazy: options.lazy === true,
        isSteady: true,
      }),
    ),
})
