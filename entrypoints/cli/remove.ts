/** `remove`: an account is forgotten here. Its sign-in itself is not ended. */
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Selector from '../../core/accounts/selector'
import { forget } from '../programs/forget'
import { describe } from './account-text'
import { accountForm, poolForm, toAccountForm, toPoolForm } from './account-view'
import { accountArgument } from './change-account'
import { command, type Answer, type Context } from './command'
import { confirmed, yesOption } from './confirmation'
import { forgottenView, leftText, type ForgottenView } from './forgotten'
import type { CliError } from './render-error'

export interface Options {
  /** A selector. */
  readonly account: string
  readonly isConfirmed: boolean
}

const run =
  (context: Context) =>
  ({ account, isConfirmed }: Options): ResultAsync<ForgottenView, CliError> =>
    confirmed('remove', isConfirmed).asyncAndThen(() =>
      forget(
        context.ports,
        context.layout,
      )(Selector.resolveAny(account)).andThen(forgottenView(context)),
    )

const form = t.strict({ removed: accountForm, pool: poolForm })

const render = (done: ForgottenView): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ removed: toAccountForm(done.account), pool: toPoolForm(done.view.pool) }),
  text: () =>
    `Removed account ${done.account.number}, ${describe(done.account)}.\n${leftText(done)}`,
  warnings: done.warnings,
})

export const remove = command({
  examples: [['$0 remove 2 --yes', 'by its number in the list']],
  epilogue: 'The sign-in itself is not ended; logout does that too.',
  options: (parser) => parser.positional('account', accountArgument).option('yes', yesOption),
  parse: ({ account, yes }): Options => ({ account, isConfirmed: yes }),
  run,
  form,
  render,
})
