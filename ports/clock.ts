import type { ResultAsync } from 'neverthrow'
import type { Instant, Millis } from '../core/time'

/**
 * Time as programs need it.
 * Laws, run on every adapter: `now` after `sleep(n)` is at least `n` later; a cancelled sleep ends
 * at once and is Ok like any other: who cancels knows why.
 */
export interface Clock {
  readonly now: () => Instant
  /** Waits. A `lazy` sleep does not keep the process alive. */
  readonly sleep: (
    span: Millis,
    options?: { readonly signal?: AbortSignal; readonly lazy?: boolean },
  ) => ResultAsync<void, never>
}
