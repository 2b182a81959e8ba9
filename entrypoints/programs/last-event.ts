/**
 * The stream of a model's answer ends with its last event, whatever its connection does then: one that
 * is kept open would hold the client, and one that breaks would have it ask for the whole once more.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { Fields } from '../../core/request/fields'
import * as Response from '../../core/request/response'
import type { Millis } from '../../core/time'
import type { Body } from '../../ports/http'
import type { BodyOf } from './body'
import type { Deadline, Deadlines } from './deadlines'
import { overheard } from './event-reader'

/** The stream ended before its last event, however cleanly; a host may try the whole call again. */
export interface ConnectionLost {
  readonly _tag: 'ConnectionLost'
}

/** What ends by then leaves its connection to the next request. */
const lingersMax: Millis = 250

export const toLastEvent = (
  lingers: Deadlines,
  body: Body,
  onEvent: (event: Fields) => void,
): BodyOf<ConnectionLost> => {
  let isWhole = false
  let deadline: Deadline | undefined
  const heard = overheard(body, (event) => {
    isWhole ||= Response.isEnding(event) || Response.failureOf(event) !== undefined
    onEvent(event)
  })
  const lost = (): ResultAsync<never, ConnectionLost> => errAsync({ _tag: 'ConnectionLost' })
  const rest = async (): Promise<O.Option<Uint8Array>> => {
    deadline ??= lingers.start(lingersMax)
    const next = await Promise.race([body.next(), deadline.passed])
    if (next !== 'passed' && next.isOk() && O.isSome(next.value)) return next.value
    deadline.end()
    body.cancel()
    return O.none
  }
  return {
    next: () =>
      isWhole
        ? ResultAsync.fromSafePromise(rest())
        : heard
            .next()
            .orElse(lost)
            .andThen((piece) => (O.isSome(piece) ? okAsync(piece) : lost())),
    cancel: body.cancel,
  }
}
