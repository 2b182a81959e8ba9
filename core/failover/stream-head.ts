/**
 * The head of a 200 stream: what comes before its commit point, the first event a person would see.
 *
 * The commonest refusal of the backend arrives inside a 200, so nothing is handed on until the head
 * is judged. The head is bounded; beyond the bound the stream is taken to be good.
 */
import { createParser } from 'eventsource-parser'
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { decode, parseJson } from '../result'
import * as RateLimitEvent from '../quota/rate-limit-event'
import type { Snapshot } from '../quota/snapshot'
import type { Instant } from '../time'
import * as ErrorBody from './error-body'
import * as Verdict from './verdict'

export interface Head {
  readonly pieces: ReadonlyArray<Uint8Array>
  readonly bytes: number
}

export type Judgement =
  | { readonly _tag: 'Undecided' }
  | { readonly _tag: 'Good' }
  | { readonly _tag: 'Failed'; readonly failure: ErrorBody.ErrorBody }

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
export const judge = (head: Head): Judgement => {
  const events = eventsOf(head)
  for (const event of events.slice(0, eventsMax)) {
    const judged = judgeEvent(event)
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
    eventsOf(head).reduce<O.Option<Snapshot>>((known, payload) => {
      const told = RateLimitEvent.snapshot(now)(payload)
      return O.isSome(told) ? told : known
    }, O.none)

/** The stream ended, or broke, before its commit point. */
export const cutShort = (head: Head): ErrorBody.ErrorBody => ({
  ...ErrorBody.none,
  code: head.bytes === 0 ? 'stream_empty' : 'stream_cut',
})

/** Events that say a turn is under way and show nothing; any other one is taken to show something. */
const silentTypes: ReadonlyArray<string> = [
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.metadata',
  'response.content_part.added',
  'codex.rate_limits',
  'keepalive',
]
/** Items that show nothing: a message once it is only announced, and reasoning but for its summary. */
const silentItems: ReadonlyArray<readonly [type: string, item: string]> = [
  ['response.output_item.added', 'message'],
  ['response.output_item.added', 'reasoning'],
  ['response.output_item.done', 'reasoning'],
]

/** Of an event, and of the item in one. */
const typeForm = t.type({ type: t.string }, 'Typed')
const partsForm = t.partial({ item: t.unknown, response: t.unknown }, 'EventParts')

const typeOf = (json: unknown): string | undefined =>
  decode(typeForm)(json).match(
    ({ type }) => type,
    () => undefined,
  )

const partsOf = (event: unknown): t.TypeOf<typeof partsForm> =>
  decode(partsForm)(event).unwrapOr({})

const judgeEvent = (payload: string): Judgement => {
  const event = parseJson(payload).unwrapOr(undefined)
  const type = typeOf(event)
  // Clients skip what they cannot read, so it shows nothing.
  if (type === undefined || silentTypes.includes(type)) return { _tag: 'Undecided' }
  if (type === 'response.failed')
    return { _tag: 'Failed', failure: ErrorBody.ofJson(partsOf(event).response) }
  if (type === 'response.incomplete') return ofIncomplete(partsOf(event).response)
  if (type === 'error') return { _tag: 'Failed', failure: ErrorBody.ofJson(event) }
  const items = silentItems.filter(([of]) => of === type)
  return items.length > 0 && items.some(([, item]) => item === typeOf(partsOf(event).item))
    ? { _tag: 'Undecided' }
    : { _tag: 'Good' }
}

const incompleteForm = t.partial({ incomplete_details: t.unknown, error: t.unknown }, 'Incomplete')
const detailsForm = t.partial({ reason: t.string, message: t.string }, 'IncompleteDetails')

/** An answer that a limit has ended before it showed anything is a refusal; any other is an answer. */
const ofIncomplete = (response: unknown): Judgement => {
  const parts: t.TypeOf<typeof incompleteForm> = decode(incompleteForm)(response).unwrapOr({})
  const details: t.TypeOf<typeof detailsForm> = decode(detailsForm)(
    parts.incomplete_details,
  ).unwrapOr({})
  const told = ErrorBody.ofJson({ error: parts.error })
  const failure: ErrorBody.ErrorBody = {
    ...told,
    code: told.code === '' ? (details.reason ?? '') : told.code,
    message: told.message === '' ? (details.message ?? '') : told.message,
  }
  return Verdict.isLimit(failure)
    ? { _tag: 'Failed', failure: { ...failure, code: limitCode(failure) } }
    : { _tag: 'Good' }
}

/** A limit that is told in words alone. */
const limitCode = ({ code }: ErrorBody.ErrorBody): string =>
  Verdict.isLimit({ ...ErrorBody.none, code }) ? code : 'usage_limit_reached'

const eventsOf = (head: Head): ReadonlyArray<string> => {
  const events: Array<string> = []
  const parser = createParser({ onEvent: (event) => events.push(event.data) })
  const decoder = new TextDecoder()
  let bytesLeft = bytesMax
  for (const piece of head.pieces) {
    parser.feed(decoder.decode(piece.subarray(0, bytesLeft), { stream: true }))
    bytesLeft = Math.max(0, bytesLeft - piece.length)
  }
  return events
}
