/** `why`: which account the next request goes to, or the last one went to, and why not the others. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type * as Pool from '../../core/accounts/pool'
import * as Explanation from '../../core/insight/explanation'
import { explanationText, nameIn, type Told } from '../../core/insight/explanation-text'
import { iso } from '../../core/time'
import { explainLast, explainNext, type NextQuestion } from '../programs/explain'
import { readPool } from '../programs/pool'
import { command, type Answer, type Context } from './command'
import { orNull, time, whole } from './forms'
import type { CliError } from './render-error'

export interface Options extends NextQuestion {
  readonly isLast: boolean
}

const run =
  (context: Context) =>
  (options: Options): ResultAsync<Told, CliError> =>
    options.isLast ? ofLast(context, options) : ofNext(context, options)

const ofNext = (
  { environment, layout, ports, process }: Context,
  question: NextQuestion,
): ResultAsync<Told, CliError> =>
  ResultAsync.fromSafePromise(process())
    .andThen((self) => explainNext({ ...ports, process: self }, layout, environment)(question))
    .mapErr((error): CliError => error)
    .andThen(({ explanation, pool, soonest }): ResultAsync<Told, CliError> => {
      const now = explanation.at
      return O.isSome(Explanation.chosenOf(explanation))
        ? okAsync({
            explanation,
            pool,
            now,
            isLast: false,
            instead: insteadOf(question, explanation),
          })
        : errAsync({ _tag: 'NoAccountServes', now, soonest, accounts: barredOf(explanation, pool) })
    })

const ofLast = ({ layout, ports }: Context, question: NextQuestion): ResultAsync<Told, CliError> =>
  readPool(ports, layout)
    .mapErr((error): CliError => error)
    .andThen((pool) =>
      explainLast(
        ports,
        layout,
      )(question).andThen((found): ResultAsync<Told, CliError> =>
        O.isSome(found)
          ? okAsync({
              explanation: found.value,
              pool,
              now: ports.clock.now(),
              isLast: true,
              instead: O.none,
            })
          : errAsync({ _tag: 'NoDecision' }),
      ),
    )

/** The model that was asked for, where the decision is of another. */
const insteadOf = (
  { model }: Pick<Options, 'model'>,
  explanation: Explanation.Explanation,
): O.Option<string> =>
  O.filter((asked: string) => O.isSome(explanation.model) && explanation.model.value !== asked)(
    model,
  )

const barredOf = ({ rows }: Explanation.Explanation, pool: Pool.Pool) =>
  rows.map((row) => ({
    key: keyIn(pool, row) ?? row.accountId,
    name: nameIn(pool, row),
    ...row,
  }))

const keyIn = (pool: Pool.Pool, row: Explanation.Row): string | null =>
  O.toNullable(O.map(Account.key)(Explanation.accountOf(row)(pool)))

const form = t.strict({
  decidedAt: time,
  conversation: orNull(t.string),
  model: orNull(t.string),
  chosen: orNull(t.string),
  because: orNull(t.string),
  trace: t.array(
    t.strict({
      key: orNull(t.string),
      number: whole,
      accountId: t.string,
      outcome: t.string,
      says: t.string,
      until: orNull(time),
    }),
  ),
  others: t.array(t.strict({ outcome: t.string, accounts: whole })),
})

const render = (told: Told, width: number): Answer<t.TypeOf<typeof form>> => {
  const { explanation, pool } = told
  const chosen = Explanation.chosenOf(explanation)
  return {
    data: () => ({
      decidedAt: iso(explanation.at),
      conversation: O.toNullable(explanation.conversation),
      model: O.toNullable(explanation.model),
      chosen: O.isSome(chosen) ? keyIn(pool, chosen.value) : null,
      because: O.toNullable(O.chain(({ because }: Explanation.Row) => because)(chosen)),
      trace: explanation.rows.map((row) => ({
        ...row,
        key: keyIn(pool, row),
        until: O.toNullable(row.until),
      })),
      others: [...explanation.others],
    }),
    text: () => explanationText(told, width),
    warnings: [],
  }
}

export const why = command({
  examples: [
    ['$0 why', 'which account the next request goes to'],
    ['$0 why --last', 'what was decided last'],
    ['$0 why --model gpt-5.5', 'for a request that asks for this model'],
    ['$0 why --conversation ID', 'for the next request of a conversation'],
  ],
  epilogue: 'Nothing is sent. Where no account can serve, it says when to try again.',
  options: (parser) =>
    parser
      .option('now', {
        type: 'boolean',
        alias: 'n',
        describe: 'The next request, as when left out',
      })
      .option('last', { type: 'boolean', alias: 'l', describe: 'The last decision made' })
      .option('model', { type: 'string', requiresArg: true, describe: 'For this model' })
      .option('conversation', { type: 'string', requiresArg: true, describe: 'For this one' })
      .option('parent', {
        ...{ type: 'string', requiresArg: true, implies: 'conversation' },
        describe: 'With --conversation: the one it belongs to',
      })
      .conflicts('now', 'last')
      .conflicts('parent', 'last'),
  parse: ({ conversation, last, model, parent }): Options => ({
    isLast: last === true,
    parent: O.fromNullable(parent),
    conversation: O.fromNullable(conversation),
    model: O.fromNullable(model),
  }),
  run,
  form,
  render,
})
