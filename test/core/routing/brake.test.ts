import * as O from 'fp-ts/Option'
import * as Brake from '../../../core/routing/brake'
import { minute, second } from '../../../core/time'
import { noon, ready } from '../../support/routing'

describe('the brake', () => {
  it('remembers the losses of a minute, in their order', () => {
    const losses = [noon, noon - 61 * second, noon - 59 * second, noon + 10 * minute]
    expect(Brake.recent(noon)(losses)).toEqual([noon - 59 * second, noon])
  })

  it.each([
    { name: 'no loss', losses: [], until: undefined },
    { name: 'two', losses: [noon - second, noon], until: undefined },
    { name: 'three', losses: [noon - 9, noon - 8, noon], until: noon - 9 + minute },
    { name: 'four', losses: [noon - 9, noon - 8, noon - 7, noon], until: noon - 8 + minute },
  ])('holds fresh accounts back until fewer than three are recent: after $name', (given) => {
    expect(O.toUndefined(Brake.heldUntil(given.losses))).toBe(given.until)
  })

  it.each([
    { name: 'not without a loss', given: ready('a'), losses: [], wait: 0 },
    { name: 'a second from the last', given: ready('a'), losses: [0, noon - 300], wait: 700 },
    { name: 'no longer', given: ready('a'), losses: [noon - 1_000], wait: 0 },
    { name: 'not for one that serves', given: ready('a', { live: 1 }), losses: [noon], wait: 0 },
    {
      name: 'not for one that is just being asked',
      given: ready('a', { inFlight: 1 }),
      losses: [noon],
      wait: 0,
    },
    {
      name: 'never longer, whatever the clock was',
      given: ready('a'),
      losses: [noon + 9_999],
      wait: 1_000,
    },
  ])('lets a fresh account wait: $name', ({ given, losses, wait }) => {
    expect(Brake.waitFor(noon, losses)(given)).toBe(wait)
  })

  it('counts as fresh who has no warm conversation', () => {
    const all = [ready('a'), ready('b', { live: 1 }), ready('c', { inFlight: 1 })]
    expect(all.map(Brake.isFresh)).toEqual([true, false, true])
  })

  it('keeps to those that are in use, where there are any', () => {
    const [a, b, c] = [ready('a'), ready('b', { live: 1 }), ready('c', { inFlight: 1 })]
    expect(Brake.inUse([a, b, c])).toEqual([b, c])
    expect(Brake.inUse([a])).toEqual([a])
  })
})
