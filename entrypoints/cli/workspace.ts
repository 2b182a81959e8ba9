/** `workspace`: a person's accounts in their several workspaces, and a switch between them. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { ok, ResultAsync, type Result } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import type { SelectorRefusal } from '../../core/accounts/selector'
import * as Workspace from '../../core/accounts/workspace'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import type { Front } from '../programs/front-sync'
import { readOutlook } from '../programs/outlook'
import { readPool } from '../programs/pool'
import { markOf, planOf, titleOf } from './account-text'
import { accountForm, toAccountForm, viewOf, type AccountView } from './account-view'
import { accountArgument, changeSelected } from './change-account'
import { command, type Answer, type Context } from './command'
import { noAccounts } from './list'
import type { CliError } from './render-error'
import { frontText, frontWarnings } from './front-words'
import { switchedText, synced } from './switch'
import { cannotServe, warningsOf } from './warnings'

export interface Options {
  /** A selector of the person; none for who is active. */
  readonly account: O.Option<string>
  /** A selector among the person's accounts: the one to switch to. */
  readonly workspace: O.Option<string>
}

interface SwitchedTo {
  readonly account: AccountView
  readonly front: Front
}

export interface Done {
  /** All of the person's; empty where there are no accounts at all. */
  readonly accounts: ReadonlyArray<AccountView>
  readonly switchedTo: O.Option<SwitchedTo>
  readonly warnings: ReadonlyArray<string>
}

export const run =
  (context: Context) =>
  ({ account, workspace }: Options): ResultAsync<Done, CliError> =>
    O.isSome(account) && O.isSome(workspace)
      ? switchTo(context, account.value, workspace.value)
      : readPool(context.ports, context.layout).andThen((pool) => shown(context, pool, account))

const switchTo = (
  context: Context,
  person: string,
  workspace: string,
): ResultAsync<Done, CliError> =>
  changeSelected(context)(Workspace.resolve(person, workspace), Pool.pin).andThen(
    ({ account, after, now }) =>
      ResultAsync.combine([shown(context, after, O.some(account.key)), synced(context)]).map(
        ([done, front]) => ({
          ...done,
          switchedTo: O.some({ account, front }),
          warnings: [...done.warnings, ...cannotServe(now, account), ...frontWarnings(front)],
        }),
      ),
  )

const shown = (
  { ports, layout, environment }: Context,
  pool: Pool.Pool,
  account: O.Option<string>,
): ResultAsync<Done, CliError> =>
  keysOf(account)(pool).asyncAndThen((keys) =>
    readOutlook(ports, layout, environment).map((outlook) => ({
      accounts: viewOf(layout.pool, outlook)(pool).accounts.filter(({ key }) => keys.includes(key)),
      switchedTo: O.none,
      warnings: warningsOf(outlook, pool),
    })),
  )

/** Without a selector they are those of the active account, or of the first. */
const keysOf =
  (account: O.Option<string>) =>
  (pool: Pool.Pool): Result<ReadonlyArray<AccountKey>, SelectorRefusal> => {
    if (O.isSome(account)) return Workspace.ofPerson(account.value)(pool)
    if (pool.accounts.length === 0) return ok([])
    return Workspace.ofPerson(O.getOrElse(() => '1')(pool.active))(pool)
  }

const form = t.strict({ workspaces: t.array(accountForm) })

export const render = (
  { accounts, switchedTo, warnings }: Done,
  width: number,
): Answer<t.TypeOf<typeof form>> => ({
  data: () => ({ workspaces: accounts.map(toAccountForm) }),
  text: () => {
    if (O.isSome(switchedTo)) {
      return switchedText(switchedTo.value.account) + frontText(switchedTo.value.front)
    }
    return accounts.length === 0 ? noAccounts : table(accounts, width)
  },
  warnings,
})

/** Gives way where lines are too long: the id is what `login --workspace` takes. */
const accountColumn = 2

const heading = ['', '#', 'ACCOUNT', 'PLAN', 'WORKSPACE']

const table = (accounts: ReadonlyArray<AccountView>, width: number): string => {
  const rows = accounts.map((account) => [
    markOf(account),
    String(account.number),
    titleOf(account),
    planOf(account),
    `${printable(account.accountId)}${account.pinned ? ', pinned' : ''}`,
  ])
  const notes = [
    ...(accounts.some(({ active }) => active) ? ['* the active account, the last one chosen'] : []),
    'Sign in to another one: codex-multi-auth login --workspace ID',
  ]
  return `${align([heading, ...rows], width, accountColumn).join('\n')}\n\n${notes.join('\n')}\n`
}

export const workspace = command({
  examples: [
    ['$0 workspace ada@mail.test', 'those of one person'],
    ['$0 workspace 1 2', 'switch to the second account'],
  ],
  epilogue: 'Each workspace is an account of its own, with a number, tokens and a quota.',
  options: (parser) =>
    parser.positional('account', { ...accountArgument, demandOption: false }).positional('to', {
      type: 'string',
      describe: 'the one to switch to, named as an account is',
    }),
  parse: ({ account, to }): Options => ({
    account: O.fromNullable(account),
    workspace: O.fromNullable(to),
  }),
  run,
  form,
  render,
})
