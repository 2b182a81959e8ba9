/** The loopback proxy in a world of its own, and the official CLI that talks to it. */
import * as O from 'fp-ts/Option'
import { memoryHttp } from '../../adapters/memory/http'
import type { SimulatedProcess } from '../../adapters/memory/scheduler'
import type { Headers } from '../../core/request/headers'
import { hour } from '../../core/time'
import type { ProxyTerms, RunningProxy } from '../../entrypoints/codex/proxy-face'
import { openEngine } from '../../entrypoints/codex/proxy/engine/engine'
import { startProxy } from '../../entrypoints/codex/proxy/proxy'
import type { HttpError } from '../../ports/http'
import { ask, bytes, drink, text } from './http'
import { modelBody } from './model-request'
import { layout as userLayout, portsOf, type World } from './world'

export interface OpenProxy {
  readonly world: World
  readonly process: SimulatedProcess
  readonly running: RunningProxy
  readonly ask: (asking: Asking) => Promise<Answer>
  /** `ask` for who drives the world himself. */
  readonly send: (asking: Asking) => Promise<Answer>
  /** All at once. */
  readonly askTogether: (askings: ReadonlyArray<Asking>) => Promise<ReadonlyArray<Answer>>
  /** What it said to the person so far. */
  readonly said: () => string
  readonly close: () => Promise<void>
}

export interface ProxyOptions {
  readonly kind?: ProxyTerms['kind']
  readonly environment?: Readonly<Record<string, string>>
  readonly store?: ProxyTerms['store']
  readonly strict?: ProxyTerms['strict']
  /** With the pool that serves; the user's, when left out. */
  readonly layout?: ProxyTerms['layout']
  /** Whether the connecting socket belongs to our user; it does, when left out. */
  readonly isOurs?: O.Option<boolean>
}

export interface Asking {
  readonly method?: string
  readonly path: string
  readonly headers?: Headers
  readonly body?: Uint8Array | string
  readonly listener?: 'chatgpt' | 'model'
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly error?: HttpError
}

const limits = { connectMax: hour, firstByteMax: hour, stallMax: hour }

export const openProxy = async (world: World, options: ProxyOptions = {}): Promise<OpenProxy> => {
  const {
    environment = {},
    isOurs = O.some(true),
    kind = 'exec',
    layout = userLayout,
    strict = O.none,
    store = 'file',
  } = options
  const process = world.time.process('proxy')
  const ports = portsOf(world, process, isOurs)
  const started = await startProxy(ports, layout, () =>
    openEngine(ports)({ layout, seams: world.seams, environment, kind, store, strict }),
  )
  const running = started._unsafeUnwrap()
  const client = memoryHttp(world.time.process('codex'), world.network)
  const send = async ({ body = '', listener = 'chatgpt', ...asking }: Asking): Promise<Answer> => {
    const port = listener === 'model' ? running.modelPort : running.chatgptPort
    const piece = typeof body === 'string' ? bytes(body) : body
    const answered = await ask(client, port, { ...asking, body: [piece], limits })
    if (answered.isErr()) return { status: 0, headers: [], text: '', error: answered.error }
    const { status, headers } = answered.value
    const { pieces, error } = await drink(answered.value.body)
    const whole = { status, headers, text: text(pieces) }
    return error === undefined ? whole : { ...whole, error }
  }
  return {
    ...{ world, process, running, said: ports.terminal.talk },
    send,
    ask: (asking) => world.time.run(() => send(asking)),
    askTogether: (askings) => world.time.run(() => Promise.all(askings.map(send))),
    close: async () => (await world.time.run(running.close))._unsafeUnwrap(),
  }
}

export const bearer = (token: string): Headers[number] => ['authorization', `Bearer ${token}`]

/** Needs no upstream and no account: it only shows who is let in. */
export const discovery = (headers: Headers = []): Asking => ({
  path: '/backend-api/wham/accounts/check',
  headers: [['chatgpt-account-id', 'front'], ...headers],
})

export const model = (headers: Headers = [], body: unknown = modelBody): Asking => ({
  method: 'POST',
  path: '/backend-api/codex/responses',
  listener: 'model',
  headers: [['content-type', 'application/json'], ...headers],
  body: JSON.stringify(body),
})
