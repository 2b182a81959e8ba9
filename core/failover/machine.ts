/**
 * Failover moves one request from attempt to attempt until an answer can be handed on.
 *
 * One reducer: an event in, the next state and effects out. Events carry the clock reading, the draw
 * and what is known of the accounts at that moment, so a log of events replays to the same effects.
 * Nothing is sent after the commit point, and never again on an account that refused this request.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import * as Cooldown from '../health/cooldown'
import * as Selection from '../routing/selection'
import { after, second, since, type Instant, type Millis } from '../time'
import * as AttemptBudget from './attempt-budget'
import * as Backoff from './backoff'
import * as Verdict from './verdict'

/** What is known when an event happens. */
export type World = Omit<Selection.Snapshot, 'now' | 'tried'> & {
  /** Accounts whose access token has ended or is about to. */
  readonly stale: ReadonlySet<AccountKey>
  /** Sign-ins taken back lately, over all processes. */
  readonly signInsLost: number
}

export interface Moment {
  readonly at: Instant
  /** In [0, 1). */
  readonly draw: number
  readonly world: World
}

/** A model request may be refused in many ways; of any other one only the credential concerns us. */
export type Purpose = 'model' | 'other'

export type Happening =
  | { readonly _tag: 'Requested'; readonly purpose: Purpose }
  | { readonly _tag: 'Refreshed'; readonly outcome: 'fresh' | 'refused' | 'failed' }
  | { readonly _tag: 'Refused'; readonly refusal: Verdict.Refusal }
  /** The answer's head is good, or there is none to judge. */
  | { readonly _tag: 'Answered' }
  | { readonly _tag: 'Paused' }
  | { readonly _tag: 'StreamEnded' }
  | { readonly _tag: 'ClientGone' }

export type Event = Moment & Happening

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

/** To be done next; a step has one, and it stands last, unless the request is over. */
export type Act =
  | { readonly _tag: 'Refresh'; readonly account: AccountKey }
  | { readonly _tag: 'Send'; readonly account: AccountKey }
  | { readonly _tag: 'Pause'; readonly span: Millis }
  /** Hand the answer under way to the client, from its first byte. */
  | { readonly _tag: 'Commit'; readonly account: AccountKey }
  /** Hand the refusal under way to the client as it came. */
  | { readonly _tag: 'PassOn' }
  | { readonly _tag: 'GiveUp'; readonly because: Because }

export type Effect = Note | Act

export type Because =
  /** No account can serve; `soonest` is when one comes back by itself, if one does. */
  | { readonly _tag: 'AllBarred'; readonly soonest: O.Option<Instant> }
  /** The backend, or the way to it, fails for every account; `code` as of the last failure. */
  | { readonly _tag: 'BackendFails'; readonly code: string }

interface Run {
  readonly purpose: Purpose
  readonly startedAt: Instant
  readonly sends: number
  readonly rounds: number
  readonly waited: Millis
  /** Whose access token was refused: it is not sent again before it is renewed. */
  readonly unauthorized: ReadonlyArray<AccountKey>
  readonly refreshed: ReadonlyArray<AccountKey>
  readonly hasReasoning: boolean
  /** Refused this request for good. */
  readonly barred: ReadonlyArray<AccountKey>
  /** Failed in this round with nobody to blame yet. */
  readonly failed: ReadonlyArray<AccountKey>
  /** Could not be renewed in this round, as the issuer failed. */
  readonly unrenewed: ReadonlyArray<AccountKey>
  /** The last such failure, and the longest wait the backend asked for in this round. */
  readonly failure: string
  readonly hint: Millis
}

export type State =
  | { readonly _tag: 'Idle' }
  | { readonly _tag: 'Refreshing'; readonly run: Run; readonly account: AccountKey }
  | { readonly _tag: 'Sending'; readonly run: Run; readonly account: AccountKey }
  | { readonly _tag: 'Pausing'; readonly run: Run }
  | { readonly _tag: 'Streaming'; readonly account: AccountKey }
  | { readonly _tag: 'Done' }

type Step = readonly [State, ReadonlyArray<Effect>]

export const idle: State = { _tag: 'Idle' }

