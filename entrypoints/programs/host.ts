/**
 * One request of a host other than the official CLI: shaped for the backend, routed, and answered in
 * the way hosts understand. The same for the plugin and the drop-in `fetch`.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { Client } from '../../core/failover/answer'
import * as ErrorBody from '../../core/failover/error-body'
import * as StreamHead from '../../core/failover/stream-head'
import { textOf as text, type Fields } from '../../core/request/fields'
import * as ForeignHeaders from '../../core/request/foreign-headers'
import type { Headers } from '../../core/request/headers'
import * as HostAnswer from '../../core/request/host-answer'
import * as ItemMemory from '../../core/request/item-memory'
import * as Response from '../../core/request/response'
import * as Shape from '../../core/request/shape'
import * as Url from '../../core/request/url'
import { parseJson } from '../../core/result'
import { second, type Millis } from '../../core/time'
import type { Body, HttpError } from '../../ports/http'
import { readAll, readText, textOf, withHead, type BodyOf } from './body'
import { openDeadlines, type Deadlines } from './deadlines'
import { toLastEvent, type ConnectionLost } from './last-event'
import { route } from './route'
import type { RouteRequest } from './route-request'
import type { Router } from './router'

export interface HostRequest {
  readonly method: string
  /** As the host wrote it, of the public API or of any base. */
  readonly url: string
  readonly headers: Headers
  readonly body: ReadonlyArray<Uint8Array>
  readonly gone: AbortSignal
}

/** Found out after the answer had begun; the words are for a person. */
export interface Refused {
  readonly _tag: 'Refused'
  readonly message: string
}
export type HostFault = ConnectionLost | Refused

export type HostBody = BodyOf<HostFault>

export interface HostReply {
  readonly status: number
  readonly headers: Headers
  readonly body: HostBody
}

export interface HostTerms {
  readonly client: Exclude<Client, 'official'>
  readonly allowsBackground: () => Promise<boolean>
  /** Shows the person a line. */
  readonly say: (line: string) => void
}

export type Host = (request: HostRequest) => ResultAsync<HostReply, never>

export const openHost = (router: Router, terms: HostTerms): Host => {
  let memory = ItemMemory.empty()
  const keep = (item: Fields): void => {
    memory = ItemMemory.remember(item)(memory)
  }
  const lingers = openDeadlines(router.ports)
  let isTold = false
  const serve = async (request: HostRequest): Promise<HostReply> => {
    const path = request.method === 'POST' ? Url.modelPath(request.url) : O.none
    if (O.isNone(path)) return problem(404, 'not_a_model_request', onlyResponses)
    const allowsBackground = await terms.allowsBackground()
    const shaped = parseJson(textOf(request.body))
      .mapErr((): Shape.ShapeRefusal => ({ _tag: 'NoModelRequest' }))
      .andThen(Shape.shape({ allowsBackground, recall: ItemMemory.recall(memory) }))
    if (shaped.isErr()) return refusedShape(shaped.error)
    const { body, continues, wantsStream } = shaped.value
    if (continues && !isTold) {
      isTold = true
      terms.say(withoutEarlier)
    }
    const cacheKey = O.fromNullable(text(body['prompt_cache_key']) || undefined)
    const asked: RouteRequest = {
      purpose: 'model',
      client: terms.client,
      method: 'POST',
      path: path.value,
      headers: ForeignHeaders.shape(cacheKey)(request.headers),
      body: [new TextEncoder().encode(JSON.stringify(body))],
      conversation: ForeignHeaders.conversation(cacheKey)(request.headers),
      gone: request.gone,
    }
    const journey: Journey = { router, terms, asked, keep, lingers }
    return wantsStream ? streamed(journey) : whole(journey)
  }
  return (request) => ResultAsync.fromSafePromise(serve(request))
}

const withoutEarlier =
  'A request names an earlier response (previous_response_id). The backend keeps none, so it is answered from what the request itself holds.'

const onlyResponses = 'Only the Responses API is served here: POST a request to .../responses.'

const refusedShape = (refusal: Shape.ShapeRefusal): HostReply => {
  switch (refusal._tag) {
    case 'NoModelRequest':
      return problem(400, 'not_a_model_request', 'A request needs a model and an input.')
    case 'UnknownReference':
      return problem(
        400,
        'unknown_item_reference',
        `The item ${refusal.id} is not known here: the backend stores none. Send the item itself (store: false).`,
      )
    case 'BackgroundOff':
      return problem(
        400,
        'background_off',
        'The backend runs nothing in the background. To ask it all the same, run: codex-multi-auth config set backgroundResponses on',
      )
  }
}

const problem = (status: number, code: string, message: string): HostReply =>
  json(status, { error: { type: code, code, message } })

const json = (status: number, value: unknown): HostReply => ({
  status,
  headers: [['content-type', 'application/json']],
  body: ofText(JSON.stringify(value)),
})

const ofText = (value: string): HostBody => {
  let left = O.some(new TextEncoder().encode(value)) as O.Option<Uint8Array>
  return {
    next: () => {
      const piece = left
      left = O.none
      return okAsync(piece)
    },
    cancel: () => undefined,
  }
}

interface Journey {
  readonly router: Router
  readonly terms: HostTerms
  readonly asked: RouteRequest
  readonly keep: (item: Fields) => void
  readonly lingers: Deadlines
}

