import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type { Http, HttpAnswer, HttpError, HttpRequest } from '../../ports/http'
import { outgoingHead, type OutgoingHead } from '../shared/http-head'
import { bodyOf } from './http-body'
import { nodeRoutes, type Route } from './http-routes'
import type { Environment } from './outbound-proxy'
import { fromRaw, toRaw } from './raw-headers'

/** `environment` says which proxy and which certificates; a loopback address is reached directly. */
export const nodeHttp = (environment: Environment): Http => {
  const routes = nodeRoutes(environment)
  return {
    send: (request) => {
      let url: URL
      try {
        url = new URL(request.url)
      } catch {
        return new ResultAsync(unreachable(request.url, 'ERR_INVALID_URL'))
      }
      const head = outgoingHead(request, url.host)
      try {
        const route = routes(url)
        return new ResultAsync(
          'then' in route
            ? route.then(
                (found) => sendOver(found, url, request, head),
                (thrown) => unreachable(url.host, codeOf(thrown)),
              )
            : sendOver(route, url, request, head),
        )
      } catch (thrown) {
        return new ResultAsync(unreachable(url.host, codeOf(thrown)))
      }
    },
  }
}

type Answered = Result<HttpAnswer, HttpError>

const unreachable = async (host: string, code: string): Promise<Answered> =>
  err({ _tag: 'Unreachable', host, code })

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'

const sendOver = async (
  route: Route,
  url: URL,
  request: HttpRequest,
  head: OutgoingHead,
): Promise<Answered> => {
  if (head.isAlone) return (await exchange(route, route.fresh, url, request, head)).answered
  const first = await exchange(route, route.kept, url, request, head)
  if (!first.wasStale) return first.answered
  return (await exchange(route, route.fresh, url, request, head)).answered
}

interface Exchanged {
  readonly answered: Answered
  /** A kept connection turned out closed: it ended without a byte of an answer. */
  readonly wasStale: boolean
}

/** Answer heads of the real backend carry several cookies and policies; node's own limit is 16 KiB. */
const headBytesMax = 65_536

const start = (
  { request }: Route,
  agent: Route['kept'],
  url: URL,
  { method }: HttpRequest,
  head: OutgoingHead,
): ClientRequest =>
  request({
    agent,
    method,
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    headers: toRaw(head.headers),
    maxHeaderSize: headBytesMax,
  })

const exchange = (
  route: Route,
  agent: Route['kept'],
  url: URL,
  request: HttpRequest,
  head: OutgoingHead,
): Promise<Exchanged> =>
  new Promise((resolve) => {
    const { host } = url
    const { limits, signal } = request
    if (signal?.aborted === true) return resolve(failed({ _tag: 'Cancelled' }))
    let client: ClientRequest
    try {
      client = start(route, agent, url, request, head)
    } catch (thrown) {
      return resolve(failed({ _tag: 'Unreachable', host, code: codeOf(thrown) })) // No such header or port.
    }
    const progress: Progress = { isConnected: false, bytesBefore: 0, refusal: undefined }
    let phase: 'connect' | 'first-byte' = 'connect'
    let timer: NodeJS.Timeout | undefined
    let bytesSent = 0

    const settle = (exchanged: Exchanged): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(exchanged)
    }
    const giveUp = (error: HttpError): void => {
      settle(failed(error))
      client.destroy()
    }
    const onAbort = (): void => giveUp({ _tag: 'Cancelled' })
    const onTime = (): void => {
      const sent = sentBy(client)
      if (phase === 'first-byte' && !client.writableFinished && sent > bytesSent) {
        bytesSent = sent // A long body on a slow line: it moves, so it may go on.
        timer?.refresh()
        return
      }
      giveUp({ _tag: 'TimedOut', host, phase })
    }
    const onConnected = (): void => {
      progress.isConnected = true
      phase = 'first-byte'
      clearTimeout(timer)
      timer = setTimeout(onTime, limits.firstByteMax)
    }
    timer = setTimeout(onTime, limits.connectMax)
    signal?.addEventListener('abort', onAbort)
    watchConnection(client, url, progress, onConnected)
    client.once('finish', () => {
      if (progress.isConnected) timer?.refresh()
    })
    client.on('error', (error) => settle(faultOf(client, host, progress, error)))
    client.once('close', () => settle(failed({ _tag: 'Broken', host, code: 'ECONNRESET' })))
    client.once('response', (message) => {
      if (progress.refusal !== undefined) {
        return giveUp({ _tag: 'Unreachable', host, code: progress.refusal })
      }
      settle({ wasStale: false, answered: ok(answerOf(message, client, host, request)) })
    })
    write(client, request.body)
  })

interface Progress {
  isConnected: boolean
  /** What the connection had read for the exchanges before. */
  bytesBefore: number
  /** Why the proxy would not connect us. */
  refusal: string | undefined
}

const failed = (error: HttpError): Exchanged => ({ answered: err(error), wasStale: false })

const watchConnection = (
  client: ClientRequest,
  url: URL,
  progress: Progress,
  onConnected: () => void,
): void => {
  client.once('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
    if (statusCode !== 200) progress.refusal = `PROXY_${statusCode}`
  })
  client.once('socket', (socket: Socket) => {
    progress.bytesBefore = socket.bytesRead
    if (client.reusedSocket) return onConnected()
    if (url.protocol === 'https:') socket.once('secureConnect', onConnected)
    else if (socket.connecting) socket.once('connect', onConnected)
    else onConnected()
  })
}

/** Until the connection stands, TLS included, nothing of the request has left. */
const faultOf = (
  client: ClientRequest,
  host: string,
  progress: Progress,
  error: NodeJS.ErrnoException,
): Exchanged => {
  const code = error.code ?? error.name
  if (!progress.isConnected || progress.refusal !== undefined) {
    return failed({ _tag: 'Unreachable', host, code: progress.refusal ?? code })
  }
  const wasStale =
    client.reusedSocket &&
    (code === 'ECONNRESET' || code === 'EPIPE') &&
    (client.socket?.bytesRead ?? 0) <= progress.bytesBefore
  return { answered: err({ _tag: 'Broken', host, code }), wasStale }
}

const answerOf = (
  message: IncomingMessage,
  client: ClientRequest,
  host: string,
  { limits, signal }: HttpRequest,
): HttpAnswer => ({
  status: message.statusCode ?? 0,
  headers: fromRaw(message.rawHeaders),
  body: bodyOf(message, {
    host,
    signal,
    stallMax: limits.stallMax,
    destroy: () => client.destroy(),
  }),
})

const sentBy = ({ socket }: ClientRequest): number =>
  socket === null ? 0 : socket.bytesWritten - socket.writableLength

/** Piece by piece, each once the line has room: a long prompt is never copied into one. */
const write = (client: ClientRequest, body: ReadonlyArray<Uint8Array>): void => {
  const last = body.length - 1
  if (last < 0) return void client.end()
  let at = 0
  const more = (): void => {
    while (at < last) {
      at += 1
      if (!client.write(body[at - 1])) return void client.once('drain', more)
    }
    client.end(body[last])
  }
  more()
}
