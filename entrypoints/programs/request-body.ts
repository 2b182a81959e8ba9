/** A request's body, opened and changed. Only for a request that cannot go on as it came. */
import * as O from 'fp-ts/Option'
import { fromOption, parseJson } from '../../core/result'
import * as Body from '../../core/request/body'
import * as Headers from '../../core/request/headers'
import { textOf } from './body'
import type { Ports } from './ports'
import type { RouteRequest } from './route-request'

/** The request less its encrypted reasoning; as it was when it holds none or cannot be read. */
export const withoutReasoning =
  (ports: Pick<Ports, 'compression'>) =>
  (request: RouteRequest): RouteRequest => {
    const encoding = O.getOrElse(() => 'identity')(Headers.get('content-encoding')(request.headers))
    return ports.compression
      .expand(encoding, joined(request.body))
      .andThen((bytes) => parseJson(textOf([bytes])))
      .andThen((body) => fromOption(() => 'nothing to drop')(Body.withoutReasoning(body)))
      .match(
        (body): RouteRequest => ({
          ...request,
          headers: Headers.without((name) => name === 'content-encoding')(request.headers),
          body: [new TextEncoder().encode(JSON.stringify(body))],
        }),
        () => request,
      )
  }

const joined = (pieces: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