/** Accounts invalidated one after the other mean that trying more would lose them too. */
const signInsLostMax = 3
export const signInsLostWithin: Millis = 60 * second
const afterLostSignIn: Millis = second
const credentialCooldown: Millis = 30 * second
const providerCooldown: Millis = 4 * second
/** An account that comes back this soon is waited for inside the request. */
const shortWait: Millis = 5 * second

export const step = (state: State, event: Event): Step => {
  if (event._tag === 'ClientGone') return done([])
  switch (state._tag) {
    case 'Idle':
      return event._tag === 'Requested'
        ? advance(begin(event.purpose, event.at), event)
        : [state, []]
    case 'Refreshing':
      return event._tag === 'Refreshed' ? onRefreshed(state, event) : [state, []]
    case 'Sending':
      if (event._tag === 'Answered') return onAnswered(state, event)
      return event._tag === 'Refused' ? onRefused(state, event) : [state, []]
    case 'Pausing':
      return event._tag === 'Paused'
        ? advance({ ...state.run, failed: [], unrenewed: [], hint: 0 }, event)
        : [state, []]
    case 'Streaming':
      return event._tag === 'StreamEnded'
        ? done([{ _tag: 'Tie', account: state.account }])
        : [state, []]
    case 'Done':
      return [state, []] // A late answer changes nothing.
  }
}

const begin = (purpose: Purpose, startedAt: Instant): Run => ({
  purpose,
  startedAt,
  sends: 0,
  rounds: 0,
  waited: 0,
  unauthorized: [],
  refreshed: [],
  hasReasoning: true,
  barred: [],
  failed: [],
  unrenewed: [],
  failure: '',
  hint: 0,
})

const done = (effects: ReadonlyArray<Effect>): Step => [{ _tag: 'Done' }, effects]

const giveUp = (because: Because): Step => done([{ _tag: 'GiveUp', because }])

const andThen = (effects: ReadonlyArray<Effect>, [state, rest]: Step): Step => [
  state,
  [...effects, ...rest],
]

/** Chooses an account and sends or refreshes; with none to choose, waits or ends. */
const advance = (run: Run, moment: Moment): Step => {
  const selection = Selection.select({
    ...moment.world,
    now: moment.at,
    tried: [...run.barred, ...run.failed, ...run.unrenewed],
  })
  const decided: ReadonlyArray<Effect> = [{ _tag: 'Decided', selection }]
  const budget = AttemptBudget.of(moment.world.candidates.length)
  if (O.isNone(selection.chosen) || run.sends >= budget.sendsMax)
    return andThen(decided, withoutAccount(run, moment, selection, budget))
  const account = selection.chosen.value.key
  return andThen(
    decided,
    needsRefresh(run, moment, account) ? refresh(run, account) : send(run, account),
  )
}

const needsRefresh = (run: Run, { world }: Moment, account: AccountKey): boolean =>
  !run.refreshed.includes(account) &&
  (world.stale.has(account) || run.unauthorized.includes(account))

const send = (run: Run, account: AccountKey): Step => [
  { _tag: 'Sending', run: { ...run, sends: run.sends + 1 }, account },
  [{ _tag: 'Send', account }],
]

const refresh = (run: Run, account: AccountKey): Step => [
  { _tag: 'Refreshing', run: { ...run, refreshed: [...run.refreshed, account] }, account },
  [{ _tag: 'Refresh', account }],
]

const pause = (run: Run, span: Millis): Step => [
  { _tag: 'Pausing', run: { ...run, rounds: run.rounds + 1, waited: run.waited + span } },
  [{ _tag: 'Pause', span }],
]

const withoutAccount = (
  run: Run,
  moment: Moment,
  selection: Selection.Selection,
  budget: AttemptBudget.Budget,
): Step => {
  const mayPause =
    run.rounds < budget.roundsMax &&
    run.sends < budget.sendsMax &&
    since(run.startedAt, moment.at) < budget.roundsWithin
  if (run.failed.length + run.unrenewed.length > 0)
    return mayPause && run.waited < budget.waitedMax
      ? pause(run, Backoff.wait(run.rounds + 1, run.hint, moment.draw))
      : giveUp({ _tag: 'BackendFails', code: run.failure })
  const soonest = Selection.soonest(selection)
  const comesBack = O.isSome(soonest) && !isBarred(run, selection, soonest.value)
  const span = comesBack ? since(moment.at, soonest.value) : Infinity
  return mayPause && run.waited + span <= shortWait
    ? pause(run, span)
    : giveUp({ _tag: 'AllBarred', soonest })
}