/** Larger than any response of a model. */
const responseBytesMax = 64 * 1024 * 1024
/** Refusals are a few hundred bytes. */
const refusalBytesMax = 256 * 1024

/** The answer as far as it has come: a stream, or something that is none. */
type Arrived =
  | { readonly _tag: 'Stream'; readonly headers: Headers; readonly body: Body }
  | {
      readonly _tag: 'Other'
      readonly reply: HostReply
      readonly code: string
      readonly message: string
    }

const arrive = async ({ asked, router, terms }: Journey): Promise<Arrived> => {
  const routed = await route(router)(asked)
  if (routed.isErr()) return other(400, 'accounts_unreadable', accountsUnreadable)
  const { body, headers, status } = routed.value
  if (status === 200) return begun(headers, body)
  const said = ErrorBody.parse(await readText(body, refusalBytesMax).unwrapOr(''))
  const refusal = HostAnswer.ofRefusal(status, said)
  return terms.client === 'host'
    ? other(refusal.status, refusal.code, refusal.message)
    : other(status, refusal.code, refusal.message, headers)
}

/**
 * A request that cannot be served is refused in a stream too. Hosts ask again after that, so it becomes
 * the refusal it is. What the accounts or the backend are to blame for does not come this far.
 */
const begun = async (headers: Headers, body: Body): Promise<Arrived> => {
  let head = StreamHead.empty
  for (;;) {
    const judged = StreamHead.judge(head)
    if (judged._tag === 'Failed') {
      body.cancel()
      const { code, message, status } = HostAnswer.ofRefusal(400, judged.failure)
      return other(status, code, message)
    }
    const stream = (rest: Body): Arrived => ({
      _tag: 'Stream',
      headers,
      body: withHead(head.pieces, rest),
    })
    if (judged._tag === 'Good') return stream(body)
    const piece = await body.next()
    if (piece.isErr()) return stream(failing(piece.error))
    if (O.isNone(piece.value)) return stream(body)
    head = StreamHead.push(piece.value.value)(head)
  }
}

const failing = (error: HttpError): Body => ({
  next: () => errAsync(error),
  cancel: () => undefined,
})

const accountsUnreadable =
  'The accounts of codex-multi-auth cannot be read. See why: codex-multi-auth list'

const other = (status: number, code: string, message: string, headers: Headers = []): Arrived => {
  const reply = problem(status, code, message)
  const kept = headers.filter(([name]) => name === 'retry-after')
  return { _tag: 'Other', reply: { ...reply, headers: [...reply.headers, ...kept] }, code, message }
}

/** The answer folded to one object. */
const whole = async (journey: Journey): Promise<HostReply> => {
  const arrived = await arrive(journey)
  if (arrived._tag === 'Other') return arrived.reply
  const events: Array<Fields> = []
  const answer = toLastEvent(journey.lingers, arrived.body, (event) => events.push(event))
  const read = await readAll(answer, responseBytesMax)
  if (read.isErr()) return problem(502, 'stream_cut', 'The answer of the backend was cut short.')
  Response.itemsOf(events).forEach(journey.keep)
  const folded = Response.fold(events)
  if (folded._tag === 'Response') return json(200, folded.response)
  const { code, message, status } = HostAnswer.ofRefusal(502, folded.failure)
  return problem(status, code, message)
}

/**
 * Hosts give up on an answer that does not begin, and on a stream that is silent: one that takes
 * longer begins at once, with comments until there is something to say.
 */
const patience: Millis = 5 * second

const comment = new TextEncoder().encode(': waiting for an account\n\n')

const streamed = async (journey: Journey): Promise<HostReply> => {
  const arriving = arrive(journey)
  const first = await soon(journey, arriving)
  if (first === 'waiting')
    return {
      status: 200,
      headers: [['content-type', 'text/event-stream']],
      body: late(journey, arriving),
    }
  return first._tag === 'Other'
    ? first.reply
    : { status: 200, headers: first.headers, body: guarded(journey, first.body) }
}

const soon = (
  { asked, router }: Journey,
  arriving: Promise<Arrived>,
): Promise<Arrived | 'waiting'> =>
  Promise.race([
    arriving,
    router.ports.clock
      .sleep(patience, { signal: asked.gone, lazy: true })
      .unwrapOr(undefined)
      .then((): 'waiting' => 'waiting'),
  ])

/** Comments while the request looks for an account, and then its answer. */
const late = (journey: Journey, arriving: Promise<Arrived>): HostBody => {
  let inner: HostBody | undefined
  const next = async (): Promise<ReturnType<HostBody['next']>> => {
    const first = await soon(journey, arriving)
    if (first === 'waiting') return okAsync(O.some(comment))
    if (first._tag === 'Other' && first.code !== HostAnswer.overflow)
      return errAsync({ _tag: 'Refused', message: first.message })
    inner =
      first._tag === 'Other'
        ? ofText(HostAnswer.overflowEvent(first.message))
        : guarded(journey, first.body)
    return inner.next()
  }
  return {
    next: () =>
      inner === undefined ? new ResultAsync(next().then((result) => result)) : inner.next(),
    cancel: () => {
      void arriving.then((arrived) => {
        if (arrived._tag === 'Stream') arrived.body.cancel()
      })
    },
  }
}

const guarded = ({ keep, lingers }: Journey, body: Body): HostBody =>
  toLastEvent(lingers, body, (event) => {
    const item = Response.itemOf(event)
    if (item !== undefined) keep(item)
  })
