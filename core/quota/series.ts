/**
 * What was seen of each quota window over the last days, for the forecast: at most one point each
 * five minutes, and of a time in which nothing was spent only its begin and its end.
 */
import * as t from 'io-ts'
import { day, minute, since, type Instant, type Millis } from '../time'
import type { Snapshot } from './snapshot'

/** When it was seen, and the per cent spent. */
export type Point = readonly [at: Instant, usedPercent: number]

/** By account and by the window's length in minutes. */
export type Series = Readonly<Record<string, Readonly<Record<string, ReadonlyArray<Point>>>>>

const slot: Millis = 5 * minute
const keptFor: Millis = 8 * day
const pointsMax = keptFor / slot

const slotOf = (at: Instant): number => Math.floor(at / slot)

/** With what is known of each account now; one of which nothing is known has no series. */
export const recorded =
  (snapshots: Readonly<Record<string, Snapshot>>) =>
  (series: Series): Series =>
    Object.fromEntries(
      Object.entries(snapshots).map(([account, snapshot]) => {
        const before = Object.hasOwn(series, account) ? series[account] : undefined
        return [account, withSnapshot(snapshot, before ?? {})]
      }),
    )

const withSnapshot = (
  { observedAt, windows }: Snapshot,
  before: Readonly<Record<string, ReadonlyArray<Point>>>,
): Readonly<Record<string, ReadonlyArray<Point>>> => ({
  ...before,
  ...Object.fromEntries(
    windows.map(({ length, usedPercent }) => {
      const name = String(length / minute)
      return [name, withPoint([observedAt, usedPercent], before[name] ?? [])]
    }),
  ),
})

const withPoint = (point: Point, before: ReadonlyArray<Point>): ReadonlyArray<Point> => {
  const [at, used] = point
  const recent = before.filter(([then]) => then <= at && since(then, at) < keptFor)
  const [previous, last] = [recent.at(-2), recent.at(-1)]
  const isSameSlot = last !== undefined && slotOf(last[0]) === slotOf(at)
  const isFlat = last?.[1] === used && previous?.[1] === used
  const kept = isSameSlot || isFlat ? recent.slice(0, -1) : recent
  return [...kept, point].slice(-pointsMax)
}

export const storedForm = t.record(
  t.string,
  t.record(t.string, t.readonlyArray(t.tuple([t.number, t.number]))),
  'Series',
)
