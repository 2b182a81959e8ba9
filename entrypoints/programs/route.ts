/**
 * Carries one request to an account that answers it: performs the effects of the failover machine
 * and feeds back what happened. Decides nothing.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as Answer from '../../core/failover/answer'
import * as Machine from '../../core/failover/machine'
import * as StreamEvent from '../../core/failover/stream-event'
import * as Compaction from '../../core/request/compaction'
import type { Headers } from '../../core/request/headers'
import type { Body } from '../../ports/http'
import * as Upstream from '../../core/request/upstream'
import { attempt, heardIn, type UnderWay } from './attempt'
import { ended, ofPieces, watched } from './body'
import { openEventSieve } from './event-reader'
import { pause } from './pause'
import type { PoolError } from './pool'
import { asksForCompaction, modelOf, withModel, withoutReasoning } from './request-body'
import type { RouteRequest } from './route-request'
import type { Router } from './router'
import type { Flight, Known } from './world'

export interface Routed {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export const route =
  (router: Router) =>
  (request: RouteRequest): ResultAsync<Routed, PoolError> =>
    new ResultAsync(depart(router, request))

const depart = async (
  router: Router,
  request: RouteRequest,
): Promise<Result<Routed, PoolError>> => {
  const model = modelOf(request)
  const known = await router.world.look(request.conversation, model)
  return known.isErr() ? err(known.error) : ok(await travel(router, request, model, known.value))
}

/** What an act leads to: the next event, or the end of the request. */
type Outcome =
  | { readonly _tag: 'Happened'; readonly happening: Machine.Happening }
  | { readonly _tag: 'Arrived'; readonly routed: Routed }

/** One request on its way. The only thing that changes here is where it is. */
interface Journey {
  readonly router: Router
  request: RouteRequest
  /** What it asked for when it came. */
  readonly model: O.Option<string>
  known: Known
  state: Machine.State
  underWay: O.Option<UnderWay>
  /** Where it is counted as under way, and followed by others of its conversation. */
  flight: Flight
  /** The access token each account was last tried with. */
  readonly triedWith: Map<AccountKey, string>
}

const grounded: Flight = { land: () => undefined, end: () => undefined }

const travel = async (
  router: Router,
  request: RouteRequest,
  model: O.Option<string>,
  known: Known,
): Promise<Routed> => {
  const journey: Journey = {
    router,
    request,
    model,
    known,
    state: Machine.idle,
    underWay: O.none,
    flight: grounded,
    triedWith: new Map(),
  }
  let happening: Machine.Happening = { _tag: 'Requested', purpose: request.purpose }
  for (;;) {
    const outcome: Outcome = await follow(journey, happening)
    if (outcome._tag === 'Arrived') return outcome.routed
    happening = outcome.happening
    // What an act took time for may have changed the accounts meanwhile.
    if (happening._tag !== 'Answered')
      journey.known = await router.world.look(request.conversation, model).unwrapOr(journey.known)
  }
}

/** One step of the machine and its effects. */
const follow = async (journey: Journey, happening: Machine.Happening): Promise<Outcome> => {
  const { request, router } = journey
  const { end, land } = journey.flight
  const isAnswered = happening._tag === 'Answered'
  // An answer is under way to its last byte; nobody follows what was refused, nor this request itself.
  if (!isAnswered) end()
  journey.flight = isAnswered ? { ...grounded, end } : grounded
  const known = router.world.present(request.conversation, journey.known)
  const moment = {
    at: router.ports.clock.now(),
    draw: router.ports.random.fraction(),
    world: known.world,
  }
  const [state, effects] = Machine.step(journey.state, { ...moment, ...happening })
  journey.state = state
  // At once, so that requests which are decided in the same moment see each other.
  for (const effect of effects)
    if ((effect._tag === 'Send' || effect._tag === 'Refresh') && weighs(journey)) {
      const begin = effect._tag === 'Send' ? router.world.sent : router.world.renewing
      journey.flight = begin(request.conversation, effect.account, known)
    }
  return performAll(journey, effects, land)
}

/** Only a request for a model uses an account up: a list of models, say, is free and soon over. */
const weighs = ({ request }: Journey): boolean => request.purpose === 'model'

const performAll = async (
  journey: Journey,
  effects: ReadonlyArray<Machine.Effect>,
  landed: () => void,
): Promise<Outcome> => {
  for (const effect of effects) if (!isAct(effect)) await perform(journey, effect)
  // Until what came of it is noted others go where it went, and not to one account more.
  landed()
  for (const effect of effects) {
    const outcome = isAct(effect) ? await perform(journey, effect) : O.none
    if (O.isSome(outcome)) return outcome.value
  }
  return { _tag: 'Arrived', routed: nobodyWaits }
}

const acts: ReadonlyArray<Machine.Effect['_tag']> = [
  'Refresh',
  'Send',
  'Pause',
  'Commit',
  'PassOn',
  'GiveUp',
]

const isAct = (effect: Machine.Effect): effect is Machine.Act => acts.includes(effect._tag)

/** For a client that has gone; nginx's number for it. */
const nobodyWaits: Routed = { status: 499, headers: [], body: ended }

