/**
 * A quota window: a span the backend meters, with the share of it that is spent.
 *
 * Windows are told apart by their length, never by the slot they arrive in: some plans have only a
 * weekly window, and it stands in the primary slot (protocol.md, section 4).
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { day, hour, minute, type Instant, type Millis } from '../time'

export const kinds = ['five-hour', 'weekly', 'monthly', 'other'] as const
export type Kind = (typeof kinds)[number]

export interface Window {
  readonly kind: Kind
  readonly length: Millis
  /** From 0 to 100; the backend sends whole numbers. */
  readonly usedPercent: number
  readonly resetsAt: O.Option<Instant>
}

export const make = (length: Millis, usedPercent: number, resetsAt: O.Option<Instant>): Window => ({
  kind: kindOf(length),
  length,
  usedPercent: Math.min(100, Math.max(0, usedPercent)),
  resetsAt,
})

export const kindOf = (length: Millis): Kind => {
  if (length <= 6 * hour) return 'five-hour'
  if (length >= 6 * day && length <= 8 * day) return 'weekly'
  if (length >= 27 * day && length <= 32 * day) return 'monthly'
  return 'other'
}

/**
 * The per cent spent. A window whose reset has passed is whole again. In one step, as that below, for the
 * loop of a selection.
 */
export const usedAt = (now: Instant, { resetsAt, usedPercent }: Window): number =>
  resetsAt._tag === 'Some' && resetsAt.value <= now ? 0 : usedPercent

/** The share that is left, from 0 to 1. */
export const leftAt = (now: Instant, window: Window): number => 1 - usedAt(now, window) / 100

export const left =
  (now: Instant) =>
  (window: Window): number =>
    leftAt(now, window)

export const isExhausted =
  (now: Instant) =>
  (window: Window): boolean =>
    left(now)(window) <= 0

/** As the existing tool stores it. */
export const storedForm = t.intersection(
  [
    t.type({ usedPercent: t.number, windowMinutes: t.number }),
    t.partial({ resetAtMs: t.union([t.number, t.null]) }),
  ],
  'QuotaWindow',
)

export const ofStored = (stored: t.TypeOf<typeof storedForm>): Window =>
  make(stored.windowMinutes * minute, stored.usedPercent, O.fromNullable(stored.resetAtMs))

export const toStored = (window: Window): t.TypeOf<typeof storedForm> => ({
  usedPercent: window.usedPercent,
  windowMinutes: window.length / minute,
  ...(O.isSome(window.resetsAt) ? { resetAtMs: window.resetsAt.value } : {}),
})
