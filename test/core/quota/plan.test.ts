import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Plan from '../../../core/quota/plan'
import { aKind } from '../../support/routing'

it.each([
  { plan: 'free', fiveHour: 0.15, weekly: 0.15 },
  { plan: 'go', fiveHour: 0.15, weekly: 0.15 },
  { plan: 'plus', fiveHour: 1, weekly: 1 },
  { plan: 'pro', fiveHour: 8, weekly: 10.7 },
  { plan: 'prolite', fiveHour: 5, weekly: 5 },
  { plan: 'team', fiveHour: 1, weekly: 1.2 },
  { plan: 'business', fiveHour: 1, weekly: 1.2 },
  { plan: undefined, fiveHour: 1, weekly: 1 },
])('$plan', ({ plan, fiveHour, weekly }) => {
  const unitsOf = (kind: 'five-hour' | 'weekly') => Plan.units(O.fromNullable(plan), kind)
  expect([unitsOf('five-hour'), unitsOf('weekly')]).toEqual([fiveHour, weekly])
})

it('counts a month, and any other length, in units of the week', () => {
  const units = (['weekly', 'monthly', 'other'] as const).map((kind) =>
    Plan.units(O.some('pro'), kind),
  )
  expect(units).toEqual([10.7, 10.7, 10.7])
})

it('takes a plan nobody has heard of for plus', () => {
  const aName = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'))
  const known = ['free', 'go', 'pro', 'promax', 'prolite', 'team', 'business']
  fc.assert(
    fc.property(aName, aKind, (name, kind) => {
      fc.pre(!known.includes(name))
      expect(Plan.units(O.some(name), kind)).toBe(Plan.units(O.some('plus'), kind))
    }),
  )
})
