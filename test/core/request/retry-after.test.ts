import * as O from 'fp-ts/Option'
import * as RetryAfter from '../../../core/request/retry-after'
it.each([
  { message: 'Please try again in 1.5s.', expected: O.some(1_500) },
  { message: 'Please try again in 20ms', expected: O.some(20) },
  { message: 'Please try again in 6m0s.', expected: O.some(360_000) },
  { message: 'Try again in 2 minutes and be patient', expected: O.some(120_000) },
  { message: 'try again in 1h30m', expected: O.some(5_400_000) },
  { message: 'try again in 3 hours 5 min.', expected: O.some(11_100_000) },
  { message: 'try again later', expected: O.none },
  { message: 'try again in 5 moons', expected: O.none },
])('the words: $message', ({ message, expected }) => {
  expect(RetryAfter.inWords(message)).toEqual(expected)
})
