/**
 * Quota as every answer of the backend tells it: `x-codex-primary-*` and `x-codex-secondary-*`
 * (protocol.md, section 4). The slots mean nothing; a window is what its length says.
 */
import * as O from 'fp-ts/Option'
import * as Headers from '../request/headers'
import { after, minute, ofUnixSeconds, second, type Instant } from '../time'
import * as Plan from './plan'
import type { Snapshot } from './snapshot'
import * as Window from './window'

export const snapshot =
  (now: Instant) =>
  (headers: Headers.Headers): O.Option<Snapshot> => {
    const ours = headers.filter((pair) => pair[0].startsWith('x-codex-'))
    const windows = ['primary', 'secondary'].flatMap((slot) => windowOf(slot, now, ours))
    return windows.length === 0
      ? O.none
      : O.some({ windows, observedAt: now, source: 'headers', plan: plan(now)(ours) })
  }

export const plan =
  (now: Instant) =>
  (headers: Headers.Headers): O.Option<Plan.Told> => {
    const name = Headers.get('x-codex-plan-type')(headers)
    return O.isSome(name) ? Plan.told(now)(name.value) : O.none
  }

const windowOf = (
  slot: string,
  now: Instant,
  headers: Headers.Headers,
): ReadonlyArray<Window.Window> => {
  const numeric = (name: string): O.Option<number> => {
    const text = Headers.get(`x-codex-${slot}-${name}`)(headers)
    return O.isSome(text) ? figure(text.value) : O.none
  }
  const used = numeric('used-percent')
  const minutes = numeric('window-minutes')
  // A plan without a second window sends it with length 0.
  if (O.isNone(used) || O.isNone(minutes) || minutes.value <= 0) return []
  const at = numeric('reset-at')
  const resetsAt = O.isSome(at)
    ? O.some(ofUnixSeconds(at.value))
    : afterSpan(now, numeric('reset-after-seconds'))
  return [Window.make(minutes.value * minute, used.value, resetsAt)]
}

const afterSpan = (now: Instant, seconds: O.Option<number>): O.Option<Instant> =>
  O.isSome(seconds) ? O.some(after(now, seconds.value * second)) : O.none

/** Above any share, minutes or Unix seconds to come; what lies beyond is no figure of the backend. */
const figureMax = 1e12

const figure = (text: string): O.Option<number> => {
  const value = Number(text)
  return text.trim() !== '' && Math.abs(value) <= figureMax ? O.some(value) : O.none
}
