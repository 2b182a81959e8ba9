import * as O from 'fp-ts/Option'
import * as Lane from '../../../core/refresh/lane'
import { second } from '../../../core/time'
import { noon } from '../../support/routing'

describe('waitBefore', () => {
  it.each([
    { name: 'when nothing was spent yet', last: O.none, wait: 0 },
    { name: 'right after another', last: O.some({ account: 'ada', at: noon }), wait: 2 * second },
    { name: 'later', last: O.some({ account: 'ada', at: noon - 1_500 }), wait: 500 },
    { name: 'long after', last: O.some({ account: 'ada', at: noon - 9 * second }), wait: 0 },
    { name: 'after itself', last: O.some({ account: 'grace', at: noon }), wait: 0 },
    { name: 'before one from the future', last: O.some({ account: 'ada', at: noon + 1 }), wait: 0 },
  ])('is $wait ms $name', ({ last, wait }) => {
    expect(Lane.waitBefore('grace', noon, 2 * second)(last)).toBe(wait)
  })
})

it('reads what it prints, and no other form', () => {
  const spending = { account: 'ada', at: noon }
  expect(Lane.parse(Lane.print(spending))._unsafeUnwrap()).toEqual(spending)
  expect(Lane.parse('{"version":1,"account":"ada"}').isErr()).toBe(true)
  expect(Lane.parse(Lane.print(spending).replace('1', '2')).isErr()).toBe(true)
})
