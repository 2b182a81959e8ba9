import * as fc from 'fast-check'
import { relative } from '../../../core/tui/relative-time'
import { day, hour, minute, second } from '../../../core/time'

const now = 1_790_000_000_000

it.each([
  { span: 0, past: 'now', future: 'now' },
  { span: 999, past: 'now', future: 'now' },
  { span: second, past: '1 s ago', future: 'in 1 s' },
  { span: 90 * second, past: '1 min ago', future: 'in 1 min' },
  { span: 59 * minute, past: '59 min ago', future: 'in 59 min' },
  { span: 2 * hour, past: '2 h ago', future: 'in 2 h' },
  { span: day, past: '1 day ago', future: 'in 1 day' },
  { span: 400 * day, past: '400 days ago', future: 'in 400 days' },
])('$span ms are $past and $future', ({ span, past, future }) => {
  expect(relative(now)(now - span)).toBe(past)
  expect(relative(now)(now + span)).toBe(future)
})

it('is short, whatever a file says', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (at) => {
      expect(relative(now)(at)).toMatch(/^(now|in \S+ \S+|\S+ \S+ ago)$/)
    }),
  )
})
