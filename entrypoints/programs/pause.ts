/**
 * A wait inside a request: for a span, or until an account arrives that was not there. The pool is
 * looked at now and then too, as to be told of a change is not to be had everywhere.
 */
import * as O from 'fp-ts/Option'
import { hasArrival } from '../../core/accounts/arrival'
import { day, type Millis } from '../../core/time'
import type { RouteRequest } from './route-request'
import type { Router } from './router'
import type { Known } from './world'

/** A timer takes no span of more than some 24 days. */
const sleepMax: Millis = 20 * day

export const pause = async (
  { changes, ports: { clock }, world }: Pick<Router, 'changes' | 'ports' | 'world'>,
  { conversation, gone }: RouteRequest,
  { pool, settings }: Known,
  span: Millis,
): Promise<void> => {
  const arrived = new AbortController()
  const over = new AbortController()
  const whole = clock
    .sleep(Math.min(span, sleepMax), { signal: AbortSignal.any([gone, arrived.signal]) })
    .map(() => over.abort())
  while (settings.liveAccountSync && !over.signal.aborted) {
    await changes.wait(settings.liveAccountSyncPollMs, { signal: over.signal })
    if (over.signal.aborted) break
    const now = await world.look(conversation, O.none)
    if (now.isErr() || !hasArrival(pool)(now.value.pool)) continue
    arrived.abort()
    break
  }
  await whole
}
