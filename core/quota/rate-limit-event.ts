/**
 * Quota as a stream tells it: the event `codex.rate_limits` (protocol.md, section 3). Its
 * `limit_reached` ends nothing; the answer may go on.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { optional } from '../codec'
import { decode } from '../result'
import { minute, ofUnixSeconds, type Instant } from '../time'
import * as Plan from './plan'
import type { Snapshot } from './snapshot'
import * as Window from './window'

const windowForm = t.intersection([
  t.type({ used_percent: t.number, window_minutes: t.number }),
  t.partial({ reset_at: optional(t.number) }),
])
const eventForm = t.intersection([
  t.type({
    type: t.literal('codex.rate_limits'),
    rate_limits: t.partial({ primary: t.unknown, secondary: t.unknown }),
  }),
  t.partial({ plan_type: t.unknown }),
])

/** Of an event's payload. */
export const snapshot =
  (now: Instant) =>
  (event: unknown): O.Option<Snapshot> =>
    decode(eventForm)(event).match(
      ({ plan_type, rate_limits: { primary, secondary } }): O.Option<Snapshot> => {
        const windows = [primary, secondary].flatMap(windowOf)
        const plan = Plan.told(now)(plan_type)
        return windows.length === 0
          ? O.none
          : O.some({ windows, observedAt: now, source: 'stream', plan })
      },
      () => O.none,
    )

/** A plan without a second window sends none, or one of length 0. */
const windowOf = (slot: unknown): ReadonlyArray<Window.Window> =>
  decode(windowForm)(slot).match(
    ({ reset_at, used_percent, window_minutes }) =>
      window_minutes > 0
        ? [
            Window.make(
              window_minutes * minute,
              used_percent,
              typeof reset_at === 'number' ? O.some(ofUnixSeconds(reset_at)) : O.none,
            ),
          ]
        : [],
    () => [],
  )
