/** An answer's body, as its pieces come off the wire. */
import * as O from 'fp-ts/Option'
import type { IncomingMessage } from 'node:http'
import { err, errAsync, ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import type { Body, HttpError } from '../../ports/http'

type Next = Result<O.Option<Uint8Array>, HttpError>

/** More than this waits in the kernel, and so with the sender: a reader that lags holds no memory. */
const bufferedMax = 65_536

/** How the exchange hears of its body. */
export interface BodyEvents {
  /** A reader waits, and no piece is there. */
  readonly onWait: () => void
  readonly onPiece: () => void
  /** It has ended, well or badly; said once. */
  readonly onEnd: (isWhole: boolean) => void
}

export interface FailingBody extends Body {
  /** Ends it, for its reader, with this error, if it has not ended. */
  readonly fail: (error: HttpError) => void
}

/**
 * The message flows, and stops flowing only when its reader lags: an answer somebody waits for costs one
 * listener call a piece, and an unread short one ends by itself and gives its connection back.
 */
export const bodyOf = (message: IncomingMessage, host: string, events: BodyEvents): FailingBody => {
  const pieces: Array<Uint8Array> = []
  let buffered = 0
  let last: Next | undefined
  let reader: ((next: Next) => void) | undefined

  const settle = (next: Next): void => {
    if (last !== undefined) return
    last = next
    events.onEnd(next.isOk())
    reader?.(next)
    reader = undefined
  }
  const fail = (error: HttpError): void => settle(err(error))
  message.on('data', (piece: Uint8Array) => {
    if (last !== undefined) return
    if (reader !== undefined) {
      const waiting = reader
      reader = undefined
      events.onPiece()
      return waiting(ok(O.some(piece)))
    }
    pieces.push(piece)
    buffered += piece.byteLength
    if (buffered >= bufferedMax) message.pause()
  })
  message.on('end', () => settle(ended))
  message.on('error', (error: NodeJS.ErrnoException) =>
    fail({ _tag: 'Broken', host, code: error.code ?? error.name }),
  )
  message.on('close', () => {
    if (last === undefined) fail({ _tag: 'Broken', host, code: 'ECONNRESET' })
  })
  const wait = (resolve: (next: Next) => void): void => {
    reader = resolve
    events.onWait()
  }
  return {
    fail,
    cancel: () => {
      pieces.length = 0
      fail({ _tag: 'Cancelled' })
    },
    next: () => {
      const piece = pieces.shift()
      if (piece !== undefined) {
        buffered -= piece.byteLength
        if (buffered < bufferedMax && message.isPaused()) message.resume()
        return okAsync(O.some(piece))
      }
      if (last === undefined) return new ResultAsync(new Promise(wait))
      return last.isOk() ? okAsync(last.value) : errAsync(last.error)
    },
  }
}

const ended: Next = ok(O.none)
