/** The engine in a process of its own, and clients that ask it, as a door would. */
import * as O from 'fp-ts/Option'
import type { SimulatedProcess } from '../../adapters/memory/scheduler'
import type { AccountKey } from '../../core/accounts/identity'
import type { Because } from '../../core/failover/machine'
import type { Purpose } from '../../core/failover/run'
import * as Headers from '../../core/request/headers'
import type { Client } from '../../core/failover/answer'
import type { Seams } from '../../core/official/seams'
import type { Selection } from '../../core/routing/selection'
import type { Instant } from '../../core/time'
import { route, type Routed } from '../../entrypoints/programs/route'
import type { RouteRequest } from '../../entrypoints/programs/route-request'
import { openRouter, type Router } from '../../entrypoints/programs/router'
import type { Body, Http, HttpAnswer, HttpError, HttpRequest } from '../../ports/http'
import { bytes } from './http'
import { modelBody } from './model-request'
import { layout, nameOf, portsOf, type World } from './world'

/** A call to the backend for a client's request, as the engine made it. */
export interface Attempt {
  /** Of the client's request. */
  readonly request: string
  readonly name: string
  readonly startedAt: Instant
  readonly sent: Headers.Headers
  status: number
  /** What came of the body so far. */
  text: string
  end: 'open' | 'whole' | 'broken' | 'cancelled'
}

export interface Engine {
  readonly world: World
  readonly process: SimulatedProcess
  readonly router: Router
  /** In the order they were made. */
  readonly attempts: ReadonlyArray<Attempt>
  readonly decisions: ReadonlyArray<readonly [request: string, selection: Selection, at: Instant]>
  readonly served: ReadonlyArray<readonly [request: string, account: AccountKey]>
  readonly rested: ReadonlyArray<readonly [request: string, back: Instant]>
  readonly models: ReadonlyArray<readonly [request: string, from: string, model: string]>
  readonly gaveUp: ReadonlyArray<readonly [request: string, because: Because]>
  /** Renews tokens before requests need them. */
  readonly guard: () => void
  readonly close: () => Promise<void>
}

export interface EngineTerms {
  readonly name?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly seams?: Seams
  readonly strict?: O.Option<AccountKey>
}

export const openEngine = async (world: World, terms: EngineTerms = {}): Promise<Engine> => {
  const process = world.time.process(terms.name ?? 'engine')
  const attempts: Array<Attempt> = []
  const decisions: Array<readonly [string, Selection, Instant]> = []
  const served: Array<readonly [string, AccountKey]> = []
  const rested: Array<readonly [string, Instant]> = []
  const models: Array<readonly [string, string, string]> = []
  const gaveUp: Array<readonly [string, Because]> = []
  const ports = portsOf(world, process)
  const opened = await openRouter(
    { ...ports, http: recorded(world, ports.http, attempts) },
    {
      layout,
      seams: terms.seams ?? world.seams,
      environment: terms.environment ?? {},
      strict: terms.strict ?? O.none,
      witness: {
        decided: ({ headers }, selection) =>
          void decisions.push([idOf(headers), selection, world.time.now()]),
        served: ({ headers }, account) => void served.push([idOf(headers), account]),
        rested: ({ headers }, back) => void rested.push([idOf(headers), back]),
        usedModel: ({ headers }, from, model) => void models.push([idOf(headers), from, model]),
        passedOn: () => undefined,
        gaveUp: ({ headers }, because) => void gaveUp.push([idOf(headers), because]),
      },
    },
  )
  const { router, guard, close } = opened._unsafeUnwrap()
  return {
    ...{ world, process, router, attempts, decisions, served, rested, models, gaveUp, guard },
    close: async () => (await close())._unsafeUnwrap(),
  }
}

const idHeader = 'x-client-request-id'

const headerOf = (name: string, headers: Headers.Headers): string =>
  O.getOrElse(() => '')(Headers.get(name)(headers))

const idOf = (headers: Headers.Headers): string => headerOf(idHeader, headers)

/** Notes what passes for a client's request; what the engine asks on its own account is not noted. */
const recorded = (world: World, http: Http, attempts: Array<Attempt>): Http => ({
  send: (request) => {
    if (idOf(request.headers) === '') return http.send(request)
    const attempt = attemptOf(world, request)
    attempts.push(attempt)
    return http
      .send(request)
      .map((answer): HttpAnswer => {
        attempt.status = answer.status
        return { ...answer, body: noted(answer.body, attempt) }
      })
      .mapErr((error) => {
        attempt.end = endOf(error)
        return error
      })
  },
})

