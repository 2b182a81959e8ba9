/** A request's body, opened and changed. Only for a request that cannot go on as it came. */
import * as O from 'fp-ts/Option'
import { fromOption, parseJson } from '../../core/result'
import * as AskedModel from '../../core/request/asked-model'
import * as Body from '../../core/request/body'
import * as Compaction from '../../core/request/compaction'
import * as Headers from '../../core/request/headers'
import { textOf } from './body'
import type { Ports } from './ports'
import type { RouteRequest } from './route-request'

/** The request less its encrypted reasoning; as it was when it holds none or cannot be read. */
export const withoutReasoning = (ports: Expanding, request: RouteRequest): RouteRequest =>
  changed(ports, request, Body.withoutReasoning)

/** The request as it asks for another model. */
export const withModel = (ports: Expanding, request: RouteRequest, model: string): RouteRequest => {
  const { headers, ...other } = changed(ports, request, Body.withModel(model))
  const isHinted = O.isSome(Headers.get(AskedModel.hint)(headers))
  return {
    ...other,
    headers: isHinted ? Headers.set(AskedModel.hint, `model=${model}`)(headers) : headers,
  }
}

/** The model it asks for; a body that is packed is not opened for it. */
export const modelOf = ({ body, headers, purpose }: RouteRequest): O.Option<string> => {
  if (purpose !== 'model') return O.none
  const named = AskedModel.ofHeaders(headers)
  if (O.isSome(named) || O.isSome(Headers.get('content-encoding')(headers))) return named
  return parseJson(textOf(body)).match(AskedModel.ofBody, () => O.none)
}

/** Whether it asks for a compaction; a body that is packed is not opened for it. */
export const asksForCompaction = ({ body, headers, purpose }: RouteRequest): boolean => {
  if (purpose !== 'model') return false
  if (O.isSome(Headers.get('content-encoding')(headers)))
    return Compaction.isAskedInHeaders(headers)
  return parseJson(textOf(body)).match(Compaction.isAskedInBody, () => false)
}

type Expanding = Pick<Ports, 'compression'>

const changed = (
  ports: Expanding,
  request: RouteRequest,
  change: (body: unknown) => O.Option<object>,
): RouteRequest => {
  const encoding = O.getOrElse(() => 'identity')(Headers.get('content-encoding')(request.headers))
  return ports.compression
    .expand(encoding, joined(request.body))
    .andThen((bytes) => parseJson(textOf([bytes])))
    .andThen((body) => fromOption(() => 'nothing to change')(change(body)))
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
