import * as fc from 'fast-check'
import * as Time from '../../core/time'

describe('iso', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [1_780_000_000_123, '2026-05-28T20:26:40.123Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [8.64e15, '+275760-09-13T00:00:00.000Z'],
    [1e300, '+275760-09-13T00:00:00.000Z'],
    [-Infinity, '-271821-04-20T00:00:00.000Z'],
  ])('%d is %s', (at, expected) => {
    expect(Time.iso(at)).toBe(expected)
  })
})

it('counts Unix time in seconds', () => {
  expect(Time.ofUnixSeconds(1_782_770_922)).toBe(Date.parse('2026-06-29T22:08:42Z'))
})

it('has a minute of 60 seconds, an hour of 60 minutes and a day of 24 hours', () => {
  expect([Time.second, Time.minute, Time.hour, Time.day]).toEqual([
    1_000, 60_000, 3_600_000, 86_400_000,
  ])
})

it('goes a span on from an instant, and finds it again', () => {
  const aNumber = fc.integer({ min: -1e15, max: 1e15 })
  fc.assert(
    fc.property(aNumber, aNumber, (then, span) => {
      expect(Time.since(then, Time.after(then, span))).toBe(span)
      expect(Time.after(then, Time.since(then, span))).toBe(span)
    }),
  )
})

it('is negative for what is still to come', () => {
  expect(Time.since(7, 5)).toBe(-2)
})
