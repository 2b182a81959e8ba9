/** One call as it came in, decoded, and what a handler says to it. */
import * as O from 'fp-ts/Option'
import type { Reply, ServerRequest } from '../../../ports/http-server'
import type { Instant } from '../../../core/time'
import * as Headers from '../../../core/request/headers'
import { parseJson } from '../../../core/result'
import type { Conversation } from './journal'
import type { Refusal } from './refusal'

export interface Incoming {
  readonly at: Instant
  readonly origin: 'chatgpt' | 'model'
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers.Headers
  readonly body: Uint8Array
  readonly isUpgrade: boolean
}

export type Handler = (incoming: Incoming) => Reply

export const header = (name: string, headers: Headers.Headers): string =>
  O.getOrElse(() => '')(Headers.get(name)(headers))

/** The token of `authorization: Bearer ...`, empty for none. */
export const bearer = (incoming: Incoming): string =>
  /^Bearer (.+)$/i.exec(header('authorization', incoming.headers))?.[1] ?? ''

export const joined = (pieces: ReadonlyArray<Uint8Array>): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  pieces.reduce((at, piece) => {
    whole.set(piece, at)
    return at + piece.length
  }, 0)
  return whole
}

export const read = (
  request: ServerRequest,
  origin: Incoming['origin'],
  at: Instant,
  pieces: ReadonlyArray<Uint8Array>,
): Incoming => {
  const [path = '', ...query] = request.target.split('?')
  return {
    at,
    origin,
    method: request.method,
    path,
    query: new URLSearchParams(query.join('?')),
    headers: request.headers,
    body: joined(pieces),
    isUpgrade: request.isUpgrade,
  }
}

export const conversation = (headers: Headers.Headers): Conversation => ({
  thread: header('thread-id', headers),
  session: header('session-id', headers),
  cacheKey: '',
})

const textOf = (incoming: Incoming): string => new TextDecoder().decode(incoming.body)

export const isForm = (incoming: Incoming): boolean =>
  header('content-type', incoming.headers).startsWith('application/x-www-form-urlencoded')

/** The text fields of a form or of a JSON object; empty for any other body. */
export const fields = (incoming: Incoming): Readonly<Record<string, string>> => {
  const text = textOf(incoming)
  if (isForm(incoming)) return Object.fromEntries(new URLSearchParams(text))
  const value = parseJson(text).unwrapOr(null)
  if (typeof value !== 'object' || value === null) return {}
  const pairs = Object.entries(value as Readonly<Record<string, unknown>>)
  return Object.fromEntries(
    pairs.flatMap(([key, field]) => (typeof field === 'string' ? [[key, field] as const] : [])),
  )
}

export const text = (
  status: number,
  contentType: string,
  body: string,
  headers: Headers.Headers = [],
): Reply => ({
  _tag: 'Reply',
  status,
  headers: [['content-type', contentType], ...headers],
  body: new TextEncoder().encode(body),
})

export const json = (value: unknown, headers: Headers.Headers = [], status = 200): Reply =>
  text(status, 'application/json', JSON.stringify(value), headers)

export const page = (status: number, words: string): Reply =>
  text(status, 'text/html; charset=utf-8', `<!doctype html><title>${words}</title><p>${words}</p>`)

export const redirect = (location: string): Reply => ({
  _tag: 'Reply',
  status: 302,
  headers: [['location', location]],
  body: new Uint8Array(),
})

export const refused = ({ status, headers, body }: Refusal): Reply => ({
  _tag: 'Reply',
  status,
  headers,
  body: new TextEncoder().encode(body),
})
