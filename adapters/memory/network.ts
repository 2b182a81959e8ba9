/**
 * A network that simulated processes share: listeners on loopback ports, and hosts elsewhere whose
 * answers are scripted. It tells every exchange it carried.
 */
import type { Headers } from '../../core/request/headers'
import type { Millis } from '../../core/time'
import type { HttpRequest } from '../../ports/http'
import type { Scheduler, SimulatedProcess } from './scheduler'

export type Sent = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>

/** What a host does with a request. */
export type Scripted =
  | {
      readonly _tag: 'Answer'
      readonly status: number
      readonly headers?: Headers
      readonly pieces?: ReadonlyArray<string | Uint8Array>
      /** Complete when left out. A silent one sends no more, and does not end. */
      readonly ending?: 'Complete' | 'Cut' | 'Silent'
      readonly firstByteAfter?: Millis
      readonly pieceEvery?: Millis
    }
  /** No connection comes about; `code` as node's errors have it. */
  | { readonly _tag: 'Unreachable'; readonly code: string }
  /** The connection breaks before an answer. */
  | { readonly _tag: 'Reset' }
  | { readonly _tag: 'Silent'; readonly phase: 'connect' | 'first-byte' }

export type Script = (request: Sent) => Scripted

/** One request on its way, and what came back so far: the wire between two processes. */
export interface Exchange {
  readonly request: Sent
  head: { readonly status: number; readonly headers: Headers } | undefined
  readonly pieces: Array<Uint8Array>
  /** Of the sender of the answer. */
  state: 'Open' | 'Complete' | 'Cut'
  /** The client has cancelled, or died. */
  isLetGo: boolean
  onLetGo: () => void
}

export interface Listening {
  readonly process: SimulatedProcess
  readonly accept: (exchange: Exchange) => void
}

export interface Network {
  readonly listeners: Map<number, Listening>
  /** All requests to that origin, such as `https://chatgpt.com`, are answered by the script. */
  readonly serve: (origin: string, script: Script) => void
  readonly connect: (request: Sent) => Connection
  readonly exchanges: ReadonlyArray<Exchange>
}

export type Connection =
  | { readonly _tag: 'Connected'; readonly exchange: Exchange }
  | { readonly _tag: 'Unreachable'; readonly code: string }
  | { readonly _tag: 'Silent' }

export const memoryNetwork = (world: Scheduler): Network => {
  const listeners = new Map<number, Listening>()
  const scripts = new Map<string, Script>()
  const exchanges: Array<Exchange> = []
  const remote = world.process('network')
  const begin = (request: Sent): Exchange => {
    const exchange = exchangeOf(request)
    exchanges.push(exchange)
    return exchange
  }
  return {
    listeners,
    exchanges,
    serve: (origin, script) => {
      scripts.set(new URL(origin).origin, script)
    },
    connect: (request) => {
      const url = new URL(request.url)
      const script = scripts.get(url.origin)
      if (script !== undefined) return play(remote, script(request), () => begin(request))
      if (!isLoopback(url.hostname)) return { _tag: 'Unreachable', code: 'ENOTFOUND' }
      const listening = listeners.get(Number(url.port || 80))
      if (listening === undefined) return { _tag: 'Unreachable', code: 'ECONNREFUSED' }
      const exchange = begin(request)
      listening.accept(exchange)
      return { _tag: 'Connected', exchange }
    },
  }
}

const isLoopback = (hostname: string): boolean =>
  ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)

const exchangeOf = (request: Sent): Exchange => ({
  request,
  head: undefined,
  pieces: [],
  state: 'Open',
  isLetGo: false,
  onLetGo: () => undefined,
})

export const letGo = (exchange: Exchange): void => {
  if (exchange.isLetGo || exchange.state !== 'Open') return
  exchange.isLetGo = true
  exchange.onLetGo()
}

const play = (remote: SimulatedProcess, scripted: Scripted, begin: () => Exchange): Connection => {
  switch (scripted._tag) {
    case 'Unreachable':
      return scripted
    case 'Silent': {
      if (scripted.phase === 'connect') return { _tag: 'Silent' }
      return { _tag: 'Connected', exchange: begin() }
    }
    case 'Reset': {
      const exchange = begin()
      exchange.state = 'Cut'
      return { _tag: 'Connected', exchange }
    }
    case 'Answer': {
      const exchange = begin()
      void speak(remote, scripted, exchange)
      return { _tag: 'Connected', exchange }
    }
  }
}

/** What needs no time is there at once, without steps of its own. */
const speak = async (
  remote: SimulatedProcess,
  answer: Scripted & { readonly _tag: 'Answer' },
  exchange: Exchange,
): Promise<void> => {
  const { status, headers = [], pieces = [], ending = 'Complete' } = answer
  const { firstByteAfter = 0, pieceEvery = 0 } = answer
  const wait = (span: Millis): Promise<void> =>
    remote.call('network.wait', () => undefined, { after: span, isSteady: true })
  if (firstByteAfter > 0) await wait(firstByteAfter)
  exchange.head = { status, headers }
  for (const piece of pieces) {
    if (pieceEvery > 0) await wait(pieceEvery)
    if (exchange.isLetGo) return
    exchange.pieces.push(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
  }
  if (ending !== 'Silent') exchange.state = ending
}
