/** `switch`: the account a person wants to be served by, as long as it can. */
import * as t from 'io-ts'
import { ok, type ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import * as Selector from '../../core/accounts/selector'
import { fromOption } from '../../core/result'
import type { Instant } from '../../core/time'
import { readOutlook } from '../programs/outlook'
import { changePoolTelling } from '../programs/pool'
import { describe, statusText } from './account-text'
import { accountForm, findView, toAccountForm, viewOf, type AccountView } from './account-view'
import { command, type Answer, type Context } from './command'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

export interface Options {
  /** A selector. */
  readonly account: string
}

export interface Switched {
  readonly account: AccountView
  readonly now: Instant
  readonly warnings: ReadonlyArray<string>
}

export const run =
  ({ ports, layout, environment }: Context) =>
  ({ account }: Options): ResultAsync<Switched, CliError> =>
    changePoolTelling(
      ports,
      layout,
    )((before) =>
      Selector.resolve(account)(before).andThen((key) =>
        Pool.pin(key)(before).andThen((pool) => ok({ pool, told: key })),
      ),
    ).andThen(({ pool, told }) =>
      readOutlook(ports, layout, environment).andThen((outlook) =>
        fromOption((): Pool.NoSuchAccount => ({ _tag: 'NoSuchAccount', key: told }))(
          findView(told)(viewOf(layout.pool, outlook)(pool)),
        ).map((account) => ({ account, now: outlook.now, warnings: warningsOf(outlook) })),
      ),
    )

const form = t.strict({ account: accountForm })

export const render = ({ account, now, warnings }: Switched): Answer => ({
  data: () => form.encode({ account: toAccountForm(account) }),
  text: () =>
    `Switched to account ${account.number}, ${describe(account)}.\n` +
    'It serves while it can. Let go of it: codex-multi-auth unpin\n',
  warnings: [...warnings, ...cannotServe(now, account)],
})

const cannotServe = (now: Instant, account: AccountView): ReadonlyArray<string> => {
  if (account.status === 'ready') return []
  const mend = account.status === 'needs-sign-in' ? ' Sign in again: codex-multi-auth login' : ''
  return [`It cannot serve now (${statusText(now)(account)}); others do until it can.${mend}`]
}

export const switchTo = command({
  name: 'switch',
  aliases: ['use'],
  positionals: '<account>',
  describe: 'Prefer one account while it can serve',
  examples: [
    ['$0 switch 2', 'by its number in the list'],
    ['$0 switch ada@mail.test', 'by its e-mail, or any part only it has'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.positional('account', {
      type: 'string',
      demandOption: true,
      describe: 'number, e-mail, label, id, or a part of one',
    }),
  parse: ({ account }): Options => ({ account }),
  run,
  render,
})
