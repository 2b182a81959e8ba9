/** Small pieces for tests that speak HTTP, over whichever adapters. */
import * as O from 'fp-ts/Option'
import { err, ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import type { Headers } from '../../core/request/headers'
import type { Body, Http, HttpAnswer, HttpError, HttpLimits, HttpRequest } from '../../ports/http'
import type { HttpServer, Listener, Reply, ServerRequest } from '../../ports/http-server'

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (pieces: ReadonlyArray<Uint8Array>): string => Buffer.concat(pieces).toString()

/** Long enough for a busy machine, where nothing is meant to time out. */
export const patient: HttpLimits = { connectMax: 5_000, firstByteMax: 5_000, stallMax: 5_000 }

export const listenOn = async (
  server: HttpServer,
  answer: (request: ServerRequest) => ResultAsync<Reply, never>,
  port = 0,
): Promise<Listener> => (await server.listen({ host: '127.0.0.1', port }, answer))._unsafeUnwrap()

export const replying =
  (status: number, headers: Headers, body: Body | Uint8Array) => (): ResultAsync<Reply, never> =>
    okAsync({ _tag: 'Reply', status, headers, body })

export const ask = (
  http: Http,
  port: number,
  more: Partial<HttpRequest> & { readonly path?: string } = {},
): ResultAsync<HttpAnswer, HttpError> => {
  const { path = '/', ...rest } = more
  return http.send({
    method: 'GET',
    url: `http://127.0.0.1:${port}${path}`,
    headers: [],
    body: [],
    limits: patient,
    ...rest,
  })
}

/** All pieces to the end, or the error that cut them short together with those before it. */
export const drink = async (
  body: Body,
): Promise<{ readonly pieces: ReadonlyArray<Uint8Array>; readonly error?: HttpError }> => {
  const pieces: Array<Uint8Array> = []
  for (;;) {
    const next = await body.next()
    if (next.isErr()) return { pieces, error: next.error }
    if (O.isNone(next.value)) return { pieces }
    pieces.push(next.value.value)
  }
}

export interface Tap extends Body {
  readonly give: (piece: string) => void
  readonly end: () => void
  readonly cut: () => void
  /** How often it was asked for more, and whether it was cancelled. */
  readonly asked: () => number
  readonly isCancelled: () => boolean
}

type Next = Result<O.Option<Uint8Array>, HttpError>

/** A body that gives what the test turns on, when it does. */
export const tap = (): Tap => {
  const given: Array<Next> = []
  const readers: Array<(next: Next) => void> = []
  let asked = 0
  let isCancelled = false
  const offer = (next: Next): void => {
    const reader = readers.shift()
    if (reader === undefined) given.push(next)
    else reader(next)
  }
  const take = (): Promise<Next> =>
    new Promise((resolve) => {
      const next = given.shift()
      if (next === undefined) readers.push(resolve)
      else resolve(next)
    })
  return {
    asked: () => asked,
    isCancelled: () => isCancelled,
    give: (piece) => offer(ok(O.some(bytes(piece)))),
    end: () => offer(ok(O.none)),
    cut: () => offer(err({ _tag: 'Broken', host: 'upstream', code: 'ECONNRESET' })),
    cancel: () => {
      isCancelled = true
      offer(err({ _tag: 'Cancelled' }))
    },
    next: () => {
      asked += 1
      return new ResultAsync(take())
    },
  }
}
