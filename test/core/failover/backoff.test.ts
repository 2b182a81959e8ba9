import * as fc from 'fast-check'
import * as Backoff from '../../../core/failover/backoff'
import { day, second } from '../../../core/time'

const nearlyOne = 0.999_999

const failures = fc.integer({ min: -5, max: 5_000 })
const aHint = fc.oneof(
  fc.integer({ min: -day, max: day }),
  fc.double({ noNaN: true }),
  fc.integer({ min: 0, max: 12 * second }),
)
const aDraw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** The most a server may make us wait. */
const clamped = (hint: number): number => Math.min(10 * second, Math.max(0, hint))

describe('a wait', () => {
  it.each([
    { name: 'the first span', failures: 1, hint: 0, draw: nearlyOne, expected: 249 },
    { name: 'doubles', failures: 2, hint: 0, draw: nearlyOne, expected: 499 },
    { name: 'doubles again', failures: 3, hint: 0, draw: nearlyOne, expected: 999 },
    { name: 'grows to two seconds', failures: 4, hint: 0, draw: nearlyOne, expected: 1_999 },
    { name: 'and no further', failures: 400, hint: 0, draw: nearlyOne, expected: 1_999 },
    { name: 'half a draw is half the span', failures: 4, hint: 0, draw: 0.5, expected: 1_000 },
    { name: 'comes on top of a hint', failures: 1, hint: 700, draw: 0.5, expected: 825 },
    { name: 'a hint in the past is none', failures: 1, hint: -700, draw: 0.5, expected: 125 },
    { name: 'a long hint is cut', failures: 1, hint: day, draw: 0, expected: 10_000 },
    { name: 'no failure counts as one', failures: 0, hint: 0, draw: 0.5, expected: 125 },
  ])('$name', ({ failures, hint, draw, expected }) => {
    expect(Backoff.wait(failures, hint, draw)).toBe(expected)
  })
})

describe('laws', () => {
  it('never waits longer than it says it may', () => {
    fc.assert(
      fc.property(failures, aHint, aDraw, (count, hint, draw) => {
        expect(Backoff.wait(count, hint, draw)).toBeLessThanOrEqual(12_000)
      }),
    )
  })

  it('never waits less than the server asked for, up to its bound', () => {
    fc.assert(
      fc.property(failures, aHint, aDraw, (count, hint, draw) => {
        expect(Backoff.wait(count, hint, draw)).toBeGreaterThanOrEqual(clamped(hint))
      }),
    )
  })

  it('waits no less for a longer hint', () => {
    fc.assert(
      fc.property(failures, aHint, aHint, aDraw, (count, one, other, draw) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)]
        expect(Backoff.wait(count, long, draw)).toBeGreaterThanOrEqual(
          Backoff.wait(count, short, draw),
        )
      }),
    )
  })

  it('waits as long as the hint when the draw is 0', () => {
    fc.assert(
      fc.property(failures, aHint, (count, hint) => {
        expect(Backoff.wait(count, hint, 0)).toBe(clamped(hint))
      }),
    )
  })

  it('spreads over a span that does not shrink with the failures', () => {
    fc.assert(
      fc.property(failures, aHint, aDraw, (count, hint, draw) => {
        expect(Backoff.wait(count + 1, hint, draw)).toBeGreaterThanOrEqual(
          Backoff.wait(count, hint, draw),
        )
      }),
    )
  })
})
