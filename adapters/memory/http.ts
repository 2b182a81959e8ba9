import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type { Body, Http, HttpAnswer, HttpError, HttpRequest } from '../../ports/http'
import { outgoingHead } from '../shared/http-head'
import { letGo, type Connection, type Exchange, type Network } from './network'
import type { SimulatedProcess } from './scheduler'

export const memoryHttp = (process: SimulatedProcess, network: Network): Http => ({
  send: (request) => new ResultAsync(send(process, network, request)),
})

const cancelled: HttpError = { _tag: 'Cancelled' }

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)

const send = async (
  process: SimulatedProcess,
  network: Network,
  request: HttpRequest,
): Promise<Result<HttpAnswer, HttpError>> => {
  const host = hostOf(request.url)
  const label = `${request.method} ${request.url}`
  const connected = await connect(process, network, request, host, label)
  if (connected.isErr()) return err(connected.error)
  const exchange = connected.value
  process.onEnd(() => letGo(exchange))
  const { limits, signal } = request
  try {
    await process.call(`http.answer ${label}`, () => undefined, {
      ready: () => exchange.head !== undefined || exchange.state === 'Cut',
      after: limits.firstByteMax,
      signal,
    })
  } catch (thrown) {
    letGo(exchange)
    return err({ _tag: 'Broken', host, code: codeOf(thrown) })
  }
  const { head } = exchange
  if (signal?.aborted !== true && head !== undefined) {
    return ok({ ...head, body: bodyOf(process, exchange, request, host, label) })
  }
  letGo(exchange)
  if (signal?.aborted === true) return err(cancelled)
  return err(
    exchange.state === 'Cut'
      ? { _tag: 'Broken', host, code: 'ECONNRESET' }
      : { _tag: 'TimedOut', host, phase: 'first-byte' },
  )
}

const connect = async (
  process: SimulatedProcess,
  network: Network,
  request: HttpRequest,
  host: string,
  label: string,
): Promise<Result<Exchange, HttpError>> => {
  const { method, url, body, signal, limits } = request
  if (!URL.canParse(url)) return err({ _tag: 'Unreachable', host, code: 'ERR_INVALID_URL' })
  const { headers } = outgoingHead(request, host)
  try {
    const connection = await process.call(`http.connect ${label}`, (): Connection | undefined =>
      signal?.aborted === true ? undefined : network.connect({ method, url, headers, body }),
    )
    if (connection === undefined) return err(cancelled)
    if (connection._tag === 'Connected') return ok(connection.exchange)
    if (connection._tag === 'Unreachable')
      return err({ _tag: 'Unreachable', host, code: connection.code })
    await process.call(`http.connecting ${label}`, () => undefined, {
      after: limits.connectMax,
      signal,
      isSteady: true,
    })
    return err(signal?.aborted === true ? cancelled : { _tag: 'TimedOut', host, phase: 'connect' })
  } catch (thrown) {
    return err({ _tag: 'Unreachable', host, code: codeOf(thrown) })
  }
}

const bodyOf = (
  process: SimulatedProcess,
  exchange: Exchange,
  { signal, limits }: HttpRequest,
  host: string,
  label: string,
): Body => {
  let last: Result<O.Option<Uint8Array>, HttpError> | undefined
  const leaving = new AbortController()
  const cancel = (): void => {
    if (last !== undefined) return
    last = err(cancelled)
    signal?.removeEventListener('abort', cancel)
    letGo(exchange)
    leaving.abort()
  }
  signal?.addEventListener('abort', cancel, { once: true })
  const take = (): Result<O.Option<Uint8Array>, HttpError> => {
    const piece = exchange.pieces.shift()
    if (piece !== undefined) return ok(O.some(piece))
    if (exchange.state === 'Complete') return ok(O.none)
    if (exchange.state === 'Cut') return err({ _tag: 'Broken', host, code: 'ECONNRESET' })
    return err({ _tag: 'TimedOut', host, phase: 'stall' })
  }
  const next = async (): Promise<Result<O.Option<Uint8Array>, HttpError>> => {
    if (last !== undefined) return last
    try {
      const taken = await process.call(`http.piece ${label}`, () => last ?? take(), {
        ready: () => exchange.pieces.length > 0 || exchange.state !== 'Open',
        after: limits.stallMax,
        signal: leaving.signal,
      })
      return keep(taken)
    } catch (thrown) {
      return keep(err({ _tag: 'Broken', host, code: codeOf(thrown) }))
    }
  }
  const keep = (
    taken: Result<O.Option<Uint8Array>, HttpError>,
  ): Result<O.Option<Uint8Array>, HttpError> => {
    if (taken.isOk() && O.isSome(taken.value)) return taken
    last ??= taken
    signal?.removeEventListener('abort', cancel)
    letGo(exchange)
    return last
  }
  return { cancel, next: () => new ResultAsync(next()) }
}
