/** A request as a door hands it to the engine. */
import type * as O from 'fp-ts/Option'
import type { Client } from '../../core/failover/answer'
import type { Purpose } from '../../core/failover/run'
import type { Conversation } from '../../core/request/conversation'
import type { Headers } from '../../core/request/headers'

export interface RouteRequest {
  readonly purpose: Purpose
  readonly client: Client
  readonly method: string
  /** Path and query below the backend's base, as `/codex/responses`. */
  readonly path: string
  readonly headers: Headers
  readonly body: ReadonlyArray<Uint8Array>
  readonly conversation: O.Option<Conversation>
  readonly gone: AbortSignal
}
