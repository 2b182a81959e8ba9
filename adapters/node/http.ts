import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type { Http, HttpAnswer, HttpError, HttpRequest } from '../../ports/http'
import { outgoingHead, type OutgoingHead } from '../shared/http-head'
import { bodyOf, type FailingBody } from './http-body'
import { nodeRoutes, type Route } from './http-routes'
import type { Environment } from './outbound-proxy'
import { fromRaw, toRaw } from './raw-headers'
import { watchdog } from './watchdog'

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
    if (request.signal?.aborted === true) return resolve(failed({ _tag: 'Cancelled' }))
    try {
      const client = start(route, agent, url, request, head)
      attend(client, url, request, resolve)
      write(client, request.body)
    } catch (thrown) {
      // There is no such header, method or port, so nothing has left.
      resolve(failed({ _tag: 'Unreachable', host: url.host, code: codeOf(thrown) }))
    }
  })

/** From the first packet to the last byte of the answer: one deadline and one listener for the signal. */
const attend = (
  client: ClientRequest,
  url: URL,
  { limits, signal }: HttpRequest,
  resolve: (exchanged: Exchanged) => void,
): void => {
  const { host } = url
  const progress: Progress = {
    phase: 'connect',
    bytesBefore: 0,
    bytesSent: 0,
    refusal: undefined,
  }
  let body: FailingBody | undefined

  const end = (): void => {
    deadline.end()
    signal?.removeEventListener('abort', onAbort)
  }
  const settle = (error: HttpError, wasStale = false): void => {
    if (body !== undefined) return error._tag === 'Cancelled' ? body.cancel() : body.fail(error)
    end()
    resolve({ answered: err(error), wasStale })
  }
  const giveUp = (error: HttpError): void => {
    settle(error)
    client.destroy()
  }
  const onAbort = (): void => giveUp({ _tag: 'Cancelled' })
  const deadline = watchdog(() => {
    if (isMoving(client, progress)) deadline.arm(limits.firstByteMax)
    else giveUp({ _tag: 'TimedOut', host, phase: progress.phase })
  })
  deadline.arm(limits.connectMax)
  signal?.addEventListener('abort', onAbort)
  watchConnection(client, url, progress, () => {
    progress.phase = 'first-byte'
    deadline.arm(limits.firstByteMax)
  })
  client.on('finish', () => {
    if (progress.phase === 'first-byte') deadline.arm(limits.firstByteMax)
  })
  client.on('error', (error) => {
    const { fault, wasStale } = faultOf(client, host, progress, error)
    settle(fault, wasStale)
  })
  // Once there is an answer, its body says how it ends: under Bun this comes with the first piece.
  client.on('close', () => {
    if (body === undefined) settle({ _tag: 'Broken', host, code: 'ECONNRESET' })
  })
  client.on('response', (message) => {
    // Of a proxy alone (RFC 9110, 15.5.8): Bun tells of no CONNECT, and gives its refusal as the answer.
    if (message.statusCode === 407) progress.refusal = 'PROXY_407'
    if (progress.refusal !== undefined) {
      return giveUp({ _tag: 'Unreachable', host, code: progress.refusal })
    }
    progress.phase = 'stall'
    deadline.disarm()
    body = bodyOf(message, host, {
      onWait: () => deadline.arm(limits.stallMax),
      onPiece: deadline.disarm,
      onEnd: (isWhole) => {
        end()
        if (!isWhole) client.destroy()
      },
    })
    const headers = fromRaw(message.rawHeaders)
    resolve({ wasStale: false, answered: ok({ status: message.statusCode ?? 0, headers, body }) })
  })
}

interface Progress {
  phase: 'connect' | 'first-byte' | 'stall'
  /** What the connection had read for the exchanges before. */
  bytesBefore: number
  bytesSent: number
  /** Why the proxy would not connect us. */
  refusal: string | undefined
}

const failed = (error: HttpError): Exchanged => ({ answered: err(error), wasStale: false })

/** A long body on a slow line is still on its way: the time for the answer has not begun. */
const isMoving = (client: ClientRequest, progress: Progress): boolean => {
  if (progress.phase !== 'first-byte' || client.writableFinished) return false
  const sent = sentBy(client)
  const isMore = sent > progress.bytesSent
  progress.bytesSent = sent
  return isMore
}

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

/** What these say comes before there is a connection, of which Bun does not tell. */
const unconnectedCodes: ReadonlyArray<string> = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

/** Until the connection stands, TLS included, nothing of the request has left. */
const faultOf = (
  client: ClientRequest,
  host: string,
  progress: Progress,
  error: NodeJS.ErrnoException,
): { readonly fault: HttpError; readonly wasStale: boolean } => {
  const code = error.code ?? error.name
  const isUnconnected = progress.phase === 'connect' || unconnectedCodes.includes(code)
  if (isUnconnected || progress.refusal !== undefined) {
    return {
      fault: { _tag: 'Unreachable', host, code: progress.refusal ?? code },
      wasStale: false,
    }
  }
  const wasStale =
    client.reusedSocket &&
    (code === 'ECONNRESET' || code === 'EPIPE') &&
    (client.socket?.bytesRead ?? 0) <= progress.bytesBefore
  return { fault: { _tag: 'Broken', host, code }, wasStale }
}

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
