/**
 * How well an account has been answering, from 0 to 100.
 *
 * It biases a choice between accounts that can serve and never keeps one out. It comes back by itself,
 * so that an account that is asked less often is not forgotten for it.
 */
import * as t from 'io-ts'
import { hour, since, type Instant } from '../time'

export interface Score {
  readonly points: number
  readonly at: Instant
}

const pointsMax = 100
const pointsAnHour = 2

export const full: Score = { points: pointsMax, at: 0 }

/** Figures of the existing tool: what an answer, a limit and a failure are worth. */
export const answered = 1
export const limited = -10
export const failed = -20

export const pointsAt =
  (now: Instant) =>
  ({ at, points }: Score): number =>
    clamp(points + (pointsAnHour * Math.max(0, since(at, now))) / hour)

export const changed =
  (by: number, now: Instant) =>
  (score: Score): Score => ({ points: clamp(pointsAt(now)(score) + by), at: now })

const clamp = (points: number): number => Math.min(pointsMax, Math.max(0, points))

export const storedForm = t.type({ points: t.number, at: t.number }, 'Score')
