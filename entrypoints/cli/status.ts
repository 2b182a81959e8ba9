/** `status`: how requests are routed now, and what each account has left. */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import type { AccountKey } from '../../core/accounts/identity'
import type { Instant } from '../../core/time'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import { windowText } from '../../core/insight/window-text'
import { takeInventory, type Inventory } from '../programs/inventory'
import { describe, planOf, statusText, titleOf } from './account-text'
import { findView, toViewForm, viewForm, type AccountView, type View } from './account-view'
import { command, type Answer, type Context } from './command'
import { look, noAccounts, ofProjectAlone, type Shown } from './list'
import type { CliError } from './render-error'
import { filesForm, renderFiles } from './status-files'

export interface Options {
  readonly showsFiles: boolean
}

type Done =
  | { readonly _tag: 'View'; readonly shown: Shown }
  | { readonly _tag: 'Files'; readonly inventory: Inventory }

const run =
  (context: Context) =>
  ({ showsFiles }: Options): ResultAsync<Done, CliError> =>
    showsFiles
      ? takeInventory(context.ports, context.layout).map((inventory): Done => ({
          _tag: 'Files',
          inventory,
        }))
      : look(context).map((shown): Done => ({ _tag: 'View', shown }))

const form = t.union([viewForm, filesForm])

const renderView = (
  { isOfProject, view, warnings }: Shown,
  width: number,
): Answer<t.TypeOf<typeof viewForm>> => ({
  data: () => toViewForm(view),
  text: () =>
    view.accounts.length === 0
      ? noAccounts
      : `${summary(view, isOfProject)}\n${accounts(view, width)}`,
  warnings,
})

/** Not narrowed: a path cut short could not be copied. */
const summary = (view: View, isOfProject: boolean): string => {
  const { pool } = view
  const called = (key: O.Option<AccountKey>): string => {
    const account = O.isSome(key) ? findView(key.value)(view) : O.none
    return O.isSome(account) ? `${account.value.number}  ${describe(account.value)}` : 'none'
  }
  const lines = align(
    [
      ['Routing', `${pool.routing}, strategy ${pool.strategy}`],
      ['Ready', `${pool.ready} of ${pool.total} accounts`],
      ['Active', called(pool.active)],
      ['Pinned', called(pool.pinned)],
      ['Stored in', printable(pool.store)],
      ...(isOfProject ? [['', ofProjectAlone]] : []),
    ],
    Infinity,
  )
  return `${lines.join('\n')}\n`
}

const accounts = ({ accounts, now }: View, width: number): string => {
  const heads = align(
    accounts.map((account) => [
      String(account.number),
      titleOf(account),
      planOf(account),
      statusText(now)(account),
    ]),
    width,
    1,
  )
  return accounts
    .map((account, index) => [heads[index] ?? '', ...quotaLines(now, account)].join('\n'))
    .join('\n')
    .concat('\n')
}

const quotaLines = (now: Instant, account: AccountView): ReadonlyArray<string> =>
  account.windows.length === 0
    ? ['     quota not seen yet']
    : account.windows.map((window) => `     ${windowText(now)(window)}`)

export const status = command({
  examples: [
    ['$0 status', 'routing, the pin, and the quota last seen'],
    ['$0 status --files', 'all that is stored on this disk'],
    ['$0 status --json', 'the same for a program'],
  ],
  epilogue: '',
  options: (parser) =>
    parser.option('files', {
      type: 'boolean',
      default: false,
      describe: 'Show the files instead',
    }),
  parse: ({ files }): Options => ({ showsFiles: files }),
  run,
  form,
  render: (done, width) =>
    done._tag === 'Files' ? renderFiles(done.inventory) : renderView(done.shown, width),
})
