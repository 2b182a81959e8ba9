import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Affinity from '../../../core/routing/affinity'
import * as Flights from '../../../core/routing/flights'
import { noon } from '../../support/routing'

const flight = (conversation: string, account: string, generation = 0): Flights.Flight => ({
  conversation,
  account,
  generation,
})

const flying = (...flights: ReadonlyArray<Flights.Flight>): Flights.Flights =>
  flights.reduce((all, one) => Flights.begin(one)(all), Flights.none)

const accountOf = (
  flights: Flights.Flights,
  { id = 'talk', parent = undefined as string | undefined, generation = 0 } = {},
): string | undefined =>
  O.toUndefined(Flights.tieOf({ id, parent: O.fromNullable(parent) }, generation, noon)(flights))
    ?.account

describe('a conversation', () => {
  const both = flying(flight('talk', 'a'), flight('other', 'b'))

  it.each([
    { name: 'follows what it has under way', flights: both, asked: {}, expected: 'a' },
    {
      name: 'follows what it has under way last',
      flights: flying(flight('talk', 'a'), flight('talk', 'b'), flight('other', 'c')),
      asked: {},
      expected: 'b',
    },
    {
      name: 'follows its parent',
      flights: both,
      asked: { id: 'title', parent: 'other' },
      expected: 'b',
    },
    { name: 'follows itself first', flights: both, asked: { parent: 'other' }, expected: 'a' },
    { name: 'follows no child', flights: both, asked: { id: 'parent' } },
    { name: 'follows nobody when none is under way', flights: Flights.none, asked: {} },
    {
      name: 'follows nobody after a deliberate choice',
      flights: flying(flight('talk', 'a', 3)),
      asked: { generation: 4 },
    },
    {
      name: 'follows a younger one after a deliberate choice',
      flights: flying(flight('talk', 'a', 4), flight('talk', 'b', 3)),
      asked: { generation: 4 },
      expected: 'a',
    },
  ])('$name', ({ flights, asked, expected }) => {
    expect(accountOf(flights, asked)).toBe(expected)
  })

  it('that has two alike still has one when the other ends', () => {
    const [first, second] = [flight('talk', 'a'), flight('talk', 'a')]
    const one = Flights.end(first)(flying(first, second))
    expect(accountOf(one)).toBe('a')
    expect(Flights.end(second)(one)).toEqual(Flights.none)
  })
})

describe('laws', () => {
  const aFlight = fc
    .tuple(
      fc.constantFrom('talk', 'other', '__proto__'),
      fc.constantFrom('a', 'b', 'c'),
      fc.integer({ min: 0, max: 2 }),
    )
    .map((row) => flight(...row))
  const someFlights = fc.array(aFlight, { maxLength: 8 })

  it('leaves nothing when all have ended, in whatever order', () => {
    fc.assert(
      fc.property(
        someFlights.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, ending]) => {
          const left = ending.reduce((flights, one) => Flights.end(one)(flights), flying(...all))
          expect(left).toEqual(Flights.none)
        },
      ),
    )
  })

  it('is warm where the one that began last is', () => {
    fc.assert(
      fc.property(someFlights, aFlight, (before, last) => {
        const { account, conversation: id, generation } = last
        const tie = Flights.tieOf({ id, parent: O.none }, generation, noon)(flying(...before, last))
        expect(tie).toEqual(O.some({ account, generation, servedAt: noon }))
        expect(O.exists(Affinity.isWarm(noon))(tie)).toBe(true)
      }),
    )
  })

  it('has no part in what others ask', () => {
    fc.assert(
      fc.property(someFlights, aFlight, (before, { account }) => {
        const flights = flying(...before)
        const more = Flights.begin(flight('stranger', account))(flights)
        expect(accountOf(more)).toEqual(accountOf(flights))
      }),
    )
  })
})
