import type * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import type { Headers } from '../core/request/headers'
import type { Body } from './http'

export type ListenError =
  | { readonly _tag: 'PortTaken'; readonly port: number }
  | { readonly _tag: 'ListenFault'; readonly port: number; readonly code: string }

export type UploadError =
  { readonly _tag: 'TooLarge'; readonly bytesMax: number } | { readonly _tag: 'Gone' }

export interface ServerRequest {
  readonly method: string
  /** Path and query as they came, undecoded. */
  readonly target: string
  readonly headers: Headers
  /** True for a request that asks for another protocol; the answer is an ordinary one. */
  readonly isUpgrade: boolean
  /** The whole body in the pieces it came in. */
  readonly read: (bytesMax: number) => ResultAsync<ReadonlyArray<Uint8Array>, UploadError>
  /** Aborted when the client has gone before its answer ended. */
  readonly gone: AbortSignal
  /** Whether the connecting socket belongs to our user; none where the system does not tell. */
  readonly peerIsOurs: () => ResultAsync<O.Option<boolean>, never>
}

export type Reply =
  | {
      readonly _tag: 'Reply'
      readonly status: number
      readonly headers: Headers
      readonly body: Body | Uint8Array
    }
  /** Cuts the connection without an answer. */
  | { readonly _tag: 'Reset' }

export interface Listener {
  readonly port: number
  /** Takes no more requests and ends the open connections. */
  readonly close: () => ResultAsync<void, never>
}

/**
 * A server on a loopback address.
 * Laws, run on every adapter: pieces of a reply's body leave as they come; a body that ends in Err
 * cuts the connection after all that was said, so the client gets the part and never takes it for the
 * whole; port 0 is any free port; a second listener on a port is PortTaken.
 */
export interface HttpServer {
  readonly listen: (
    at: { readonly host: '127.0.0.1' | '::1'; readonly port: number },
    answer: (request: ServerRequest) => ResultAsync<Reply, never>,
  ) => ResultAsync<Listener, ListenError>
}
