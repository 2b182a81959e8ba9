/** One try of one request on one account, up to the point where its answer can be judged. */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import type { Happening } from '../../core/failover/machine'
import * as Verdict from '../../core/failover/verdict'
import * as StreamEvent from '../../core/failover/stream-event'
import * as StreamHead from '../../core/failover/stream-head'
import * as RateLimitEvent from '../../core/quota/rate-limit-event'
import * as RateLimitHeaders from '../../core/quota/rate-limit-headers'
import * as Headers from '../../core/request/headers'
import * as Upstream from '../../core/request/upstream'
import type { Settings } from '../../core/settings/catalogue'
import type { Instant } from '../../core/time'
import type { Body, HttpAnswer, HttpError, HttpLimits } from '../../ports/http'
import { ofPieces, readAll, textOf } from './body'
import type { Ports } from './ports'
import type { RouteRequest } from './route-request'
import type { Router } from './router'

/** An answer of which nothing has reached the client. */
export interface UnderWay {
  readonly status: number
  readonly headers: Headers.Headers
  readonly body: Body
  /** To be told when the body has ended. */
  readonly ended: () => void
}

/** What an attempt uses of a router. */
export type Attempting = Pick<Router, 'world' | 'residency' | 'turnStates' | 'heads' | 'wholes'> & {
  readonly ports: Pick<Ports, 'clock' | 'http'>
}

export interface Attempted {
  readonly happening: Happening
  readonly underWay: O.Option<UnderWay>
}

const limitsOf = (settings: Settings): HttpLimits => ({
  connectMax: settings.connectTimeoutMs,
  firstByteMax: Math.min(settings.fetchTimeoutMs, settings.requestTimeoutMs),
  stallMax: settings.streamStallTimeoutMs,
})

/** Refusals are a few hundred bytes; a challenge page is some 10 kB. */
const refusalBytesMax = 256 * 1024

/** What the answer tells of the account's quota is remembered, whatever comes of it. */
export const attempt = async (
  router: Attempting,
  request: RouteRequest,
  account: Account.Account,
  accessToken: string,
  settings: Settings,
): Promise<Attempted> => {
  const whole = openWhole(router, settings)
  const attempted = await exchange(router, request, account, accessToken, settings, whole)
  const { happening } = attempted
  remember(router, Account.key(account), attempted)
  if (happening._tag !== 'Answered') whole.end()
  return whole.isOver() && happening._tag === 'ClientGone'
    ? { happening: noAnswer('timed_out_whole', 'network'), underWay: O.none }
    : attempted
}

const remember = (
  { ports, world }: Attempting,
  key: AccountKey,
  { happening, underWay }: Attempted,
): void => {
  const now = ports.clock.now()
  if (O.isSome(underWay)) {
    const snapshot = RateLimitHeaders.snapshot(now)(underWay.value.headers)
    if (O.isSome(snapshot)) world.seeQuota(key, snapshot.value)
  }
  if (happening._tag === 'Refused') rememberRefusal(world, key, now, happening.refusal)
}

const rememberRefusal = (
  world: Attempting['world'],
  key: AccountKey,
  now: Instant,
  refusal: Verdict.Refusal,
): void => {
  const spent = Verdict.spentUntil(now)(refusal)
  if (O.isSome(spent)) world.seeSpent(key, spent.value)
  const plan = Verdict.planTold(now)(refusal)
  if (O.isSome(plan)) world.seePlan(key, plan.value)
}

/**
 * What an event tells of an account whose answer the client already gets; none but a refusal is given
 * back. The headers told how things were when the answer began.
 */
export const heardIn = (
  { ports, world }: Pick<Attempting, 'ports' | 'world'>,
  key: AccountKey,
  event: unknown,
): O.Option<Verdict.Refusal> => {
  const now = ports.clock.now()
  const quota = RateLimitEvent.snapshot(now)(event)
  if (O.isSome(quota)) world.seeQuota(key, quota.value)
  const judged = StreamEvent.judge(event)
  if (judged._tag !== 'Failed') return O.none
  const refusal: Verdict.Refusal = { _tag: 'InStream', headers: [], failure: judged.failure }
  rememberRefusal(world, key, now, refusal)
  return O.some(refusal)
}

/** The time that an answer may take in all. */
interface Whole {
  /** Lets go of it when the time is over. */
  readonly watch: (body: Body) => void
  readonly isOver: () => boolean
  readonly end: () => void
}

const openWhole = (router: Attempting, settings: Settings): Whole => {
  const deadline = router.wholes.start(settings.requestTimeoutMs)
  let isOver = false
  return {
    watch: (body) =>
      void deadline.passed.then(() => {
        isOver = true
        body.cancel()
      }),
    isOver: () => isOver,
    end: deadline.end,
  }
}

