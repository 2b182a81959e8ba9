/**
 * A circuit breaker: three failures within a minute keep an account out for 30 s, then one request
 * tries it. When that one is answered the account is back; when it fails, it is out again.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { after, minute, second, since, type Instant, type Millis } from '../time'

export type Circuit =
  /** The failures that still count, oldest first. */
  | { readonly _tag: 'Closed'; readonly failures: ReadonlyArray<Instant> }
  | { readonly _tag: 'Open'; readonly until: Instant }
  /** One request is trying it; when nothing is heard of that until then, another may. */
  | { readonly _tag: 'Probing'; readonly until: Instant }

const failuresMax = 3
const failuresWithin: Millis = minute
const openFor: Millis = 30 * second
/** As long as a request may take to its first event, within reason. */
const probeFor: Millis = minute

export const closed: Circuit = { _tag: 'Closed', failures: [] }

/** Until when no request goes there. One from a clock that was far ahead holds nobody. */
export const heldUntil =
  (now: Instant) =>
  (circuit: Circuit): O.Option<Instant> =>
    circuit._tag !== 'Closed' && now < circuit.until && since(now, circuit.until) <= probeFor
      ? O.some(circuit.until)
      : O.none

export const isOpen =
  (now: Instant) =>
  (circuit: Circuit): boolean =>
    O.isSome(heldUntil(now)(circuit))

/** A request goes there: after the wait it is the one that tries. */
export const sent =
  (now: Instant) =>
  (circuit: Circuit): Circuit =>
    circuit._tag === 'Closed' || isOpen(now)(circuit)
      ? circuit
      : { _tag: 'Probing', until: after(now, probeFor) }

/** `mayOpen` is false where too many others are out already. */
export const failed =
  (now: Instant, mayOpen: boolean) =>
  (circuit: Circuit): Circuit => {
    switch (circuit._tag) {
      case 'Closed': {
        const recent = circuit.failures.filter((at) => Math.abs(since(at, now)) < failuresWithin)
        const failures = [...recent, now].slice(-failuresMax)
        return failures.length >= failuresMax && mayOpen
          ? opened(now)
          : { _tag: 'Closed', failures }
      }
      // One that went out before it opened says nothing new.
      case 'Open':
        return isOpen(now)(circuit) ? circuit : opened(now)
      case 'Probing':
        return opened(now)
    }
  }

const opened = (now: Instant): Circuit => ({ _tag: 'Open', until: after(now, openFor) })

export const storedForm = t.union(
  [
    t.type({ _tag: t.literal('Closed'), failures: t.readonlyArray(t.number) }),
    t.type({ _tag: t.union([t.literal('Open'), t.literal('Probing')]), until: t.number }),
  ],
  'Circuit',
)
