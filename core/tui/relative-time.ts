/** Times as a person reads them: how long ago, or how long until. */
import { day, hour, minute, second, since, type Instant, type Millis } from '../time'

const units: ReadonlyArray<readonly [span: Millis, one: string, many: string]> = [
  [day, 'day', 'days'],
  [hour, 'h', 'h'],
  [minute, 'min', 'min'],
  [second, 's', 's'],
]

/** `2 h ago`, `in 5 min`, `now`. One unit, rounded down: it never says more than has passed. */
export const relative =
  (now: Instant) =>
  (at: Instant): string => {
    const gone = since(at, now)
    const span = spanOf(Math.abs(gone))
    if (span === '') return 'now'
    return gone > 0 ? `${span} ago` : `in ${span}`
  }

const spanOf = (length: Millis): string => {
  const unit = units.find(([span]) => length >= span)
  if (unit === undefined) return ''
  const [span, one, many] = unit
  const count = Math.floor(length / span)
  return `${count} ${count === 1 ? one : many}`
}
