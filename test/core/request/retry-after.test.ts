import * as O from 'fp-ts/Option'
import * as RetryAfter from '../../../core/request/retry-after'
import { second } from '../../../core/time'
import { noon } from '../../support/routing'

const dated = (ahead: number): string => new Date(noon + ahead).toUTCString()

it.each<{ name: string; headers: Readonly<Record<string, string>>; wait: number }>([
  { name: 'nothing', headers: {}, wait: 0 },
  { name: 'seconds', headers: { 'retry-after': '1.5' }, wait: 1_500 },
  {
    name: 'milliseconds before seconds',
    headers: { 'retry-after-ms': '20', 'retry-after': '2' },
    wait: 20,
  },
  {
    name: 'seconds where the milliseconds are none',
    headers: { 'retry-after-ms': '0', 'retry-after': '2' },
    wait: 2_000,
  },
  {
    name: 'seconds where the milliseconds are no number',
    headers: { 'retry-after-ms': 'soon', 'retry-after': '2' },
    wait: 2_000,
  },
  { name: 'a date', headers: { 'retry-after': dated(90 * second) }, wait: 90_000 },
  { name: 'a date that has passed', headers: { 'retry-after': dated(-second) }, wait: 0 },
  { name: 'a date of no zone', headers: { 'retry-after': '2999-01-01' }, wait: 0 },
  { name: 'less than nothing', headers: { 'retry-after': '-3' }, wait: 0 },
])('a header that says $name', ({ headers, wait }) => {
  expect(RetryAfter.of(noon, Object.entries(headers))).toBe(wait)
})

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
