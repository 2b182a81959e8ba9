/**
 * The requests of conversations that are under way, each on the account it went to.
 *
 * A tie is remembered when an answer is good, which is late for what a conversation asks beside it:
 * the title of a new session goes out in the same moment as its first turn. Until then the one follows
 * the other, which would else be kept away by the very load that it makes.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import type { Conversation } from '../request/conversation'
import type { Instant } from '../time'
import type { Tie } from './affinity'

export interface Flight {
  /** Its id. */
  readonly conversation: string
  readonly account: AccountKey
  /** The pool's affinity generation when it began. */
  readonly generation: number
}

/** In the order they began. */
export type Flights = ReadonlyArray<Flight>

export const none: Flights = []

export const begin =
  (flight: Flight) =>
  (flights: Flights): Flights => [...flights, flight]

/** Takes away this very one: a conversation may have two that are alike. */
export const end =
  (flight: Flight) =>
  (flights: Flights): Flights =>
    flights.filter((other) => other !== flight)

/** Warm where the conversation's last one is, or else its parent's; a deliberate `switch` voids it. */
export const tieOf =
  ({ id, parent }: Conversation, generation: number, now: Instant) =>
  (flights: Flights): O.Option<Tie> => {
    if (flights.length === 0) return O.none
    const own = lastOf(id, generation, flights)
    const followed =
      own === undefined && O.isSome(parent) ? lastOf(parent.value, generation, flights) : own
    return followed === undefined
      ? O.none
      : O.some({ account: followed.account, servedAt: now, generation: followed.generation })
  }

const lastOf = (id: string, generation: number, flights: Flights): Flight | undefined =>
  flights.findLast((flight) => flight.conversation === id && flight.generation >= generation)
