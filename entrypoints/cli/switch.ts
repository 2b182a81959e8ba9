/** `switch`: the account a person wants to be served by, as long as it can. */
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import { describe } from './account-text'
import { accountForm, toAccountForm, type AccountView } from './account-view'
import { accountArgument, changeAccount, type ChangedAccount } from './change-account'
import { command, type Answer, type Context } from './command'
import type { CliError } from './render-error'
import { cannotServe } from './warnings'

export interface Options {
  /** A selector. */
  readonly account: string
}

export const run =
  (context: Context) =>
  ({ account }: Options): ResultAsync<ChangedAccount, CliError> =>
    changeAccount(context)(account, Pool.pin)

const form = t.strict({ account: accountForm })

export const render = ({ account, now, warnings }: ChangedAccount): Answer => ({
  data: () => form.encode({ account: toAccountForm(account) }),
  text: () => switchedText(account),
  warnings: [...warnings, ...cannotServe(now, account)],
})

export const switchedText = (account: AccountView): string =>
  `Switched to account ${account.number}, ${describe(account)}.\n` +
  'It serves while it can. Let go of it: codex-multi-auth unpin\n'

export const switchTo = command({
  examples: [
    ['$0 switch 2', 'by its number in the list'],
    ['$0 switch ada@mail.test', 'by its e-mail, or any part only it has'],
  ],
  epilogue: '',
  options: (parser) => parser.positional('account', accountArgument),
  parse: ({ account }): Options => ({ account }),
  run,
  render,
})
