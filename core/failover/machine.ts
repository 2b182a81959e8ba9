/**
 * Failover moves one request from attempt to attempt until an answer can be handed on.
 *
 * One reducer: an event in, the next state and effects out. Events carry the clock reading, the draw
 * and what is known of the accounts at that moment, so a log of events replays to the same effects.
 * Nothing is sent after the commit point, and never again on an account before its cooldown has ended.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import * as Cooldown from '../health/cooldown'
import * as Brake from '../routing/brake'
import * as Selection from '../routing/selection'
import { after, second, since, type Instant, type Millis } from '../time'
import * as AttemptBudget from './attempt-budget'
import * as Backoff from './backoff'
import * as Moment from './moment'
import * as Run from './run'
import type * as Terms from './terms'
import * as Verdict from './verdict'

export type Happening =
  | { readonly _tag: 'Requested'; readonly purpose: Run.Purpose }
  | { readonly _tag: 'Refreshed'; readonly outcome: 'fresh' | 'refused' | 'failed' }
  | { readonly _tag: 'Refused'; readonly refusal: Verdict.Refusal }
  /** The answer's head is good, or there is none to judge. */
  | { readonly _tag: 'Answered' }
  | { readonly _tag: 'Paused' }
  | { readonly _tag: 'StreamEnded' }
  | { readonly _tag: 'ClientGone' }

export type Event = Moment.Moment & Happening

/** To be noted; the request goes on. */
export type Note =
  | { readonly _tag: 'Decided'; readonly selection: Selection.Selection }
  | {
      readonly _tag: 'CoolDown'
      readonly account: AccountKey
      readonly cooldown: Cooldown.Cooldown
    }
  | { readonly _tag: 'LoseSignIn'; readonly account: AccountKey; readonly code: string }
  | { readonly _tag: 'Tie'; readonly account: AccountKey }
  /** From here on the request goes without the reasoning that only another account can read. */
  | { readonly _tag: 'DropReasoning' }
  /** What the conversation holds can be read by this account alone. */
  | { readonly _tag: 'Bind'; readonly account: AccountKey }
  /** The account may not use the model. */
  | { readonly _tag: 'RefuseModel'; readonly account: AccountKey; readonly model: string }
  /** From here on the request asks for another model than it came with. */
  | { readonly _tag: 'UseModel'; readonly from: string; readonly model: string }

/** What a refusal teaches of an account, whatever becomes of the request. */
export type Lesson = Extract<Note, { readonly _tag: 'CoolDown' | 'LoseSignIn' | 'RefuseModel' }>

/** To be done next; a step has one, and it stands last, unless the request is over. */
export type Act =
  | { readonly _tag: 'Refresh'; readonly account: AccountKey }
  | { readonly _tag: 'Send'; readonly account: AccountKey }
  /** `back` is when an account is back that is waited for. */
  | { readonly _tag: 'Pause'; readonly span: Millis; readonly back: O.Option<Instant> }
  /** Hand the answer under way to the client, from its first byte. */
  | { readonly _tag: 'Commit'; readonly account: AccountKey }
  /** Hand the refusal under way to the client as it came. */
  | { readonly _tag: 'PassOn' }
  | { readonly _tag: 'GiveUp'; readonly because: Because }

export type Effect = Note | Act

export type Because =
  /** No account can serve; `soonest` is when one comes back by itself, if one does. */
  | {
      readonly _tag: 'AllBarred'
      readonly soonest: O.Option<Instant>
      /** A usage limit keeps one of them out; told of no request that the brake has ended. */
      readonly isLimited: boolean
    }
  /** Of the accounts that can serve none may use the model; it is not always known by name. */
  | { readonly _tag: 'NoModel'; readonly model: O.Option<string> }
  /** What it holds is encrypted for an account that is not here, or that a person must mend. */
  | { readonly _tag: 'Unreadable' }
  /** The backend, or the way to it, fails for every account; `code` as of the last failure. */
  | { readonly _tag: 'BackendFails'; readonly code: string }

