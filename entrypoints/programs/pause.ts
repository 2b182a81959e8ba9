/**
 * A wait inside a request: for a span, or until an account arrives that was not there. The pool is
 * looked at now and then, as to be told of it is not to be had everywhere.
 */
import { hasArrival } from '../../core/accounts/arrival'
import { after, since, type Millis } from '../../core/time'
import type { RouteRequest } from './route-request'
import type { Router } from './router'
import type { Known } from './world'

export const pause = async (
  { ports: { clock }, world }: Pick<Router, 'ports' | 'world'>,
  { conversation, gone }: RouteRequest,
  { pool, settings }: Known,
  span: Millis,
): Promise<void> => {
  const end = after(clock.now(), span)
  // Never longer than the span, as the clock may have been set back.
  const lookEvery = settings.liveAccountSync ? settings.liveAccountSyncPollMs : span
  const looksMax = Math.ceil(span / lookEvery)
  for (let looks = 0; looks < looksMax && !gone.aborted; looks += 1) {
    const left = Math.min(lookEvery, since(clock.now(), end))
    if (left <= 0) return
    await clock.sleep(left, { signal: gone })
    if (
      await world
        .look(conversation)
        .map((now) => hasArrival(pool)(now.pool))
        .unwrapOr(false)
    )
      return
  }
}