/** Whether the account that comes back soonest has refused this request, so that waiting is in vain. */
const isBarred = (run: Run, selection: Selection.Selection, soonest: Instant): boolean =>
  !selection.trace.some(
    (line) =>
      line._tag === 'Unavailable' &&
      'until' in line.reason &&
      line.reason.until === soonest &&
      !run.barred.includes(line.key),
  )

const onAnswered = (state: State & { readonly _tag: 'Sending' }, moment: Moment): Step => {
  const { account, run } = state
  // Others failed where this one did not, so the fault was theirs after all.
  const blamed = run.failed.map((failed): Effect => ({
    _tag: 'CoolDown',
    account: failed,
    cooldown: Cooldown.cooling(after(moment.at, providerCooldown), 'provider'),
  }))
  return [
    { _tag: 'Streaming', account },
    [...blamed, { _tag: 'Tie', account }, { _tag: 'Commit', account }],
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
      return advance(barring(run, account), event)
    // The issuer may be there again in a moment, and then the account can serve.
    case 'failed': {
      const refreshed = run.refreshed.filter((other) => other !== account)
      const unrenewed = [...run.unrenewed, account]
      return advance({ ...run, refreshed, unrenewed, failure: 'refresh_failed' }, event)
    }
  }
}

const barring = (run: Run, account: AccountKey): Run => ({
  ...run,
  barred: [...run.barred, account],
})

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
      return advance(
        {
          ...run,
          failed: [...run.failed, account],
          failure: verdict.code,
          hint: Math.max(run.hint, verdict.hint),
        },
        event,
      )
    case 'ForeignReasoning':
      return run.hasReasoning
        ? andThen([{ _tag: 'DropReasoning' }], send({ ...run, hasReasoning: false }, account))
        : done([{ _tag: 'PassOn' }])
    case 'CredentialRefused':
      return run.refreshed.includes(account)
        ? cool(state, event, after(event.at, credentialCooldown), 'credential', O.none)
        : refresh({ ...run, unauthorized: [...run.unauthorized, account] }, account)
    case 'Limited':
      return cool(state, event, verdict.until, 'rate-limited', verdict.window)
    case 'AccountBarred':
      return cool(state, event, verdict.until, 'workspace', O.none)
    case 'SignInLost': {
      const lost: ReadonlyArray<Effect> = [{ _tag: 'LoseSignIn', account, code: verdict.code }]
      return event.world.signInsLost + 1 >= signInsLostMax
        ? andThen(
            lost,
            giveUp({ _tag: 'AllBarred', soonest: O.some(after(event.at, signInsLostWithin)) }),
          )
        : andThen(lost, pause(barring(run, account), afterLostSignIn))
    }
  }
}

const relevant = (purpose: Purpose, verdict: Verdict.Verdict): Verdict.Verdict =>
  purpose === 'model' || verdict._tag === 'CredentialRefused' || verdict._tag === 'SignInLost'
    ? verdict
    : { _tag: 'PassOn' }

const cool = (
  state: State & { readonly _tag: 'Sending' },
  moment: Moment,
  until: Instant,
  why: Cooldown.Why,
  window: Parameters<typeof Cooldown.cooling>[2],
): Step => {
  const cooldown = Cooldown.cooling(until, why, window)
  return andThen(
    [{ _tag: 'CoolDown', account: state.account, cooldown }],
    advance(barring(state.run, state.account), cooled(state.account, cooldown, moment)),
  )
}

/** The moment as it is once the cooldown holds, so that the trace names it. */
const cooled = (account: AccountKey, cooldown: Cooldown.Cooldown, moment: Moment): Moment => ({
  ...moment,
  world: {
    ...moment.world,
    candidates: moment.world.candidates.map((candidate) =>
      candidate.key === account
        ? { ...candidate, cooldown: Cooldown.extend(cooldown)(candidate.cooldown) }
        : candidate,
    ),
  },
})
