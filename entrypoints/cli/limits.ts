/** `limits`: what is known of each account's quota windows and cooldowns, how old it is and who told. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { ok, type Result, type ResultAsync } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import type * as Pool from '../../core/accounts/pool'
import * as Selector from '../../core/accounts/selector'
import * as Account from '../../core/accounts/account'
import type { Source } from '../../core/quota/snapshot'
import * as RuntimeState from '../../core/storage/runtime-state'
import type { Instant } from '../../core/time'
import { relative } from '../../core/tui/relative-time'
import { windowText } from '../../core/insight/window-text'
import { readOutlook, type Outlook } from '../programs/outlook'
import { readPool } from '../programs/pool'
import { describe, statusText } from './account-text'
import { accountForm, toAccountForm, viewOf, type AccountView } from './account-view'
import { command, type Answer, type Context } from './command'
import { orNull } from './forms'
import { noAccounts } from './list'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

export interface Options {
  /** A selector; all accounts when left out. */
  readonly account: O.Option<string>
}

interface Limited {
  readonly view: AccountView
  readonly source: O.Option<Source>
}

interface Done {
  readonly now: Instant
  readonly accounts: ReadonlyArray<Limited>
  readonly warnings: ReadonlyArray<string>
}

const run =
  ({ environment, layout, ports }: Context) =>
  ({ account }: Options): ResultAsync<Done, CliError> =>
    readPool(ports, layout)
      .mapErr((error): CliError => error)
      .andThen((pool) => keysOf(account, pool).map((keys) => ({ keys, pool })))
      .andThen(({ keys, pool }) =>
        readOutlook(ports, layout, environment).map((outlook) => ({
          now: outlook.now,
          accounts: viewOf(
            layout.pool,
            outlook,
          )(pool)
            .accounts.filter(({ key }) => keys.includes(key))
            .map((view) => ({ view, source: sourceOf(outlook, view.key) })),
          warnings: warningsOf(outlook),
        })),
      )

/** The one that is named, or all. */
export const keysOf = (
  account: O.Option<string>,
  pool: Pool.Pool,
): Result<ReadonlyArray<AccountKey>, CliError> =>
  O.isNone(account)
    ? ok(pool.accounts.map(Account.key))
    : Selector.resolve(account.value)(pool).map((key) => [key])

const sourceOf = ({ state }: Outlook, key: AccountKey): O.Option<Source> =>
  O.map(({ source }: { readonly source: Source }) => source)(RuntimeState.quotaOf(key)(state))

const form = t.strict({
  accounts: t.array(t.strict({ account: accountForm, source: orNull(t.string) })),
})

const sourceWords: Readonly<Record<Source, string>> = {
  headers: 'an answer told',
  stream: 'an answer told',
  usage: 'asked',
  refusal: 'a refusal told',
}

const linesOf =
  (now: Instant) =>
  ({ source, view }: Limited): string => {
    const [first] = view.windows
    const told = O.isSome(source) ? sourceWords[source.value] : ''
    const windows =
      first === undefined
        ? ['   quota not seen yet']
        : [
            ...view.windows.map((window) => `   ${windowText(now)(window)}`),
            `   ${told} ${relative(now)(first.observedAt)}`,
          ]
    return [`${view.number}  ${describe(view)}: ${statusText(now)(view)}`, ...windows].join('\n')
  }

const render = ({ accounts, now, warnings }: Done): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({
    accounts: accounts.map(({ source, view }) => ({
      account: toAccountForm(view),
      source: O.toNullable(source),
    })),
  }),
  text: () => (accounts.length === 0 ? noAccounts : `${accounts.map(linesOf(now)).join('\n')}\n`),
  warnings,
})

export const limits = command({
  examples: [
    ['$0 limits', 'of every account'],
    ['$0 limits 2', 'of one'],
  ],
  epilogue: 'It shows what was seen last. To ask anew: codex-multi-auth check',
  options: (parser) =>
    parser.positional('account', {
      type: 'string',
      describe: 'number, e-mail, label, id, or a part of one',
    }),
  parse: ({ account }): Options => ({ account: O.fromNullable(account) }),
  run,
  form,
  render,
})