const attemptOf = (world: World, { headers }: HttpRequest): Attempt => ({
  request: idOf(headers),
  name: nameOf(world, headerOf('chatgpt-account-id', headers)),
  startedAt: world.time.now(),
  sent: headers,
  status: 0,
  text: '',
  end: 'open',
})

const endOf = (error: HttpError): Attempt['end'] =>
  error._tag === 'Cancelled' ? 'cancelled' : 'broken'

const noted = (body: Body, attempt: Attempt): Body => ({
  next: () =>
    body
      .next()
      .map((piece) => {
        if (O.isSome(piece)) attempt.text += new TextDecoder().decode(piece.value)
        else if (attempt.end === 'open') attempt.end = 'whole'
        return piece
      })
      .mapErr((error) => {
        if (attempt.end === 'open') attempt.end = endOf(error)
        return error
      }),
  cancel: () => {
    if (attempt.end === 'open') attempt.end = 'cancelled'
    body.cancel()
  },
})

export interface Asking {
  readonly id?: string
  readonly conversation?: string
  readonly parent?: string
  readonly headers?: Headers.Headers
  readonly purpose?: Purpose
  readonly client?: Client
  readonly method?: string
  readonly path?: string
  /** Bytes as they are, anything else as JSON. */
  readonly body?: unknown
  /** The client leaves when this is aborted. */
  readonly gone?: AbortSignal
  /** Told of each piece as it comes. */
  readonly onPiece?: (text: string) => void
}

export interface Answer {
  readonly status: number
  readonly headers: Headers.Headers
  readonly text: string
  readonly end: 'whole' | 'cut'
  /** Of the asking, of the status line, and of the end. */
  readonly startedAt: Instant
  readonly headAt: Instant
  readonly endAt: Instant
}

const bodyOf = (body: unknown): Uint8Array =>
  body instanceof Uint8Array ? body : bytes(JSON.stringify(body))

const requestOf = (engine: Engine, asking: Asking): RouteRequest => {
  const { conversation, purpose = 'model', path = '/codex/responses' } = asking
  const id = asking.id ?? `request-${engine.decisions.length}-${engine.attempts.length}`
  return {
    purpose,
    path,
    client: asking.client ?? 'official',
    method: asking.method ?? (purpose === 'model' ? 'POST' : 'GET'),
    headers: [
      ['content-type', 'application/json'],
      ['authorization', 'Bearer of-the-client'],
      ['chatgpt-account-id', 'of-the-client'],
      [idHeader, id],
      ...(asking.headers ?? []),
    ],
    body: purpose === 'model' ? [bodyOf(asking.body ?? modelBody)] : [],
    conversation:
      conversation === undefined
        ? O.none
        : O.some({ id: conversation, parent: O.fromNullable(asking.parent) }),
    gone: asking.gone ?? new AbortController().signal,
  }
}

/** Asks, and takes the answer whole. */
export const ask = async (engine: Engine, asking: Asking = {}): Promise<Answer> => {
  const request = requestOf(engine, asking)
  const startedAt = engine.process.now()
  const routed = (await route(engine.router)(request))._unsafeUnwrap()
  const headAt = engine.process.now()
  // What a door does when its client leaves.
  const leave = (): void => routed.body.cancel()
  if (request.gone.aborted) leave()
  else request.gone.addEventListener('abort', leave, { once: true })
  const { text, end } = await drunk(routed, asking.onPiece ?? (() => undefined))
  const { headers, status } = routed
  return { status, headers, text, end, startedAt, headAt, endAt: engine.process.now() }
}

const drunk = async (
  { body }: Routed,
  onPiece: (text: string) => void,
): Promise<Pick<Answer, 'text' | 'end'>> => {
  let text = ''
  for (;;) {
    const piece = await body.next()
    if (piece.isErr()) return { text, end: 'cut' }
    if (O.isNone(piece.value)) return { text, end: 'whole' }
    const told = new TextDecoder().decode(piece.value.value)
    text += told
    onPiece(told)
  }
}

/** Whose turn it was to answer this request, one after the other. */
export const triedBy = ({ attempts }: Engine, id: string): ReadonlyArray<string> =>
  attempts.filter(({ request }) => request === id).map(({ name }) => name)
