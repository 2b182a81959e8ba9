import type * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import type { Headers } from '../core/request/headers'
import type { Millis } from '../core/time'

export type HttpError =
  /** Nothing reached the other side: name lookup, route, refused connection, local proxy. */
  | { readonly _tag: 'Unreachable'; readonly host: string; readonly code: string }
  /** The connection broke after the request was under way. */
  | { readonly _tag: 'Broken'; readonly host: string; readonly code: string }
  | {
      readonly _tag: 'TimedOut'
      readonly host: string
      readonly phase: 'connect' | 'first-byte' | 'stall'
    }
  | { readonly _tag: 'Cancelled' }

/**
 * Bytes that arrive bit by bit. `next` is none at the end, and Err when the bytes were cut short.
 * One reader; `cancel` lets go of what is left and may be called at any time, more than once.
 */
export interface Body {
  readonly next: () => ResultAsync<O.Option<Uint8Array>, HttpError>
  readonly cancel: () => void
}

export interface HttpLimits {
  readonly connectMax: Millis
  /** From the request's last byte to the answer's status line. */
  readonly firstByteMax: Millis
  /** Between two pieces of the answer's body. */
  readonly stallMax: Millis
}

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: ReadonlyArray<Uint8Array>
  readonly limits: HttpLimits
  readonly signal?: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/**
 * One HTTP exchange. Redirects are answers like any other; nothing is decoded. Nothing is retried, but
 * for a kept connection that turns out closed before a byte of the answer: it is replaced once. What
 * must never be sent twice says `connection: close`, and gets a connection of its own.
 * Laws, run on every adapter: the body's pieces joined are what was sent; a cut body ends in Err; an
 * aborted signal ends in Cancelled; a request to a closed port is Unreachable.
 */
export interface Http {
  readonly send: (request: HttpRequest) => ResultAsync<HttpAnswer, HttpError>
}
