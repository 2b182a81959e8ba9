/** Reads a stream up to its commit point, within the bounds of core's judgement and of time. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import type { ErrorBody } from '../../core/failover/error-body'
import * as StreamHead from '../../core/failover/stream-head'
import type { Body, HttpError } from '../../ports/http'
import { ofPieces, withHead } from './body'
import type { Ports } from './ports'

export type ReadHead =
  /** The whole body again, from its first byte. */
  | { readonly _tag: 'Good'; readonly body: Body }
  | { readonly _tag: 'Failed'; readonly failure: ErrorBody; readonly body: Body }
  /** Nobody waits for it any more. */
  | { readonly _tag: 'Left' }

type Piece = ResultAsync<O.Option<Uint8Array>, HttpError>

export const readHead = async (ports: Pick<Ports, 'clock'>, body: Body): Promise<ReadHead> => {
  const decided = new AbortController()
  const timeUp = ports.clock
    .sleep(StreamHead.waitMax, { signal: decided.signal, lazy: true })
    .map((): typeof timeIsUp => timeIsUp)
  const head = await readUntil(timeUp, body)
  decided.abort('decided') // A reason, as node else makes an error with a stack for it.
  return head
}

const timeIsUp = 'time-is-up'

const readUntil = async (
  timeUp: ResultAsync<typeof timeIsUp, never>,
  body: Body,
): Promise<ReadHead> => {
  let head = StreamHead.empty
  for (;;) {
    const asked = body.next()
    const first = await Promise.race([asked, timeUp])
    if (first.isOk() && first.value === timeIsUp)
      return { _tag: 'Good', body: withHead(head.pieces, resumed(asked, body)) }
    const piece = await asked
    if (piece.isErr() && piece.error._tag === 'Cancelled') return { _tag: 'Left' }
    if (piece.isErr() || O.isNone(piece.value))
      return { _tag: 'Failed', failure: StreamHead.cutShort(head), body: ofPieces(head.pieces) }
    head = StreamHead.push(piece.value.value)(head)
    const judged = StreamHead.judge(head)
    if (judged._tag !== 'Undecided') return { ...judged, body: withHead(head.pieces, body) }
  }
}

/** A body whose next piece was asked for already. */
const resumed = (first: Piece, body: Body): Body => {
  let isTaken = false
  return {
    next: () => {
      if (isTaken) return body.next()
      isTaken = true
      return first
    },
    cancel: body.cancel,
  }
}
