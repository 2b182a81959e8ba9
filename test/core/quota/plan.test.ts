import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Plan from '../../../core/quota/plan'
import { aKind, anOption, aroundNoon, noon } from '../../support/routing'

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

describe('a plan that was told', () => {
  it.each<{ name: string; given: unknown; expected: O.Option<string> }>([
    { name: 'is a word', given: 'plus', expected: O.some('plus') },
    {
      name: 'is one of several parts',
      given: 'self_serve_business_prolite',
      expected: O.some('self_serve_business_prolite'),
    },
    { name: 'is no empty text', given: '', expected: O.none },
    { name: 'is no sentence', given: 'the best one', expected: O.none },
    { name: 'is no long text', given: 'p'.repeat(65), expected: O.none },
    { name: 'is no number', given: 7, expected: O.none },
    { name: 'is not null', given: null, expected: O.none },
  ])('$name', ({ given, expected }) => {
    const told = Plan.told(noon)(given)
    expect(told).toEqual(O.isSome(expected) ? O.some({ name: expected.value, at: noon }) : O.none)
  })

  const aTold = anOption(fc.record({ name: fc.constantFrom('plus', 'pro'), at: aroundNoon }))
  const instantOf = O.match(
    () => -Infinity,
    ({ at }: Plan.Told) => at,
  )

  it('is the newest of two, and none only where there is none', () => {
    fc.assert(
      fc.property(aTold, aTold, (left, right) => {
        const newest = Plan.newest(left, right)
        expect([left, right]).toContain(newest)
        expect(instantOf(newest)).toBe(Math.max(instantOf(left), instantOf(right)))
      }),
    )
  })
})
