/** How long a refusal asks to be left alone, as its headers say it. */
import * as O from 'fp-ts/Option'
import { day, hour, minute, second, type Instant, type Millis } from '../time'
import * as Headers from './headers'

/** `retry-after-ms`, else `retry-after` in seconds or as a date; 0 without one that can be read. */
export const of = (now: Instant, headers: Headers.Headers): Millis => {
  const millis = Number(O.getOrElse(() => '')(Headers.get('retry-after-ms')(headers)))
  if (Number.isFinite(millis) && millis > 0) return millis
  const text = O.getOrElse(() => '')(Headers.get('retry-after')(headers))
  const span = /^\d+(\.\d+)?$/.test(text) ? Number(text) * second : dateOf(text) - now
  return Number.isFinite(span) && span > 0 ? span : 0
}

/** A date of HTTP is in GMT (RFC 9110, 5.6.7); any other would depend on where this machine is. */
const dateOf = (text: string): Instant => (text.endsWith(' GMT') ? Date.parse(text) : NaN)

/** As in `Please try again in 1.5s` or `try again in 6m0s`. */
export const inWords = (message: string): O.Option<Millis> => {
  const [, span] =
    /try again in ((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\b\s*|\d+[hm](?=\d))+)/i.exec(
      message,
    ) ?? []
  if (span === undefined) return O.none
  const parts = [...span.matchAll(/(\d+(?:\.\d+)?)\s*(ms|mi?l|s|m|h|d)/gi)]
  return O.some(
    parts.reduce(
      (sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit.toLowerCase()] ?? 0),
      0,
    ),
  )
}

/** By what the unit begins with. */
const units: Readonly<Record<string, Millis>> = {
  ms: 1,
  mil: 1,
  s: second,
  m: minute,
  h: hour,
  d: day,
}
