import * as O from 'fp-ts/Option'
import * as Capability from '../../../core/routing/capability'
import { day, minute } from '../../../core/time'
import { noon } from '../../support/routing'

const lacks = Capability.refused('gpt-5.5', noon)(Capability.none)

it.each([
  { name: 'is remembered', model: 'gpt-5.5', now: noon, until: noon + 30 * minute },
  { name: 'for half an hour', model: 'gpt-5.5', now: noon + 30 * minute, until: undefined },
  { name: 'of that model alone', model: 'gpt-5.4', now: noon, until: undefined },
  { name: 'not from a clock far ahead', model: 'gpt-5.5', now: noon - day, until: undefined },
  { name: 'of no name that an object has', model: 'constructor', now: noon, until: undefined },
])('a refusal $name', ({ model, now, until }) => {
  expect(O.toUndefined(Capability.lackedUntil(model, now)(lacks))).toBe(until)
})

it('remembers 64 models, the latest', () => {
  const many = Array.from({ length: 70 }, (_, index) => index).reduce(
    (all, index) => Capability.refused(`model-${index}`, noon + index)(all),
    Capability.none,
  )
  expect(Object.keys(many)).toHaveLength(64)
  expect(O.isNone(Capability.lackedUntil('model-5', noon + 70)(many))).toBe(true)
  expect(O.isSome(Capability.lackedUntil('model-6', noon + 70)(many))).toBe(true)
})