const exchange = async (
  router: Attempting,
  request: RouteRequest,
  account: Account.Account,
  accessToken: string,
  settings: Settings,
  whole: Whole,
): Promise<Attempted> => {
  const { backend, override } = await router.residency.of(account, accessToken)
  const key = Account.key(account)
  const bearer = { identity: account.identity, accessToken, override }
  const answer = await router.ports.http.send({
    method: request.method,
    url: `${backend}${request.path}`,
    headers: Upstream.requestHeaders(bearer, keepsTurnState(router, request, key))(request.headers),
    body: request.body,
    limits: limitsOf(settings),
    signal: request.gone,
  })
  if (answer.isErr()) return { happening: ofHttpError(answer.error), underWay: O.none }
  const { body, headers, status } = answer.value
  whole.watch(body)
  const turnState = Headers.get(Upstream.turnState)(headers)
  if (O.isSome(turnState)) router.turnStates.issued(turnState.value, key)
  if (Upstream.isRedirect(status)) return unusable(answer.value, `http_${status}`)
  if (status >= 300) return refused(answer.value)
  if (request.purpose !== 'model')
    return {
      happening: { _tag: 'Answered' },
      underWay: O.some({ ...answer.value, ended: whole.end }),
    }
  // A page of somebody on the way, such as a hotel's, is no answer of the backend.
  return isStream(headers)
    ? judged(router, key, { ...answer.value, ended: whole.end }, settings)
    : unusable(answer.value, 'no_stream')
}

const keepsTurnState = (router: Attempting, request: RouteRequest, key: string): boolean => {
  const turnState = Headers.get(Upstream.turnState)(request.headers)
  if (O.isNone(turnState)) return false
  const issuer = router.turnStates.issuerOf(turnState.value)
  return O.isSome(issuer) && issuer.value === key
}

const isStream = (headers: Headers.Headers): boolean => {
  const type = Headers.get('content-type')(headers)
  return O.isSome(type) && type.value.toLowerCase().startsWith('text/event-stream')
}

const unusable = (answer: HttpAnswer, code: string): Attempted => {
  answer.body.cancel()
  return { happening: noAnswer(code, 'server'), underWay: O.none }
}

const refused = async (answer: HttpAnswer): Promise<Attempted> => {
  const { headers, status } = answer
  const read = await readAll(answer.body, refusalBytesMax)
  if (read.isErr())
    return {
      happening:
        read.error._tag === 'AnswerTooLarge'
          ? noAnswer('answer_too_large', 'server')
          : ofHttpError(read.error),
      underWay: O.none,
    }
  const body = textOf(read.value)
  return {
    happening: { _tag: 'Refused', refusal: { _tag: 'Status', status, headers, body } },
    underWay: O.some({ status, headers, body: ofPieces(read.value), ended: () => undefined }),
  }
}

const judged = async (
  router: Attempting,
  key: AccountKey,
  answer: UnderWay,
  settings: Settings,
): Promise<Attempted> => {
  const head = await router.heads.read(answer.body, settings.streamHeadTimeoutMs)
  if (head._tag === 'Left') return { happening: { _tag: 'ClientGone' }, underWay: O.none }
  const underWay = O.some({ ...answer, body: head.body })
  // What a good one tells is heard as it goes on to the client.
  if (head._tag === 'Good') return { happening: { _tag: 'Answered' }, underWay }
  const told = StreamHead.quotaIn(router.ports.clock.now())(head.head)
  if (O.isSome(told)) router.world.seeQuota(key, told.value)
  const { failure } = head
  return {
    happening: {
      _tag: 'Refused',
      refusal: { _tag: 'InStream', headers: answer.headers, failure },
    },
    underWay,
  }
}

const ofHttpError = (error: HttpError): Happening =>
  error._tag === 'Cancelled' ? { _tag: 'ClientGone' } : noAnswer(codeOf(error), whoseOf(error))

const noAnswer = (code: string, whose: Verdict.Whose): Happening => ({
  _tag: 'Refused',
  refusal: { _tag: 'NoAnswer', code, whose },
})

type Failure = Exclude<HttpError, { readonly _tag: 'Cancelled' }>

/** Where nothing reached the other side, no account had a part in it. */
const whoseOf = (error: Failure): Verdict.Whose =>
  error._tag === 'Unreachable' || (error._tag === 'TimedOut' && error.phase === 'connect')
    ? 'host'
    : 'network'

const codeOf = (error: Failure): string =>
  error._tag === 'TimedOut' ? `timed_out_${error.phase}` : error.code