export type State =
  | { readonly _tag: 'Idle' }
  | { readonly _tag: 'Refreshing'; readonly run: Run.Run; readonly account: AccountKey }
  | { readonly _tag: 'Sending'; readonly run: Run.Run; readonly account: AccountKey }
  | { readonly _tag: 'Pausing'; readonly run: Run.Run }
  | {
      readonly _tag: 'Streaming'
      readonly run: Run.Run
      readonly account: AccountKey
      /** It has told of its failure, which more than one event may do. */
      readonly isRefused: boolean
    }
  | { readonly _tag: 'Done' }

type Step = readonly [State, ReadonlyArray<Effect>]

export const idle: State = { _tag: 'Idle' }

const credentialCooldown: Millis = 30 * second

export const step = (state: State, event: Event): Step => {
  if (event._tag === 'ClientGone') return done([])
  switch (state._tag) {
    case 'Idle':
      return event._tag === 'Requested'
        ? advance(Run.begin(event.purpose, event.at), event)
        : [state, []]
    case 'Refreshing':
      return event._tag === 'Refreshed' ? onRefreshed(state, event) : [state, []]
    case 'Sending':
      if (event._tag === 'Answered') return onAnswered(state, event)
      return event._tag === 'Refused' ? onRefused(state, event) : [state, []]
    case 'Pausing':
      return event._tag === 'Paused' ? advance(Run.anew(state.run), event) : [state, []]
    case 'Streaming':
      if (event._tag === 'Refused') return onRefusedLate(state, event)
      return event._tag === 'StreamEnded'
        ? done([{ _tag: 'Tie', account: state.account }])
        : [state, []]
    case 'Done':
      return [state, []] // A late answer changes nothing.
  }
}

const done = (effects: ReadonlyArray<Effect>): Step => [{ _tag: 'Done' }, effects]

const giveUp = (because: Because): Step => done([{ _tag: 'GiveUp', because }])

const andThen = (effects: ReadonlyArray<Effect>, [state, rest]: Step): Step => [
  state,
  [...effects, ...rest],
]

/** Chooses an account and sends or refreshes; with none to choose, waits or ends. */
const advance = (run: Run.Run, moment: Moment.Moment): Step => {
  const selection = Selection.select({
    ...moment.world,
    model: modelOf(run, moment),
    now: moment.at,
    tried: Run.tried(moment.at)(run),
  })
  const decided: ReadonlyArray<Effect> = [{ _tag: 'Decided', selection }]
  const budget = AttemptBudget.of(moment.world.candidates.length)
  if (O.isNone(selection.chosen) || run.sends >= budget.sendsMax)
    return andThen(decided, withoutAccount(run, moment, selection, budget))
  const account = selection.chosen.value.key
  const wait = brakeOn(account, moment)
  if (wait > 0) return andThen(decided, pause(run, wait))
  return andThen(
    decided,
    needsRefresh(run, moment, account) ? refresh(run, account) : send(run, account),
  )
}

/** How long to wait before it is asked, as other sign-ins were just taken back. */
const brakeOn = (account: AccountKey, { at, world }: Moment.Moment): Millis => {
  const candidate = world.candidates.find(({ key }) => key === account)
  return candidate === undefined ? 0 : Brake.waitFor(at, world.signInsLost)(candidate)
}

const modelOf = ({ standIn }: Run.Run, { world }: Moment.Moment): O.Option<string> =>
  O.isSome(standIn) ? standIn : world.model

const needsRefresh = (run: Run.Run, { world }: Moment.Moment, account: AccountKey): boolean =>
  !run.refreshed.includes(account) &&
  (world.stale.has(account) || run.unauthorized.includes(account))

const send = (run: Run.Run, account: AccountKey): Step => [
  { _tag: 'Sending', run: { ...run, sends: run.sends + 1 }, account },
  [{ _tag: 'Send', account }],
]

const refresh = (run: Run.Run, account: AccountKey): Step => [
  { _tag: 'Refreshing', run: { ...run, refreshed: [...run.refreshed, account] }, account },
  [{ _tag: 'Refresh', account }],
]

const pause = (run: Run.Run, span: Millis): Step => [
  { _tag: 'Pausing', run: { ...run, rounds: run.rounds + 1, waited: run.waited + span } },
  [{ _tag: 'Pause', span, back: O.none }],
]

