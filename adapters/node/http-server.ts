import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { err, ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import * as O from 'fp-ts/Option'
import * as Headers from '../../core/request/headers'
import type {
  HttpServer,
  Listener,
  ListenError,
  Reply,
  ServerRequest,
  UploadError,
} from '../../ports/http-server'
import { sendReply } from './http-reply'
import { isPeerOurs } from './peer'
import { fromRaw } from './raw-headers'

type Answer = (request: ServerRequest) => ResultAsync<Reply, never>

/** The official CLI sends some 3 KiB of headers; a token alone may have 4. */
const headBytesMax = 32_768

/** A local client writes its head at once; a body may come from a person's slow disk. */
const headMs = 30_000
const requestMs = 300_000

/** The official CLI drops an idle connection after 90 s. We go later, so a request never meets our close. */
const idleMs = 120_000

const connectionsMax = 4_096

export const nodeHttpServer = (): HttpServer => ({
  listen: ({ host, port }, answer) =>
    new ResultAsync(
      new Promise<Result<Listener, ListenError>>((resolve) => {
        const server = serverOf(answer)
        const sockets = openSockets(server)
        server.once('error', (error: NodeJS.ErrnoException) => resolve(err(refusalOf(port, error))))
        server.listen({ host, port, exclusive: true }, () => {
          const address = server.address()
          const bound = typeof address === 'object' && address !== null ? address.port : port
          server.on('error', () => undefined) // A connection that could not be accepted is its client's loss.
          resolve(ok({ port: bound, close: () => close(server, sockets) }))
        })
      }),
    ),
})

const refusalOf = (port: number, error: NodeJS.ErrnoException): ListenError =>
  error.code === 'EADDRINUSE'
    ? { _tag: 'PortTaken', port }
    : { _tag: 'ListenFault', port, code: error.code ?? error.name }

const openSockets = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

const close = (server: Server, sockets: ReadonlySet<Socket>): ResultAsync<void, never> => {
  // Heard last of all listeners, so those who answer on a connection know of its end before us.
  const closed = [...sockets].map(
    (socket) => new Promise<void>((resolve) => void socket.once('close', () => resolve())),
  )
  const stopped = new Promise<void>((resolve) => void server.close(() => resolve()))
  for (const socket of sockets) socket.destroy()
  return ResultAsync.fromSafePromise(Promise.all([stopped, ...closed]).then(() => undefined))
}

const serverOf = (answer: Answer): Server => {
  const peers = new WeakMap<Socket, Promise<O.Option<boolean>>>()
  const peerOf = (socket: Socket): Promise<O.Option<boolean>> => {
    const known = peers.get(socket) ?? isPeerOurs(socket)
    peers.set(socket, known)
    return known
  }
  const server = createServer(
    {
      noDelay: true,
      maxHeaderSize: headBytesMax,
      headersTimeout: headMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
    },
    (message, response) => serve(answer, peerOf, message, response, false),
  )
  server.maxConnections = connectionsMax
  server.on('upgrade', (message: IncomingMessage, socket: Duplex) => {
    const response = new ServerResponse(message)
    // It stays HTTP: an ordinary answer, and the connection ends, as the client would go on otherwise.
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => socket.end())
    takeOver(socket, response)
    serve(answer, peerOf, message, response, true)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    const reason =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request'
    socket.end(`HTTP/1.1 ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  })
  return server
}

/** What node does for the connections it still answers itself. */
const takeOver = (socket: Duplex, response: ServerResponse): void => {
  socket.on('error', () => undefined) // Its close follows, and is seen.
  socket.on('drain', () => response.emit('drain'))
  socket.once('end', () => socket.destroy())
  socket.resume() // Frames of the other protocol are of no use to us.
}

const serve = (
  answer: Answer,
  peerOf: (socket: Socket) => Promise<O.Option<boolean>>,
  message: IncomingMessage,
  response: ServerResponse,
  isUpgrade: boolean,
): void => {
  const leaving = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) leaving.abort()
  })
  const headers = fromRaw(message.rawHeaders)
  const request: ServerRequest = {
    isUpgrade,
    headers,
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    read: (bytesMax) =>
      isUpgrade || hasNoBody(headers) ? okAsync([]) : readWhole(message, headers, bytesMax),
    peerIsOurs: () => ResultAsync.fromSafePromise(peerOf(message.socket)),
    // A plain field: an object with a getter of its own gets a hidden class of its own in V8, and
    // collecting those took as long as the rest of the request.
    gone: leaving.signal,
  }
  void answer(request).then(
    (reply) => {
      if (reply.isErr()) return
      if (response.destroyed) letGo(reply.value)
      else sendReply(response, reply.value)
    },
    (thrown: unknown) => {
      response.destroy() // Our own bug: the client must not wait for its end.
      throw thrown
    },
  )
}

const letGo = (reply: Reply): void => {
  if (reply._tag === 'Reply' && 'cancel' in reply.body) reply.body.cancel()
}

const lengthOf = (headers: Headers.Headers): number =>
  Number(O.toNullable(Headers.get('content-length')(headers)) ?? 0)

const hasNoBody = (headers: Headers.Headers): boolean =>
  lengthOf(headers) === 0 && O.isNone(Headers.get('transfer-encoding')(headers))

const readWhole = (
  message: IncomingMessage,
  headers: Headers.Headers,
  bytesMax: number,
): ResultAsync<ReadonlyArray<Uint8Array>, UploadError> =>
  new ResultAsync(
    new Promise<Result<ReadonlyArray<Uint8Array>, UploadError>>((resolve) => {
      // Not read here, what came is thrown away once the answer has gone: node sees to that.
      if (lengthOf(headers) > bytesMax) return resolve(err({ _tag: 'TooLarge', bytesMax }))
      const gone = (): void => resolve(err({ _tag: 'Gone' }))
      if (message.destroyed || message.readableEnded) return gone()
      const pieces: Array<Uint8Array> = []
      let bytes = 0
      const onPiece = (piece: Uint8Array): void => {
        bytes += piece.byteLength
        if (bytes <= bytesMax) return void pieces.push(piece)
        pieces.length = 0
        message.off('data', onPiece) // The rest flows on, to nobody.
        resolve(err({ _tag: 'TooLarge', bytesMax }))
      }
      message.on('data', onPiece)
      message.once('end', () => resolve(ok(pieces)))
      message.on('error', gone)
      message.once('close', gone)
    }),
  )
