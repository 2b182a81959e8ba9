import * as fc from 'fast-check'
import type { Fields } from '../../../core/request/fields'
import { openEventReader, openEventSieve } from '../../../entrypoints/programs/event-reader'

const mark = 'response.failed'

const anEvent: fc.Arbitrary<Fields> = fc.record({
  type: fc.constantFrom(mark, 'response.output_text.delta', 'response.created'),
  text: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(`${mark}\n\n`, 'ü\r\n')),
})

const aLineEnd = fc.constantFrom('\n', '\r\n')

const written = (events: ReadonlyArray<Fields>, end: string): Uint8Array =>
  new TextEncoder().encode(
    events
      .map((event) => `event: ${event['type']}${end}data: ${JSON.stringify(event)}${end}${end}`)
      .join(''),
  )

const cutAt = (bytes: Uint8Array, places: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length]
  const sorted = cuts.toSorted((a, b) => a - b)
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end))
}

it('hears of marked events what a reader of all events does, however the bytes are cut', () => {
  let heardAny = 0
  fc.assert(
    fc.property(
      fc.array(anEvent, { maxLength: 8 }),
      fc.array(fc.nat(2_000), { maxLength: 12 }),
      aLineEnd,
      (events, places, end) => {
        const all: Array<Fields> = []
        const sifted: Array<Fields> = []
        const reader = openEventReader((event) => all.push(event))
        const sieve = openEventSieve([/response\.failed/], (event) => sifted.push(event))
        for (const piece of cutAt(written(events, end), places)) {
          reader.read(piece)
          sieve.read(piece)
        }
        const isMarked = (event: Fields): boolean => JSON.stringify(event).includes(mark)
        expect(all).toEqual(events)
        expect(sifted.filter(isMarked)).toEqual(events.filter(isMarked))
        heardAny += sifted.length
      },
    ),
  )
  expect(heardAny).toBeGreaterThan(0)
})

it('lets go of an event without an end, and hears the next', () => {
  const heard: Array<Fields> = []
  const sieve = openEventSieve([/response\.failed/], (event) => heard.push(event))
  const text = new TextEncoder()
  const part = text.encode('x'.repeat(64 * 1024))
  sieve.read(text.encode('data: "'))
  for (let parts = 0; parts < 40; parts += 1) sieve.read(part)
  sieve.read(text.encode(`"\n\ndata: {"type":"${mark}"}\n\n`))
  expect(heard).toEqual([{ type: mark }])
})
