/** `rename`: what a person calls an account. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Label from '../../core/accounts/label'
import * as Pool from '../../core/accounts/pool'
import { printable } from '../../core/tui/printable'
import { describe } from './account-text'
import { accountForm, nameOf, toAccountForm } from './account-view'
import { accountArgument, changeAccount, type ChangedAccount } from './change-account'
import { command, type Answer, type Context } from './command'
import type { CliError } from './render-error'

export interface Options {
  /** A selector. */
  readonly account: string
  /** Empty to take the label away. */
  readonly label: string
}

export const run =
  (context: Context) =>
  ({ account, label }: Options): ResultAsync<ChangedAccount, CliError> =>
    Label.parse(label).asyncAndThen((parsed) =>
      changeAccount(context)(account, (key) => Pool.relabel(key, parsed)),
    )

const form = t.strict({ account: accountForm })

export const render = ({ account, warnings }: ChangedAccount): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ account: toAccountForm(account) }),
  text: () =>
    O.isSome(account.label)
      ? `Account ${account.number} is now ${describe(account)}.\n`
      : `Account ${account.number}, ${printable(nameOf(account))}, has no label.\n`,
  warnings,
})

export const rename = command({
  examples: [
    ['$0 rename 2 work', 'by its number in the list'],
    ['$0 rename work ""', 'take the label away'],
    ['$0 rename 2 -- -x', 'a word that begins with a dash'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.positional('account', accountArgument).positional('label', {
      type: 'string',
      demandOption: true,
      describe: 'up to 64 characters; empty for none',
    }),
  mayBeEmpty: 'label',
  parse: ({ account, label }): Options => ({ account, label }),
  run,
  form,
  render,
})
