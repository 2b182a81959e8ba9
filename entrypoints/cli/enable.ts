/** `enable`: an account that was kept out serves again. */
import * as t from 'io-ts'
import * as Pool from '../../core/accounts/pool'
import { describe } from './account-text'
import { accountForm, toAccountForm } from './account-view'
import { accountArgument, changeAccount, type ChangedAccount } from './change-account'
import { command, type Answer } from './command'
import { cannotServe } from './warnings'

export interface Options {
  /** A selector. */
  readonly account: string
}

const form = t.strict({ account: accountForm, changed: t.boolean })

const render = ({
  account,
  before,
  after,
  now,
  warnings,
}: ChangedAccount): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ account: toAccountForm(account), changed: before !== after }),
  text: () =>
    before === after
      ? `Account ${account.number}, ${describe(account)}, is enabled already.\n`
      : `Enabled account ${account.number}, ${describe(account)}.\n`,
  warnings: [...warnings, ...cannotServe(now, account)],
})

export const enable = command({
  examples: [['$0 enable 2', 'by its number in the list']],
  epilogue: '',
  options: (parser) => parser.positional('account', accountArgument),
  parse: ({ account }): Options => ({ account }),
  run:
    (context) =>
    ({ account }) =>
      changeAccount(context)(account, Pool.enable),
  form,
  render,
})
