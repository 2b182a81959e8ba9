/** `disable`: an account stays signed in and does not serve. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import * as Pool from '../../core/accounts/pool'
import { describe } from './account-text'
import { accountForm, toAccountForm } from './account-view'
import { accountArgument, changeAccount, type ChangedAccount } from './change-account'
import { command, type Answer } from './command'

export interface Options {
  /** A selector. */
  readonly account: string
}

const form = t.strict({ account: accountForm, changed: t.boolean, unpinned: t.boolean })

const isUnpinned = ({ before, after }: ChangedAccount): boolean =>
  O.isSome(before.pinned) && O.isNone(after.pinned)

const render = (changed: ChangedAccount): Answer<t.TypeOf<typeof form>> => {
  const { account, before, after, warnings } = changed
  return {
    data: () => ({
      account: toAccountForm(account),
      changed: before !== after,
      unpinned: isUnpinned(changed),
    }),
    text: () =>
      before === after
        ? `Account ${account.number}, ${describe(account)}, is disabled already.\n`
        : `Disabled account ${account.number}, ${describe(account)}.\n` +
          (isUnpinned(changed) ? 'It is no longer pinned.\n' : ''),
    warnings: after.accounts.some(({ enabled }) => enabled)
      ? warnings
      : [
          ...warnings,
          `No account is enabled, so none can serve. Enable it again: codex-multi-auth enable ${account.number}`,
        ],
  }
}

export const disable = command({
  examples: [['$0 disable 2', 'by its number in the list']],
  epilogue: '',
  options: (parser) => parser.positional('account', accountArgument),
  parse: ({ account }): Options => ({ account }),
  run:
    (context) =>
    ({ account }) =>
      changeAccount(context)(account, Pool.disable),
  form,
  render,
})
