/**
 * A wait inside a request: for a span, or until an account arrives that was not there. The pool is
 * looked at now and then too, as to be told of a change is not to be had everywhere.
 */
import { hasArrival } from '../../core/accounts/arrival'
import type { Millis } from '../../core/time'
import type { RouteRequest } from './route-request'
import type { Router } from './router'
import type { Known } from './world'

export const pause = async (
  { changes, ports: { clock }, world }: Pick<Router, 'changes' | 'ports' | 'world'>,
  { conversation, gone }: RouteRequest,
  { pool, settings }: Known,
  span: Millis,
): Promise<void> => {
  const arrived = new AbortController()
  const over = new AbortController()
  const whole = clock
    .sleep(span, { signal: AbortSignal.any([gone, arrived.signal]) })
    .map(() => over.abort())
  while (settings.liveAccountSync && !over.signal.aborted) {
    await changes.wait(settings.liveAccountSyncPollMs, { signal: over.signal })
    if (over.signal.aborted) break
    const now = await world.look(conversation)
    if (now.isErr() || !hasArrival(pool)(now.value.pool)) continue
    arrived.abort()
    break
  }
  await whole
}
