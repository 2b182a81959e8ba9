/**
 * Points and spans of wall-clock time.
 *
 * Both are plain numbers with a unit in the type: a literal or a sum fits either, but an
 * `Instant` never passes for a `Millis`. Nothing here reads a clock; `now` is an argument.
 */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly unit?: 'Instant' }

/** A span in milliseconds. */
export type Millis = number & { readonly unit?: 'Millis' }

export const second: Millis = 1_000
export const minute: Millis = 60 * second
export const hour: Millis = 60 * minute
export const day: Millis = 24 * hour

export const since = (then: Instant, now: Instant): Millis => Number(now) - Number(then)
export const after = (then: Instant, span: Millis): Instant => Number(then) + Number(span)
export const ofUnixSeconds = (seconds: number): Instant => seconds * 1_000

/** ISO 8601 in UTC, as the JSON of every command writes times. */
export const iso = (at: Instant): string =>
  new Date(Math.min(dateMax, Math.max(-dateMax, at))).toISOString()

/** What a Date can hold (ECMA-262); a file may name a time beyond. */
const dateMax: Millis = 8.64e15
