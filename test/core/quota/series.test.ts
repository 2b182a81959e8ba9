import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Series from '../../../core/quota/series'
import type { Snapshot } from '../../../core/quota/snapshot'
import * as Window from '../../../core/quota/window'
import { decode } from '../../../core/result'
import { day, hour, minute, type Millis } from '../../../core/time'
import { noon } from '../../support/routing'

const snapshot = (at: Millis, fiveHour: number): Snapshot => ({
  observedAt: noon + at,
  source: 'headers',
  plan: O.none,
  windows: [Window.make(5 * hour, fiveHour, O.none)],
})

type Seen = readonly [at: Millis, used: number]

const after = (...seen: ReadonlyArray<Seen>): ReadonlyArray<Seen> => {
  const series = seen.reduce<Series.Series>(
    (before, [at, used]) => Series.recorded({ a: snapshot(at, used) })(before),
    {},
  )
  return (series['a']?.['300'] ?? []).map(([at, used]) => [at - noon, used])
}

it.each<{ name: string; seen: ReadonlyArray<Seen>; kept: ReadonlyArray<Seen> }>([
  { name: 'a first point', seen: [[0, 3]], kept: [[0, 3]] },
  {
    name: 'the last of five minutes',
    seen: [
      [0, 3],
      [minute, 4],
      [5 * minute, 5],
    ],
    kept: [
      [minute, 4],
      [5 * minute, 5],
    ],
  },
  {
    name: 'begin and end of a time in which nothing was spent',
    seen: [
      [0, 3],
      [5 * minute, 3],
      [10 * minute, 3],
      [15 * minute, 4],
    ],
    kept: [
      [0, 3],
      [10 * minute, 3],
      [15 * minute, 4],
    ],
  },
  {
    name: 'eight days',
    seen: [
      [0, 3],
      [8 * day, 4],
    ],
    kept: [[8 * day, 4]],
  },
  {
    name: 'nothing of a clock that was ahead',
    seen: [
      [day, 3],
      [0, 4],
    ],
    kept: [[0, 4]],
  },
])('keeps $name', ({ seen, kept }) => {
  expect(after(...seen)).toEqual(kept)
})

it('keeps no series of an account of which nothing is known', () => {
  const series = Series.recorded({ a: snapshot(0, 3), b: snapshot(0, 4) })({})
  expect(Object.keys(Series.recorded({ b: snapshot(1, 4) })(series))).toEqual(['b'])
})

it('is in order, one point each five minutes, and bounded', () => {
  const aWalk = fc.array(fc.tuple(fc.nat(20 * minute), fc.nat(100)), { maxLength: 60 })
  fc.assert(
    fc.property(aWalk, (walk) => {
      let at = 0
      const kept = after(...walk.map(([span, used]): Seen => [(at += span), used]))
      const slots = kept.map(([then]) => Math.floor((noon + then) / (5 * minute)))
      expect(slots).toEqual([...new Set(slots)].sort((left, right) => left - right))
    }),
  )
})

it('comes back from its stored form as it was', () => {
  const series = Series.recorded({ a: snapshot(0, 3) })({})
  expect(decode(Series.storedForm)(JSON.parse(JSON.stringify(series)))._unsafeUnwrap()).toEqual(
    series,
  )
})