const perform = async (journey: Journey, effect: Machine.Effect): Promise<O.Option<Outcome>> => {
  const { known, request, router } = journey
  if (leavesAnswer.includes(effect._tag)) letGo(journey)
  switch (effect._tag) {
    case 'Decided':
      router.witness.decided(request, effect.selection, known)
      return O.none
    case 'CoolDown':
      router.world.coolDown(effect.account, effect.cooldown, known)
      return O.none
    case 'Tie':
      router.world.tie(request.conversation, effect.account, known)
      return O.none
    case 'DropReasoning':
      journey.request = withoutReasoning(router.ports, request)
      return O.none
    case 'Bind':
      router.world.bind(request.conversation, effect.account)
      return O.none
    case 'RefuseModel':
      router.world.refuseModel(effect.account, effect.model)
      return O.none
    case 'UseModel':
      journey.request = withModel(router.ports, request, effect.model)
      router.witness.usedModel(request, effect.from, effect.model)
      return O.none
    case 'LoseSignIn':
      await router.loseSignIn(effect.account, tokenTried(journey, effect.account), effect.code)
      return O.none
    case 'Refresh':
      return O.some(happened(await renew(journey, effect.account)))
    case 'Pause':
      if (O.isSome(effect.back)) router.witness.rested(request, effect.back.value)
      await pause(router, request, known, effect.span)
      return O.some(happened(request.gone.aborted ? { _tag: 'ClientGone' } : { _tag: 'Paused' }))
    case 'Send':
      return O.some(happened(await send(journey, effect.account)))
    case 'Commit':
      if (weighs(journey)) router.world.served(effect.account)
      router.witness.served(request, effect.account, known)
      return O.some(arrived(committed(journey, effect.account)))
    case 'PassOn': {
      const routed = passedOn(journey)
      router.witness.passedOn(request, routed.status)
      return O.some(arrived(routed))
    }
    case 'GiveUp':
      router.witness.gaveUp(request, effect.because)
      return O.some(arrived(givenUp(journey, effect.because)))
  }
}

/** Acts after which the answer under way is of no more use. */
const leavesAnswer: ReadonlyArray<Machine.Effect['_tag']> = ['Refresh', 'Pause', 'Send', 'GiveUp']

const letGo = (journey: Journey): void => {
  if (O.isSome(journey.underWay)) journey.underWay.value.body.cancel()
  journey.underWay = O.none
}

const happened = (happening: Machine.Happening): Outcome => ({ _tag: 'Happened', happening })
const arrived = (routed: Routed): Outcome => ({ _tag: 'Arrived', routed })

const tokenTried = (journey: Journey, account: AccountKey): O.Option<string> =>
  O.fromNullable(journey.triedWith.get(account))

const renew = async (journey: Journey, account: AccountKey): Promise<Machine.Happening> => {
  const held = pipe(
    Pool.find(account)(journey.known.pool),
    O.chain(({ credential }) => credential.access),
    O.map((access) => access.reveal()),
  )
  const seen = pipe(
    tokenTried(journey, account),
    O.alt(() => held),
  )
  return journey.router.refresh(account, seen).match(
    (): Machine.Happening => ({ _tag: 'Refreshed', outcome: 'fresh' }),
    (error): Machine.Happening => ({
      _tag: 'Refreshed',
      outcome: error._tag === 'RefreshRefused' ? 'refused' : 'failed',
    }),
  )
}

const send = async (journey: Journey, key: AccountKey): Promise<Machine.Happening> => {
  const { known, request, router } = journey
  const account = Pool.find(key)(known.pool)
  const access = O.isSome(account) ? account.value.credential.access : O.none
  // Removed or signed out since the decision: the next look at the pool will not have it.
  if (O.isNone(account) || O.isNone(access))
    return { _tag: 'Refused', refusal: { _tag: 'NoAnswer', code: 'account_gone', whose: 'host' } }
  const accessToken = access.value.reveal()
  journey.triedWith.set(key, accessToken)
  const { happening, underWay } = await attempt(
    router,
    request,
    account.value,
    accessToken,
    known.settings,
  )
  journey.underWay = underWay
  return happening
}

const underWayOf = (journey: Journey): Routed => {
  if (O.isNone(journey.underWay)) return nobodyWaits
  const { body, headers, status } = journey.underWay.value
  return { status, headers: Upstream.answerHeaders(headers), body }
}

/** The refusal as it came, or what a gateway says when there was none. */
const passedOn = (journey: Journey): Routed =>
  O.isSome(journey.underWay)
    ? underWayOf(journey)
    : givenUp(journey, { _tag: 'BackendFails', code: 'no_answer' })

/**
 * The answer, watched to its end, as a conversation's cache is warm from then on, and listened to, as
 * it may tell of a limit that the next request should know.
 */
const committed = (journey: Journey, account: AccountKey): Routed => {
  const routed = underWayOf(journey)
  const { request, router, underWay } = journey
  if (O.isNone(underWay)) return routed
  const isCompaction = asksForCompaction(request)
  const marks = isCompaction ? [StreamEvent.mark, Compaction.mark] : [StreamEvent.mark]
  const events = openEventSieve(marks, (event) => {
    if (isCompaction && Compaction.isIn(event)) router.world.bind(request.conversation, account)
    const refusal = heardIn(router, account, event)
    if (O.isSome(refusal)) void follow(journey, { _tag: 'Refused', refusal: refusal.value })
  })
  const passed = request.purpose === 'model' ? events.read : () => undefined
  const streamEnded = (): void => {
    underWay.value.ended()
    void follow(journey, { _tag: 'StreamEnded' })
  }
  return { ...routed, body: watched(routed.body, { ended: streamEnded, passed }) }
}

const givenUp = (journey: Journey, because: Machine.Because): Routed => {
  const now = journey.router.ports.clock.now()
  const answer = Answer.ofGivingUp(journey.request.client, now)(because)
  return { ...answer, body: ofPieces([new TextEncoder().encode(answer.body)]) }
}
