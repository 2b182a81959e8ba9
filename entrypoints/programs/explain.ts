/** Why an account serves: what the next request would meet, and what the last one met. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type * as Pool from '../../core/accounts/pool'
import * as Machine from '../../core/failover/machine'
import type { World } from '../../core/failover/moment'
import * as Explanation from '../../core/insight/explanation'
import { isAmbient } from '../../core/request/conversation'
import * as Selection from '../../core/routing/selection'
import { projectOf, type Layout } from '../../core/storage/layout'
import type { Instant } from '../../core/time'
import { olderOf } from './decision-log'
import type { LoadPorts } from './load'
import type { PoolError } from './pool'
import type { Ports } from './ports'
import { openSources } from './sources'
import { openWorld, type Known } from './world'

export interface Question {
  readonly conversation: O.Option<string>
  readonly model: O.Option<string>
}

export interface NextQuestion extends Question {
  /** The conversation that this one belongs to: one that is new starts where that lives. */
  readonly parent: O.Option<string>
}

export interface Explained {
  /** Of another model than was asked for, where one stands in for it. */
  readonly explanation: Explanation.Explanation
  readonly pool: Pool.Pool
  /** When the first account comes back by itself, where none can serve. */
  readonly soonest: O.Option<Instant>
}

/** Decided as a request that came now would be, by the same machine in the same world; nothing is sent. */
export const explainNext =
  (
    ports: Pick<Ports, 'lock'> & LoadPorts,
    layout: Layout,
    environment: Readonly<Record<string, string | undefined>>,
  ) =>
  ({ parent, ...question }: NextQuestion): ResultAsync<Explained, PoolError> => {
    const sources = openSources(ports, layout, environment)
    const conversation = O.map((id: string) => ({ id, parent }))(question.conversation)
    return openWorld(ports, sources, O.none)
      .look(conversation, question.model)
      .map((known) => explained(ports.clock.now(), known, question))
  }

const explained = (now: Instant, { pool, world }: Known, question: Question): Explained => {
  const { model, selection } = firstDecision(now, world)
  return {
    pool,
    explanation: {
      ...{ at: now, conversation: question.conversation, model },
      rows: Explanation.rowsOf(now, pool)(selection),
      others: [],
    },
    soonest: Selection.soonest(selection),
  }
}

interface Decided {
  /** The one that was asked for, or what stands in for it. */
  readonly model: O.Option<string>
  readonly selection: Selection.Selection
}

/** What the machine decides before it does anything: of several models that stand in, for the last. */
const firstDecision = (now: Instant, world: World): Decided => {
  const requested = { _tag: 'Requested', purpose: 'model', at: now, draw: 0, world } as const
  const [, effects] = Machine.step(Machine.idle, requested)
  return effects.reduce<Decided>(
    (last, effect) => {
      if (effect._tag === 'UseModel') return { ...last, model: O.some(effect.model) }
      return effect._tag === 'Decided' ? { ...last, selection: effect.selection } : last
    },
    { model: world.model, selection: { chosen: O.none, trace: [] } },
  )
}

/** The last decision in the log that fits the question, on a request that was some conversation's. */
export const explainLast =
  (ports: Pick<Ports, 'files'>, layout: Layout) =>
  (question: Question): ResultAsync<O.Option<Explanation.Explanation>, never> =>
    lastIn(ports, layout, layout.decisions, question).andThen((found) =>
      O.isSome(found) ? okAsync(found) : lastIn(ports, layout, olderOf(layout.decisions), question),
    )

const lastIn = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  path: string,
  question: Question,
): ResultAsync<O.Option<Explanation.Explanation>, never> =>
  // A log that cannot be read tells as much as one that is not there.
  ports.files
    .read(path)
    .orElse(() => okAsync(''))
    .map((text) => {
      const lines = text.split('\n')
      for (let index = lines.length - 1; index >= 0; index -= 1) {
        const read = Explanation.ofLine(projectOf(layout))(lines[index] ?? '')
        if (O.isSome(read) && fits(question)(read.value)) return read
      }
      return O.none
    })

const fits =
  (question: Question) =>
  ({ conversation, model }: Explanation.Explanation): boolean =>
    !(O.isSome(conversation) && isAmbient(conversation.value)) &&
    isAsked(question.conversation, conversation) &&
    isAsked(question.model, model)

const isAsked = (asked: O.Option<string>, found: O.Option<string>): boolean =>
  O.isNone(asked) || (O.isSome(found) && found.value === asked.value)
