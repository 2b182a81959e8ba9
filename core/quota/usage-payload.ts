/**
 * Quota as the backend tells it when asked: the answer of `GET /wham/usage`, which costs no quota
 * (protocol.md, section 4). The slots mean nothing; a window is what its length says.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { optional } from '../codec'
import { decode, parseJson } from '../result'
import { after, ofUnixSeconds, second, type Instant } from '../time'
import * as Plan from './plan'
import type { Snapshot } from './snapshot'
import * as Window from './window'

const windowForm = t.intersection([
  t.type({ used_percent: t.number, limit_window_seconds: t.number }),
  t.partial({ reset_at: optional(t.number), reset_after_seconds: optional(t.number) }),
])
const payloadForm = t.intersection([
  t.type({ rate_limit: t.partial({ primary_window: t.unknown, secondary_window: t.unknown }) }),
  t.partial({ plan_type: t.unknown }),
])

/** None where it tells of no window. */
export const snapshot =
  (now: Instant) =>
  (text: string): O.Option<Snapshot> =>
    parseJson(text)
      .andThen(decode(payloadForm))
      .match(
        ({ plan_type, rate_limit: { primary_window, secondary_window } }): O.Option<Snapshot> => {
          const windows = [primary_window, secondary_window].flatMap(windowIn(now))
          const plan = Plan.told(now)(plan_type)
          return windows.length === 0
            ? O.none
            : O.some({ windows, observedAt: now, source: 'usage', plan })
        },
        () => O.none,
      )

const windowIn =
  (now: Instant) =>
  (slot: unknown): ReadonlyArray<Window.Window> =>
    decode(windowForm)(slot).match(
      ({ limit_window_seconds: seconds, reset_after_seconds, reset_at, used_percent }) =>
        seconds > 0
          ? [
              Window.make(
                seconds * second,
                used_percent,
                resetOf(now, reset_at, reset_after_seconds),
              ),
            ]
          : [],
      () => [],
    )

const resetOf = (
  now: Instant,
  at: number | null | undefined,
  span: number | null | undefined,
): O.Option<Instant> => {
  if (typeof at === 'number') return O.some(ofUnixSeconds(at))
  return typeof span === 'number' ? O.some(after(now, span * second)) : O.none
}
