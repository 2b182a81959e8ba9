/** A value that comes once, from a callback, to whoever waits for it. What comes second is dropped. */
import { ResultAsync } from 'neverthrow'

export interface Once<A> {
  readonly settle: (value: A) => void
  readonly settled: ResultAsync<A, never>
}

export const once = <A>(): Once<A> => {
  let settle: (value: A) => void = () => undefined
  const promise = new Promise<A>((resolve) => {
    settle = resolve
  })
  return { settle: (value) => settle(value), settled: ResultAsync.fromSafePromise(promise) }
}

export const settleOnAbort = <A>(signal: AbortSignal, value: A, waiting: Once<A>): void => {
  if (signal.aborted) waiting.settle(value)
  else signal.addEventListener('abort', () => waiting.settle(value), { once: true })
}
