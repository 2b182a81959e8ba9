/** `switch`: the account a person wants to be served by, as long as it can. */
import * as t from 'io-ts'
import { okAsync, ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import type { Front } from '../programs/front-sync'
import { readSettings } from '../programs/settings'
import { describe } from './account-text'
import { accountForm, toAccountForm, type AccountView } from './account-view'
import { accountArgument, changeAccount, type ChangedAccount } from './change-account'
import { command, type Answer, type Context } from './command'
import { frontText, frontWarnings } from './front-words'
import type { CliError } from './render-error'
import { cannotServe } from './warnings'

export interface Options {
  /** A selector. */
  readonly account: string
}

export interface Done extends ChangedAccount {
  readonly front: Front
}

export const run =
  (context: Context) =>
  ({ account }: Options): ResultAsync<Done, CliError> =>
    changeAccount(context)(account, Pool.pin).andThen((changed) =>
      synced(context).map((front) => ({ ...changed, front })),
    )

/** Without a shim in front of it the official CLI knows of the switch by its own file alone. */
export const synced = ({
  around,
  environment,
  frontPorts,
  layout,
}: Context): ResultAsync<Front, never> =>
  ResultAsync.fromSafePromise(
    Promise.all([import('../programs/front-sync'), import('../programs/shim'), frontPorts()]),
  ).andThen(([{ syncFront }, { isShimAhead }, ports]) =>
    isShimAhead(
      ports,
      layout,
    )(around)
      .orElse(() => okAsync(false))
      .andThen((isAhead) =>
        readSettings(ports, layout, environment).andThen(({ settings }) =>
          syncFront(
            ports,
            layout,
            settings.syncCodexCli,
          )({ _tag: 'Switched', isShimAhead: isAhead }),
        ),
      ),
  )

const form = t.strict({ account: accountForm })

export const render = ({ account, front, now, warnings }: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ account: toAccountForm(account) }),
  text: () => switchedText(account) + frontText(front),
  warnings: [...warnings, ...cannotServe(now, account), ...frontWarnings(front)],
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
  form,
  render,
})