const withoutAccount = (
  run: Run.Run,
  moment: Moment.Moment,
  selection: Selection.Selection,
  budget: AttemptBudget.Budget,
): Step => {
  const isFailing = run.failed.length + run.unrenewed.length > 0
  const mayWait = run.rounds < budget.roundsMax && run.sends < budget.sendsMax
  const isPatient =
    since(run.startedAt, moment.at) < budget.roundsWithin && run.waited < budget.waitedMax
  if (isFailing && mayWait && isPatient)
    return pause(run, Backoff.wait(run.rounds + 1, run.hint, moment.draw))
  const back = mayWait ? comesBack(run, selection) : O.none
  if (O.isSome(back)) {
    const span = since(moment.at, back.value)
    const rested = Run.rested(span, moment.at, moment.world.failover)(run)
    if (O.isSome(rested))
      return [{ _tag: 'Pausing', run: rested.value }, [{ _tag: 'Pause', span, back }]]
  }
  if (isFailing) return giveUp({ _tag: 'BackendFails', code: run.failure })
  const soonest = soonestOf(selection, () => true)
  const isTied = run.unreadable.length > 0 || O.isSome(moment.world.bound)
  if (isTied && O.isNone(soonest)) return giveUp({ _tag: 'Unreadable' })
  const lacksModel = run.lacking.length > 0 || selection.trace.some(isLacking)
  return lacksModel && O.isNone(soonest)
    ? withoutModel(run, moment)
    : giveUp({ _tag: 'AllBarred', soonest, isLimited: selection.trace.some(isLimited) })
}

/** The next model of the chain that the person has set, or the end. */
const withoutModel = (run: Run.Run, moment: Moment.Moment): Step => {
  const model = modelOf(run, moment)
  const { failover, model: came } = moment.world
  const next = O.isSome(came) ? Run.withStandIn(came.value, failover)(run) : O.none
  return O.isSome(model) && O.isSome(next) && O.isSome(next.value.standIn)
    ? andThen(
        [{ _tag: 'UseModel', from: model.value, model: next.value.standIn.value }],
        advance(next.value, moment),
      )
    : giveUp({ _tag: 'NoModel', model })
}

/** When an account is back that has not refused this request for good. */
const comesBack = (run: Run.Run, selection: Selection.Selection): O.Option<Instant> =>
  soonestOf(selection, (key) => !run.barred.includes(key))

/** A plan that does not include a model is nothing to wait for. */
const soonestOf = (
  { chosen, trace }: Selection.Selection,
  among: (key: AccountKey) => boolean,
): O.Option<Instant> =>
  Selection.soonest({ chosen, trace: trace.filter((line) => among(line.key) && !isLacking(line)) })

const isLimited = (line: Selection.Line): boolean =>
  line._tag === 'Unavailable' && line.reason._tag === 'RateLimited'

const isLacking = (line: Selection.Line): boolean =>
  line._tag === 'Unavailable' && line.reason._tag === 'ModelNotEntitled'

const onAnswered = (state: State & { readonly _tag: 'Sending' }, moment: Moment.Moment): Step => {
  const { account, run } = state
  // Others failed where this one did not, so the fault was theirs after all.
  const blamed = run.failed.flatMap((failed): ReadonlyArray<Effect> =>
    O.isNone(failed.cooldown)
      ? []
      : [
          {
            _tag: 'CoolDown',
            account: failed.account,
            cooldown: Cooldown.cooling(after(moment.at, failed.cooldown.value), 'provider'),
          },
        ],
  )
  const bound: ReadonlyArray<Effect> = run.unreadable.length > 0 ? [{ _tag: 'Bind', account }] : []
  return [
    { _tag: 'Streaming', run, account, isRefused: false },
    [...blamed, ...bound, { _tag: 'Tie', account }, { _tag: 'Commit', account }],
  ]
}

const onRefreshed = (
  state: State & { readonly _tag: 'Refreshing' },
  event: Event & { readonly _tag: 'Refreshed' },
): Step => {
  const { account, run } = state
  switch (event.outcome) {
    case 'fresh':
      return send(run, account)
    case 'refused':
      return advance(Run.barring(account)(run), event)
    // The issuer may be there again in a moment, and then the account can serve.
    case 'failed': {
      const refreshed = run.refreshed.filter((other) => other !== account)
      const unrenewed = [...run.unrenewed, account]
      return advance({ ...run, refreshed, unrenewed, failure: 'refresh_failed' }, event)
    }
  }
}

