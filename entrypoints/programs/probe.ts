/**
 * Asks accounts one after the other for the shortest answer of a model, each with the token it has: a
 * look renews none. What comes of it is remembered as that of any request, and no answer is read
 * further than to where it can be judged.
 */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import type { Happening } from '../../core/failover/machine'
import * as Probe from '../../core/failover/probe'
import type { Refusal } from '../../core/failover/verdict'
import type { Seams } from '../../core/official/seams'
import * as ForeignHeaders from '../../core/request/foreign-headers'
import * as ProbeRequest from '../../core/request/probe'
import * as Brake from '../../core/routing/brake'
import type { Layout } from '../../core/storage/layout'
import { second, type Millis } from '../../core/time'
import { attempt, type Attempted, type Attempting } from './attempt'
import { openDeadlines } from './deadlines'
import type { LoadPorts } from './load'
import type { PoolError } from './pool'
import type { Ports } from './ports'
import { openResidency } from './residency'
import type { RouteRequest } from './route-request'
import { loseSignIn } from './router'
import { openSources } from './sources'
import { openHeads } from './stream-head'
import { openTurnStates } from './turn-states'
import { openWorld, type Known } from './world'

export interface Probed {
  readonly outcome: Probe.Outcome
  /** Of the answer, where there was one. */
  readonly status: O.Option<number>
}

type ProbePorts = LoadPorts & Pick<Ports, 'lock' | 'http' | 'random'>

/** A model that thinks no longer than it must has begun to answer by then. */
const probeMax: Millis = 15 * second

interface Probing extends Attempting {
  readonly ports: ProbePorts
  readonly layout: Layout
  readonly request: ProbeRequest.Probe
}

/** In the order of the accounts. */
export const probeAll =
  (
    ports: ProbePorts,
    layout: Layout,
    seams: Seams,
    environment: Readonly<Record<string, string | undefined>>,
  ) =>
  (
    accounts: ReadonlyArray<AccountKey>,
    model: string,
  ): ResultAsync<ReadonlyArray<Probed>, PoolError> => {
    const sources = openSources(ports, layout, environment)
    const probing: Probing = {
      ...{ ports, layout, request: ProbeRequest.of(model) },
      world: openWorld(ports, sources, O.none),
      residency: openResidency(ports, seams),
      turnStates: openTurnStates(),
      heads: openHeads(ports),
      wholes: openDeadlines(ports),
    }
    return new ResultAsync(
      askInTurn(probing, accounts).then(async (probed) => {
        await sources.runtime.flush().andThen(sources.load.close).unwrapOr(undefined)
        return probed
      }),
    )
  }

const askInTurn = async (
  probing: Probing,
  accounts: ReadonlyArray<AccountKey>,
): Promise<Result<ReadonlyArray<Probed>, PoolError>> => {
  const probed: Array<Probed> = []
  for (const account of accounts) {
    const known = await probing.world.look(O.none, O.some(probing.request.model))
    if (known.isErr()) return err(known.error)
    probed.push(await ask(probing, account, known.value))
  }
  return ok(probed)
}

const ask = async (probing: Probing, key: AccountKey, known: Known): Promise<Probed> => {
  const { clock } = probing.ports
  const { world } = known
  const reason = Probe.skipped(key, { at: clock.now(), world })
  if (O.isSome(reason)) return unasked({ _tag: 'Skipped', reason: reason.value })
  const account = Pool.find(key)(known.pool)
  // Removed since the probes began.
  if (O.isNone(account)) return unasked({ _tag: 'Skipped', reason: { _tag: 'NotAskedFor' } })
  const { credential } = account.value
  if (O.isNone(credential.access) || !Credential.isFresh(clock.now(), 0)(credential))
    return unasked({ _tag: 'TokenEnded' })
  const candidate = world.candidates.find((one) => one.key === key)
  if (candidate !== undefined)
    await clock.sleep(Brake.waitFor(clock.now(), world.signInsLost)(candidate))
  return send(probing, account.value, credential.access.value.reveal(), known)
}

const unasked = (outcome: Probe.Outcome): Probed => ({ outcome, status: O.none })

const send = async (
  probing: Probing,
  account: Account.Account,
  accessToken: string,
  known: Known,
): Promise<Probed> => {
  const key = Account.key(account)
  const gone = new AbortController()
  const deadline = probing.wholes.start(probeMax)
  void deadline.passed.then(() => gone.abort())
  const flight = probing.world.sent(O.none, key, known)
  const { happening, underWay } = await attempt(
    probing,
    requestOf(probing.request, gone.signal),
    account,
    accessToken,
    // What is undecided when the time is over is no answer.
    { ...known.settings, streamHeadTimeoutMs: 2 * probeMax },
  )
  deadline.end()
  flight.land()
  flight.end()
  const status = O.isSome(underWay) ? O.some(underWay.value.status) : O.none
  if (O.isSome(underWay)) {
    underWay.value.body.cancel()
    underWay.value.ended()
  }
  return { outcome: await learn(probing, key, accessToken, known, happening), status }
}

const requestOf = ({ body }: ProbeRequest.Probe, gone: AbortSignal): RouteRequest => ({
  purpose: 'model',
  client: 'other',
  method: 'POST',
  path: '/codex/responses',
  headers: ForeignHeaders.shape(O.none)([]),
  body: [new TextEncoder().encode(JSON.stringify(body))],
  conversation: O.none,
  gone,
})

const learn = async (
  { layout, ports, world }: Probing,
  key: AccountKey,
  accessToken: string,
  known: Known,
  happening: Attempted['happening'],
): Promise<Probe.Outcome> => {
  if (happening._tag === 'Answered') {
    world.served(key)
    return { _tag: 'Served' }
  }
  const refusal = refusalOf(happening)
  const at = ports.clock.now()
  const moment = { at, draw: ports.random.fraction(), world: known.world }
  for (const lesson of Probe.lessons(key, moment, refusal)) {
    switch (lesson._tag) {
      case 'CoolDown':
        world.coolDown(key, lesson.cooldown, known)
        break
      case 'RefuseModel':
        world.refuseModel(key, lesson.model)
        break
      case 'LoseSignIn':
        await loseSignIn(ports, layout)(key, O.some(accessToken), lesson.code)
    }
  }
  return Probe.outcomeOf(at)(refusal)
}

/** Nobody but the deadline lets go of a probe. */
const refusalOf = (happening: Happening): Refusal =>
  happening._tag === 'Refused'
    ? happening.refusal
    : { _tag: 'NoAnswer', code: 'timed_out', whose: 'network' }
