/** Asking a model with each account, and what comes of it, for `check --probe`. */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { Pool } from '../../core/accounts/pool'
import * as Probe from '../../core/failover/probe'
import * as ReasonWords from '../../core/insight/reason'
import type { Seams } from '../../core/official/seams'
import * as Model from '../../core/request/model'
import { iso, type Instant } from '../../core/time'
import { printable } from '../../core/tui/printable'
import { relative } from '../../core/tui/relative-time'
import { explainLast } from '../programs/explain'
import type { Probed } from '../programs/probe'
import type { Context } from './command'
import { exit } from './exit'
import { oneOf, orNull, time, whole } from './forms'
import type { CliError } from './render-error'

export interface Probes {
  readonly model: string
  /** In the order of the accounts; those set aside come after them, and are not asked. */
  readonly probed: ReadonlyArray<Probed>
}

/** `model` is the one that is named; else it is that of the last request, as the next will ask for it. */
export const ask =
  (context: Context, seams: Seams) =>
  (pool: Pool, model: O.Option<string>): ResultAsync<Probes, CliError> =>
    (O.isSome(model) ? okAsync(model.value) : lastModel(context)).andThen((asked) =>
      loaded(context).andThen(({ ports, probeAll }) =>
        probeAll(
          ports,
          context.layout,
          seams,
          context.environment,
        )(pool.accounts.map(Account.key), asked)
          .map((probed) => ({ model: asked, probed }))
          .mapErr((error): CliError => error),
      ),
    )

const lastModel = ({ layout, ports }: Context): ResultAsync<string, never> =>
  explainLast(
    ports,
    layout,
  )({ conversation: O.none, model: O.none }).map((last) =>
    pipe(
      last,
      O.chain((explanation) => explanation.model),
      O.getOrElse(() => Model.standard),
    ),
  )

/** As the network is loaded where it is needed alone. */
const loaded = (context: Context) =>
  ResultAsync.fromSafePromise(
    Promise.all([import('../programs/probe'), context.signInPorts(), context.process()]).then(
      ([{ probeAll }, ports, process]) => ({ probeAll, ports: { ...ports, process } }),
    ),
  )

const nameOf = {
  Served: 'served',
  Limited: 'limited',
  SignInLost: 'needs-sign-in',
  TokenRefused: 'token-refused',
  Barred: 'barred',
  ModelRefused: 'model-refused',
  RequestRefused: 'request-refused',
  BackendFailed: 'backend-failed',
  TokenEnded: 'token-ended',
  Skipped: 'skipped',
} as const satisfies Readonly<Record<Probe.Outcome['_tag'], string>>

export const form = t.strict(
  {
    outcome: oneOf(Object.values(nameOf)),
    /** Of the answer; null where there was none. */
    status: orNull(whole),
    /** As the backend names what it refused, or as the failure is called. */
    code: orNull(t.string),
    /** Why it was not asked. */
    reason: orNull(oneOf(ReasonWords.names)),
    /** When it may be asked again. */
    until: orNull(time),
  },
  'Probe',
)

export const toForm = ({ probed }: Probes, index: number): t.TypeOf<typeof form> | null => {
  const one = probed[index]
  if (one === undefined) return null
  const { outcome, status } = one
  const back = Probe.backAt(outcome)
  return {
    outcome: nameOf[outcome._tag],
    status: O.toNullable(status),
    code: 'code' in outcome ? outcome.code : null,
    reason: outcome._tag === 'Skipped' ? ReasonWords.name(outcome.reason) : null,
    until: O.isSome(back) ? iso(back.value) : null,
  }
}

export const text =
  (now: Instant) =>
  ({ model, probed }: Probes, index: number): string => {
    const one = probed[index]
    if (one === undefined) return 'not asked: it is set aside'
    const { outcome, status } = one
    switch (outcome._tag) {
      case 'Served':
        return 'served'
      case 'Limited':
        return `limited, back ${relative(now)(outcome.until)}`
      case 'SignInLost':
        return `needs sign-in (${printable(outcome.code)})`
      case 'TokenRefused':
        return 'token refused: the next request renews it'
      case 'Barred':
        return `refused (${printable(outcome.code)}), tried again ${relative(now)(outcome.until)}`
      case 'ModelRefused':
        return `may not use ${printable(model)}`
      case 'RequestRefused':
        return `refused (HTTP ${O.isSome(status) ? status.value : '?'})`
      case 'BackendFailed':
        return `no answer (${printable(outcome.code)})`
      case 'TokenEnded':
        return 'not asked: its token has ended'
      case 'Skipped':
        return `not asked: it ${printable(ReasonWords.phrase(now)(outcome.reason))}`
    }
  }

const exits: Readonly<Record<Probe.Sum, number>> = {
  serving: exit.done,
  none: exit.noAccountServes,
  'needs-sign-in': exit.signInNeeded,
}

export const exitOf = ({ probed }: Probes): number => exits[sumOf(probed)]

const sumOf = (probed: ReadonlyArray<Probed>): Probe.Sum =>
  Probe.sum(probed.map(({ outcome }) => outcome))

/** What follows where no account can serve. */
export const warningsOf =
  (now: Instant) =>
  ({ probed }: Probes): ReadonlyArray<string> => {
    switch (sumOf(probed)) {
      case 'serving':
        return []
      case 'needs-sign-in':
        return ['No account can serve. Sign in: codex-multi-auth login']
      case 'none': {
        const backs = probed.flatMap(({ outcome }) => {
          const back = Probe.backAt(outcome)
          return O.isSome(back) ? [back.value] : []
        })
        return backs.length === 0
          ? ['No account can serve now.']
          : [`No account can serve now. Try again ${relative(now)(Math.min(...backs))}.`]
      }
    }
  }
