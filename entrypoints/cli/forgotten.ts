/** An account that is gone, as commands show it. */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import { fromOption } from '../../core/result'
import { isOfProject } from '../../core/storage/layout'
import { printable } from '../../core/tui/printable'
import type { Forgotten } from '../programs/forget'
import { readOutlook } from '../programs/outlook'
import { describe } from './account-text'
import { findView, viewOf, type AccountView, type View } from './account-view'
import type { Context } from './command'
import type { CliError } from './render-error'
import { warningsOf } from './warnings'

export interface ForgottenView {
  /** As it was. */
  readonly account: AccountView
  readonly wasPinned: boolean
  readonly wasOfProject: boolean
  /** What is left. */
  readonly view: View
  readonly warnings: ReadonlyArray<string>
}

export const forgottenView =
  ({ ports, layout, environment }: Pick<Context, 'ports' | 'layout' | 'environment'>) =>
  ({ account, before, after, remains }: Forgotten): ResultAsync<ForgottenView, CliError> =>
    readOutlook(ports, layout, environment).andThen((outlook) => {
      const key = Account.key(account)
      const view = viewOf(layout.pool, outlook)
      return fromOption((): CliError => ({ _tag: 'NoSuchAccount', key }))(
        findView(key)(view(before)),
      ).map((shown) => ({
        account: shown,
        wasPinned: shown.pinned,
        wasOfProject: isOfProject(layout),
        view: view(after),
        warnings: [
          ...warningsOf(outlook, after),
          ...remains.map(
            (path) =>
              `${printable(path)} could not be cleaned and may still hold something of the account. Remove it by hand.`,
          ),
        ],
      }))
    })

export const leftText = ({ wasOfProject, wasPinned, view }: ForgottenView): string => {
  if (view.accounts.length === 0)
    return wasOfProject
      ? 'This project has no account of its own any more: yours serve it again.\n'
      : 'No account is left. Add one: codex-multi-auth login\n'
  const active = O.isSome(view.pool.active) ? findView(view.pool.active.value)(view) : O.none
  return [
    wasPinned ? 'Nothing is pinned now.\n' : '',
    O.isSome(active)
      ? `Account ${active.value.number}, ${describe(active.value)}, is the active one.\n`
      : 'No account is the active one.\n',
  ].join('')
}
