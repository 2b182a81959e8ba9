/**
 * The head of a 200 stream: what comes before its commit point, the first event a person would see.
 *
 * The commonest refusal of the backend arrives inside a 200, so nothing is handed on until the head
 * is judged. The head is bounded; beyond the bound the stream is taken to be good.
 */
import { createParser } from 'eventsource-parser'
import * as O from 'fp-ts/Option'
import { parseJson } from '../result'
import * as RateLimitEvent from '../quota/rate-limit-event'
import type { Snapshot } from '../quota/snapshot'
import type { Instant } from '../time'
import * as ErrorBody from './error-body'
import * as StreamEvent from './stream-event'

export interface Head {
  readonly pieces: ReadonlyArray<Uint8Array>
  readonly bytes: number
}

export const empty: Head = { pieces: [], bytes: 0 }

/** An ordinary head is below 4 kB and two or three events. */
const bytesMax = 64 * 1024
const eventsMax = 64

export const push =
  (piece: Uint8Array) =>
  (head: Head): Head => ({
    pieces: [...head.pieces, piece],
    bytes: head.bytes + piece.length,
  })

/** Looks within the bounds alone, so that it does not matter how the bytes were cut into pieces. */
export const judge = (head: Head): StreamEvent.Judgement => {
  const events = eventsOf(head)
  for (const event of events.slice(0, eventsMax)) {
    const judged = StreamEvent.judge(event)
    if (judged._tag !== 'Undecided') return judged
  }
  return head.bytes > bytesMax || events.length > eventsMax
    ? { _tag: 'Good' }
    : { _tag: 'Undecided' }
}

/** What it tells of the account's quota. */
export const quotaIn =
  (now: Instant) =>
  (head: Head): O.Option<Snapshot> =>
    eventsOf(head).reduce<O.Option<Snapshot>>((known, event) => {
      const told = RateLimitEvent.snapshot(now)(event)
      return O.isSome(told) ? told : known
    }, O.none)

/** The stream ended, or broke, before its commit point. */
export const cutShort = (head: Head): ErrorBody.ErrorBody => ({
  ...ErrorBody.none,
  code: head.bytes === 0 ? 'stream_empty' : 'stream_cut',
})

/** What cannot be read is there as nothing at all. */
const eventsOf = (head: Head): ReadonlyArray<unknown> => {
  const events: Array<unknown> = []
  const parser = createParser({
    onEvent: ({ data }) => events.push(parseJson(data).unwrapOr(undefined)),
  })
  const decoder = new TextDecoder()
  let bytesLeft = bytesMax
  for (const piece of head.pieces) {
    parser.feed(decoder.decode(piece.subarray(0, bytesLeft), { stream: true }))
    bytesLeft = Math.max(0, bytesLeft - piece.length)
  }
  return events
}
