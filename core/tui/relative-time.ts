/** Times as a person reads them: how long ago, or how long until. */
import { day, hour, minute, second, since, type Instant, type Millis } from '../time'

const units: ReadonlyArray<readonly [span: Millis, name: string]> = [
  [day, 'day'],
  [hour, 'hour'],
  [minute, 'minute'],
  [second, 'second'],
]

/** `2 hours ago`, `in 5 minutes`, `now`. One unit, rounded down: it never says more than has passed. */
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
  const count = Math.floor(length / unit[0])
  return `${count} ${unit[1]}${count === 1 ? '' : 's'}`
}
