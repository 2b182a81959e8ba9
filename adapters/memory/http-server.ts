import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Headers from '../../core/request/headers'
import type {
  HttpServer,
  Listener,
  ListenError,
  Reply,
  ServerRequest,
  UploadError,
} from '../../ports/http-server'
import type { Exchange, Network } from './network'
import type { SimulatedProcess } from './scheduler'

type Answer = (request: ServerRequest) => ResultAsync<Reply, never>

/** `peerIsOurs` is what every request says of its connection. */
export const memoryHttpServer = (
  process: SimulatedProcess,
  network: Network,
  peerIsOurs: O.Option<boolean> = O.some(true),
): HttpServer => ({
  listen: ({ port }, answer) =>
    ResultAsync.fromThrowable(
      () =>
        process.call(`http-server.listen ${port}`, () =>
          listen(process, network, port, answer, peerIsOurs),
        ),
      (thrown): ListenError => ({ _tag: 'ListenFault', port, code: codeOf(thrown) }),
    )().andThen((result) => result),
})

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '?'

/** Where the system's own choice of ports begins. */
const firstFree = 49_152

const freePort = ({ listeners }: Network): number => {
  let port = firstFree
  while (listeners.has(port)) port += 1
  return port
}

const listen = (
  process: SimulatedProcess,
  network: Network,
  asked: number,
  answer: Answer,
  peerIsOurs: O.Option<boolean>,
): Result<Listener, ListenError> => {
  const { listeners } = network
  if (listeners.has(asked)) return err({ _tag: 'PortTaken', port: asked })
  const port = asked === 0 ? freePort(network) : asked
  const open = new Set<Exchange>()
  const listening = {
    process,
    accept: (exchange: Exchange): void => {
      open.add(exchange)
      void serve(process, exchange, answer, peerIsOurs).finally(() => open.delete(exchange))
    },
  }
  listeners.set(port, listening)
  const end = (): void => {
    if (listeners.get(port) === listening) listeners.delete(port)
    for (const exchange of open) cut(exchange)
  }
  process.onEnd(end)
  const close = (): ResultAsync<void, never> =>
    ResultAsync.fromSafePromise(process.call(`http-server.close ${port}`, end, { isSteady: true }))
  return ok({ port, close })
}

const cut = (exchange: Exchange): void => {
  if (exchange.state !== 'Open') return
  exchange.state = 'Cut'
  exchange.onLetGo()
}

const serve = async (
  process: SimulatedProcess,
  exchange: Exchange,
  answer: Answer,
  peerIsOurs: O.Option<boolean>,
): Promise<void> => {
  const { method, url } = exchange.request
  const gone = new AbortController()
  exchange.onLetGo = () => gone.abort()
  await process.call(`http-server.accept ${method} ${url}`, () => undefined, { isSteady: true })
  const replied = await answer(requestOf(process, exchange, gone.signal, peerIsOurs))
  if (replied.isErr()) return
  await reply(process, exchange, gone.signal, replied.value)
}

const requestOf = (
  process: SimulatedProcess,
  exchange: Exchange,
  gone: AbortSignal,
  peerIsOurs: O.Option<boolean>,
): ServerRequest => {
  const { method, url, headers, body } = exchange.request
  const { pathname, search } = new URL(url)
  const read = (bytesMax: number): Result<ReadonlyArray<Uint8Array>, UploadError> => {
    if (gone.aborted) return err({ _tag: 'Gone' })
    const bytes = body.reduce((sum, piece) => sum + piece.byteLength, 0)
    return bytes > bytesMax ? err({ _tag: 'TooLarge', bytesMax }) : ok(body)
  }
  return {
    method,
    headers,
    gone,
    target: pathname + search,
    isUpgrade: O.isSome(Headers.get('upgrade')(headers)),
    read: (bytesMax) =>
      ResultAsync.fromThrowable(
        () => process.call(`http-server.read ${url}`, () => read(bytesMax)),
        (): UploadError => ({ _tag: 'Gone' }),
      )().andThen((result) => result),
    peerIsOurs: () =>
      ResultAsync.fromSafePromise(
        process.call(`http-server.peer ${url}`, () => peerIsOurs, { isSteady: true }),
      ),
  }
}

/** As many pieces wait on the wire, before the sender has to. */
const piecesMax = 16

const reply = async (
  process: SimulatedProcess,
  exchange: Exchange,
  gone: AbortSignal,
  given: Reply,
): Promise<void> => {
  const { url } = exchange.request
  const act = (what: string, run: () => void, ready?: () => boolean): Promise<void> =>
    process.call(`http-server.${what} ${url}`, run, {
      isSteady: true,
      signal: gone,
      ...(ready === undefined ? {} : { ready }),
    })
  if (given._tag === 'Reset') return act('reset', () => cut(exchange))
  const { status, headers, body } = given
  if (!('next' in body)) {
    return act('answer', () => {
      exchange.head = { status, headers: withLength(headers, body) }
      if (body.byteLength > 0) exchange.pieces.push(body)
      complete(exchange)
    })
  }
  const cancel = (): void => body.cancel()
  gone.addEventListener('abort', cancel, { once: true })
  if (gone.aborted) return cancel()
  await act('head', () => {
    exchange.head = { status, headers }
  })
  for (;;) {
    const piece = await body.next()
    if (gone.aborted) return
    if (piece.isErr()) return act('cut', () => cut(exchange))
    const { value } = piece
    if (O.isNone(value)) return act('end', () => complete(exchange))
    await act(
      'piece',
      () => exchange.pieces.push(value.value),
      () => exchange.pieces.length < piecesMax,
    )
  }
}

const complete = (exchange: Exchange): void => {
  if (exchange.state === 'Open') exchange.state = 'Complete'
}

const withLength = (headers: Headers.Headers, body: Uint8Array): Headers.Headers =>
  Headers.set('content-length', String(body.byteLength))(headers)
