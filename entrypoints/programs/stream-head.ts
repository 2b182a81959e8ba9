/** Reads a stream up to its commit point, within the bounds of core's judgement and of time. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import type { ErrorBody } from '../../core/failover/error-body'
import * as StreamHead from '../../core/failover/stream-head'
import { second, since, type Millis } from '../../core/time'
import type { Body, HttpError } from '../../ports/http'
import { ofPieces, withHead } from './body'
import { openDeadlines, type Deadline, type Deadlines, type Passed } from './deadlines'
import type { Ports } from './ports'

export type ReadHead =
  /** The whole body again, from its first byte. */
  | { readonly _tag: 'Good'; readonly body: Body }
  | {
      readonly _tag: 'Failed'
      readonly failure: ErrorBody
      readonly head: StreamHead.Head
      readonly body: Body
    }
  /** Nobody waits for it any more. */
  | { readonly _tag: 'Left' }

export interface Heads {
  /** For no longer than `waitMax`; what is still undecided then counts as good. */
  readonly read: (body: Body, waitMax: Millis) => Promise<ReadHead>
}

type Piece = ResultAsync<O.Option<Uint8Array>, HttpError>

export const openHeads = (ports: Pick<Ports, 'clock'>): Heads => {
  const deadlines = openDeadlines(ports)
  return {
    read: async (body, waitMax) => {
      const deadline = startAwake(ports, deadlines, waitMax)
      const head = await readUntil(deadline.passed, body)
      deadline.end()
      return head
    },
  }
}

/** A timer later than this tells that the process stood still, as on a machine that slept. */
const latenessMax: Millis = second

/** The span begins anew after a standstill, as the silence was our own: the answer may lie there unread. */
const startAwake = (
  { clock }: Pick<Ports, 'clock'>,
  deadlines: Deadlines,
  span: Millis,
): Deadline => {
  let deadline = deadlines.start(span)
  const pass = async (): Promise<Passed> => {
    for (;;) {
      const begun = clock.now()
      const passed = await deadline.passed
      if (since(begun, clock.now()) <= span + latenessMax) return passed
      deadline = deadlines.start(span)
    }
  }
  return { passed: pass(), end: () => deadline.end() }
}

const readUntil = async (timeUp: Promise<Passed>, body: Body): Promise<ReadHead> => {
  let head = StreamHead.empty
  for (;;) {
    const asked = body.next()
    const first = await Promise.race([asked, timeUp])
    if (first === 'passed')
      return { _tag: 'Good', body: withHead(head.pieces, resumed(asked, body)) }
    const piece = await asked
    if (piece.isErr() && piece.error._tag === 'Cancelled') return { _tag: 'Left' }
    if (piece.isErr() || O.isNone(piece.value))
      return {
        _tag: 'Failed',
        failure: StreamHead.cutShort(head),
        head,
        body: ofPieces(head.pieces),
      }
    head = StreamHead.push(piece.value.value)(head)
    const judged = StreamHead.judge(head)
    const whole = withHead(head.pieces, body)
    if (judged._tag === 'Good') return { _tag: 'Good', body: whole }
    if (judged._tag === 'Failed') return { ...judged, head, body: whole }
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
