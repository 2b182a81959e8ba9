/** How a request's head leaves, whoever carries it. */
import * as Headers from '../../core/request/headers'
import type { HttpRequest } from '../../ports/http'

export interface OutgoingHead {
  readonly headers: Headers.Headers
  /** The caller asked for `connection: close`: no kept connection, and never sent twice. */
  readonly isAlone: boolean
}

/** Methods whose request has a body, if an empty one (RFC 9110, 8.6). */
const withBody: ReadonlyArray<string> = ['POST', 'PUT', 'PATCH']

/**
 * The body is whole before it leaves, so its length is known and is what we say, whatever the caller
 * did: a length beside `transfer-encoding`, or a wrong one, is how requests get smuggled.
 */
export const outgoingHead = (
  { method, headers, body }: Pick<HttpRequest, 'method' | 'headers' | 'body'>,
  host: string,
): OutgoingHead => {
  const length = body.reduce((sum, piece) => sum + piece.byteLength, 0)
  const head: Array<readonly [string, string]> = []
  let hasHost = false
  let hasLength = length === 0 && !withBody.includes(method)
  let isAlone = false
  for (const pair of headers) {
    const [name, value] = pair
    if (name === 'transfer-encoding') continue
    if (name === 'content-length') {
      if (hasLength) continue
      hasLength = true
      head.push([name, String(length)])
      continue
    }
    if (name === 'host') hasHost = true
    if (name === 'connection' && value.toLowerCase() === 'close') isAlone = true
    head.push(pair)
  }
  if (!hasHost) head.unshift(['host', host])
  if (!hasLength) head.push(['content-length', String(length)])
  return { headers: head, isAlone }
}
