/**
 * With the second account there is something to choose: whether requests move between accounts by
 * themselves. Who cannot be asked gets that, and hears of it; who has said it before is not asked.
 */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import { changeSetting } from '../programs/change-settings'
import { readSettings } from '../programs/settings'
import type { Context } from './command'

type Routing = 'automatic' | 'manual'

const question = 'With two accounts, who chooses which one serves?'

const choices: ReadonlyArray<{ readonly value: Routing; readonly title: string }> = [
  { value: 'automatic', title: 'Automatic: a request moves on when an account cannot serve it' },
  { value: 'manual', title: 'Manual: only the account I switched to serves' },
]

const automaticWords =
  'Requests move between your accounts by themselves from now on. To choose yourself:\n' +
  'codex-multi-auth rotation off\n'

const manualWords =
  'Only the account you switched to serves from now on. To let requests move:\n' +
  'codex-multi-auth rotation on\n'

/** Answers with warnings. */
export const settleRouting = (
  context: Context,
  mayAsk: boolean,
): ResultAsync<ReadonlyArray<string>, never> => {
  const { ports, layout, environment } = context
  return readSettings(ports, layout, environment).andThen(({ originOf }) => {
    if (originOf('schedulingStrategy')._tag !== 'Default') return okAsync([])
    return (mayAsk && isAttended(context) ? asked(context) : okAsync(O.none)).andThen((answer) => {
      if (O.isSome(answer) && answer.value === 'manual') return keepManual(context)
      ports.terminal.say(automaticWords)
      return okAsync([])
    })
  })
}

/** Somebody sits at the terminal. */
const isAttended = ({ ports, environment }: Context): boolean => {
  const { input, talk } = ports.terminal.isInteractive
  return (environment['CI'] ?? '') === '' && input && talk
}

const asked = ({ prompter }: Context): ResultAsync<O.Option<Routing>, never> =>
  ResultAsync.fromSafePromise(prompter()).andThen(({ choose }) => choose(question, choices))

const keepManual = ({ ports, layout }: Context): ResultAsync<ReadonlyArray<string>, never> =>
  changeSetting(ports, layout)('schedulingStrategy', O.some('manual'))
    .map((): ReadonlyArray<string> => {
      ports.terminal.say(manualWords)
      return []
    })
    .orElse((error) =>
      ResultAsync.fromSafePromise(import('./render-error')).map(({ renderError }) => [
        `Routing stays automatic, as the choice could not be kept. ${renderError(error).message}`,
      ]),
    )
