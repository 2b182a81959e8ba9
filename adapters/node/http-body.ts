/** An answer's body, as its pieces come off the wire. */
import * as O from 'fp-ts/Option'
import type { IncomingMessage } from 'node:http'
import { err, errAsync, ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import type { Millis } from '../../core/time'
import type { Body, HttpError } from '../../ports/http'

type Next = Result<O.Option<Uint8Array>, HttpError>

/** More than this waits in the kernel, and so with the sender: one reader that lags holds no memory. */
const bufferedMax = 65_536

export interface BodyTerms {
  readonly host: string
  readonly stallMax: Millis
  readonly signal: AbortSignal | undefined
  /** Ends the exchange under way. */
  readonly destroy: () => void
}

/**
 * The message flows, and stops flowing only when its reader lags: an answer that nobody waits for costs
 * one listener call a piece, and an unread short one ends by itself and gives its connection back.
 */
export const bodyOf = (message: IncomingMessage, terms: BodyTerms): Body => {
  const { host, stallMax, signal, destroy } = terms
  const pieces: Array<Uint8Array> = []
  let buffered = 0
  let last: Next | undefined
  let reader: ((next: Next) => void) | undefined
  let stall: NodeJS.Timeout | undefined

  const settle = (next: Next): void => {
    if (last !== undefined) return
    last = next
    clearTimeout(stall)
    signal?.removeEventListener('abort', cancel)
    if (reader === undefined) return
    reader(next)
    reader = undefined
  }
  const fail = (error: HttpError): void => settle(err(error))
  const cancel = (): void => {
    if (last !== undefined) return
    pieces.length = 0
    fail({ _tag: 'Cancelled' })
    destroy()
  }
  const onStall = (): void => {
    if (reader === undefined) return // It is our reader that lags, not the sender.
    fail({ _tag: 'TimedOut', host, phase: 'stall' })
    destroy()
  }
  message.on('data', (piece: Uint8Array) => {
    if (reader !== undefined) {
      const waiting = reader
      reader = undefined
      return waiting(ok(O.some(piece)))
    }
    pieces.push(piece)
    buffered += piece.byteLength
    if (buffered >= bufferedMax) message.pause()
  })
  message.once('end', () => settle(ended))
  message.on('error', (error: NodeJS.ErrnoException) =>
    fail({ _tag: 'Broken', host, code: error.code ?? error.name }),
  )
  message.once('close', () => fail({ _tag: 'Broken', host, code: 'ECONNRESET' }))
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted === true) cancel()

  const wait = (): ResultAsync<O.Option<Uint8Array>, HttpError> => {
    if (stall === undefined) stall = setTimeout(onStall, stallMax).unref()
    else stall.refresh()
    return new ResultAsync(
      new Promise<Next>((resolve) => {
        reader = resolve
      }),
    )
  }
  return {
    cancel,
    next: () => {
      const piece = pieces.shift()
      if (piece !== undefined) {
        buffered -= piece.byteLength
        if (buffered < bufferedMax && message.isPaused()) message.resume()
        return okAsync(O.some(piece))
      }
      if (last === undefined) return wait()
      return last.isOk() ? okAsync(last.value) : errAsync(last.error)
    },
  }
}

const ended: Next = ok(O.none)
