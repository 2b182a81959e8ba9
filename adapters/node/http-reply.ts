/** Carries a reply to the client, at the client's pace. */
import * as O from 'fp-ts/Option'
import type { ServerResponse } from 'node:http'
import type { Result } from 'neverthrow'
import type { Headers } from '../../core/request/headers'
import type { Reply } from '../../ports/http-server'
import type { Body, HttpError } from '../../ports/http'
import { toRaw } from './raw-headers'

export const sendReply = (response: ServerResponse, reply: Reply): void => {
  if (reply._tag === 'Reset') return void response.destroy()
  const { status, headers, body } = reply
  if (isBody(body)) return sendStream(response, status, headers, body)
  response.writeHead(status, toRaw(withLength(headers, body.byteLength, status)))
  response.end(body)
}

const isBody = (body: Body | Uint8Array): body is Body => 'next' in body

/** Never both a length and an encoding: which of them holds is what clients disagree on. */
const withLength = (headers: Headers, length: number, status: number): Headers => {
  const kept = headers.filter(([name]) => name !== 'transfer-encoding')
  const hasLength = kept.some(([name]) => name === 'content-length')
  // An answer without a body has none to measure; one to HEAD says the length it would have.
  if (hasLength || status === 204 || status === 304) return kept
  return [...kept, ['content-length', String(length)]]
}

const isMeasured = (headers: Headers): boolean =>
  headers.some(([name]) => name === 'content-length')

const framedOnce = (headers: Headers): Headers =>
  isMeasured(headers) ? headers.filter(([name]) => name !== 'transfer-encoding') : headers

/**
 * By callbacks, not `await`: this runs for every piece of every answer, and a ResultAsync that is awaited
 * costs two turns of the microtask queue more than one whose `then` is called.
 */
const sendStream = (
  response: ServerResponse,
  status: number,
  headers: Headers,
  body: Body,
): void => {
  let isFull = false
  const fault = (thrown: unknown): void => {
    response.destroy()
    throw thrown // Our own bug.
  }
  const pull = (): void => {
    void body.next().then(onNext, fault)
  }
  const onNext = (next: Result<O.Option<Uint8Array>, HttpError>): void => {
    clearImmediate(flush)
    if (response.destroyed) return
    if (next.isErr()) return cut(response, isMeasured(headers))
    if (O.isNone(next.value)) return void response.end()
    if (response.write(next.value.value)) return pull()
    isFull = true
  }
  response.on('drain', () => {
    if (!isFull) return
    isFull = false
    pull()
  })
  response.on('close', body.cancel)
  response.writeHead(status, toRaw(framedOnce(headers)))
  // The head leaves with the first piece when that is there already, which saves a packet; else now.
  const flush = setImmediate(() => response.flushHeaders())
  pull()
}

/**
 * So that the part is never taken for the whole, also where the end of the connection is the end of the
 * body. The part goes first: what a socket that is destroyed still holds is lost.
 */
const cut = (response: ServerResponse, hasLength: boolean): void => {
  const { socket } = response
  if (socket === null) return void response.destroy()
  const end = (): void => {
    if (hasLength || response.chunkedEncoding) response.destroy()
    else socket.resetAndDestroy()
  }
  response.flushHeaders()
  socket.write('', end)
}