const onRefused = (
  state: State & { readonly _tag: 'Sending' },
  event: Event & { readonly _tag: 'Refused' },
): Step => {
  const { account, run } = state
  const verdict = relevant(run.purpose, Verdict.of(event.at)(event.refusal))
  switch (verdict._tag) {
    case 'PassOn':
      return done([{ _tag: 'PassOn' }])
    case 'ProviderFault':
      return advance(failing(run, account, verdict, event.world.failover), event)
    case 'ForeignReasoning':
      // What is left then is a compaction, which is never dropped: another account may be its maker.
      return run.hasReasoning
        ? andThen([{ _tag: 'DropReasoning' }], send({ ...run, hasReasoning: false }, account))
        : advance(Run.unreadableBy(account)(run), event)
    case 'ModelRefused': {
      const model = modelOf(run, event)
      const without = Run.withoutModel(account)(run)
      return O.isNone(model)
        ? advance(without, event)
        : andThen(
            [{ _tag: 'RefuseModel', account, model: model.value }],
            advance(without, Moment.lacking(account, model.value, event)),
          )
    }
    case 'CredentialRefused': {
      if (!run.refreshed.includes(account))
        return refresh({ ...run, unauthorized: [...run.unauthorized, account] }, account)
      const until = after(event.at, credentialCooldown)
      return cool(Run.barring(account)(run), account, event, Cooldown.cooling(until, 'credential'))
    }
    case 'Limited': {
      const { until, window } = verdict
      const rested = Run.resting({ account, until })(run)
      return cool(rested, account, event, Cooldown.cooling(until, 'rate-limited', window))
    }
    case 'AccountBarred': {
      const cooldown = Cooldown.cooling(verdict.until, 'workspace')
      return cool(Run.barring(account)(run), account, event, cooldown)
    }
    case 'SignInLost': {
      const lost: ReadonlyArray<Effect> = [{ _tag: 'LoseSignIn', account, code: verdict.code }]
      const held = Brake.heldUntil([...event.world.signInsLost, event.at])
      return O.isSome(held)
        ? andThen(
            lost,
            giveUp({
              _tag: 'AllBarred',
              soonest: Brake.backAfter(held.value, account, event.at, event.world),
              isLimited: false,
            }),
          )
        : andThen(lost, pause(Run.barring(account)(run), Brake.afterLoss))
    }
  }
}

/** The client has what came before it, so what the request would do next is left undone. */
const onRefusedLate = (
  state: State & { readonly _tag: 'Streaming' },
  event: Event & { readonly _tag: 'Refused' },
): Step => [
  { ...state, isRefused: true },
  state.isRefused ? [] : lessons(state.run, state.account, event),
]

/** What the refusal of a run teaches of its account. */
export const lessons = (
  run: Run.Run,
  account: AccountKey,
  event: Event & { readonly _tag: 'Refused' },
): ReadonlyArray<Lesson> => onRefused({ _tag: 'Sending', run, account }, event)[1].filter(isLesson)

const isLesson = (effect: Effect): effect is Lesson =>
  effect._tag === 'CoolDown' || effect._tag === 'LoseSignIn' || effect._tag === 'RefuseModel'

const relevant = (purpose: Run.Purpose, verdict: Verdict.Verdict): Verdict.Verdict =>
  purpose === 'model' || verdict._tag === 'CredentialRefused' || verdict._tag === 'SignInLost'
    ? verdict
    : { _tag: 'PassOn' }

const failing = (
  run: Run.Run,
  account: AccountKey,
  { code, hint, whose }: Verdict.Verdict & { readonly _tag: 'ProviderFault' },
  { networkCooldown, serverCooldown }: Terms.Terms,
): Run.Run => {
  const spans = { host: O.none, network: O.some(networkCooldown), server: O.some(serverCooldown) }
  return Run.failing({ account, code, cooldown: spans[whose] }, hint)(run)
}

const cool = (
  run: Run.Run,
  account: AccountKey,
  moment: Moment.Moment,
  cooldown: Cooldown.Cooldown,
): Step =>
  andThen(
    [{ _tag: 'CoolDown', account, cooldown }],
    advance(run, Moment.cooled(account, cooldown, moment)),
  )
