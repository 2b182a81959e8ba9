/** `logout`: an account's sign-in is ended at the issuer, and the account is forgotten here. */
import * as t from 'io-ts'
import { ResultAsync } from 'neverthrow'
import * as Selector from '../../core/accounts/selector'
import * as Seams from '../../core/official/seams'
import { printable } from '../../core/tui/printable'
import type { Front } from '../programs/front-sync'
import type { LoggedOut, Revocation } from '../programs/logout'
import { readSettings } from '../programs/settings'
import { describe } from './account-text'
import { accountForm, poolForm, toAccountForm, toPoolForm } from './account-view'
import { accountArgument } from './change-account'
import { command, type Answer, type Context } from './command'
import { confirmed, yesOption } from './confirmation'
import { forgottenView, leftText, type ForgottenView } from './forgotten'
import { frontText, frontWarnings } from './front-words'
import type { CliError } from './render-error'
import { reachWords } from './render-sign-in-error'

export interface Options {
  /** A selector. */
  readonly account: string
  readonly isConfirmed: boolean
}

export interface Done {
  readonly forgotten: ForgottenView
  readonly revocation: Revocation
  readonly front: Front
  /** The official CLI's sign-in file, when what it holds is of this account still. */
  readonly frontPaths: ReadonlyArray<string>
}

export const run =
  (context: Context) =>
  ({ account, isConfirmed }: Options): ResultAsync<Done, CliError> =>
    confirmed('logout', isConfirmed)
      .andThen(() => Seams.ofEnvironment(context.environment))
      .asyncAndThen((seams) =>
        ResultAsync.combine([
          loaded(context),
          readSettings(context.ports, context.layout, context.environment),
        ]).andThen(([{ logOut, ports }, { settings }]) =>
          logOut(ports, context.layout, seams, settings.syncCodexCli)(Selector.resolve(account)),
        ),
      )
      .andThen((done) => shown(context, done))

/** The network is loaded here and not before. */
const loaded = (context: Context) =>
  ResultAsync.fromSafePromise(
    Promise.all([import('../programs/logout'), context.signInPorts()]).then(
      ([{ logOut }, ports]) => ({ logOut, ports }),
    ),
  )

const shown = (
  context: Context,
  { forgotten, revocation, isFront, front }: LoggedOut,
): ResultAsync<Done, CliError> =>
  forgottenView(context)(forgotten).map((view) => ({
    forgotten: view,
    revocation,
    front,
    frontPaths: isFront && front._tag !== 'Written' ? [context.layout.authFile] : [],
  }))

const form = t.strict({ loggedOut: accountForm, revoked: t.boolean, pool: poolForm })

const render = ({
  forgotten,
  revocation,
  front,
  frontPaths,
}: Done): Answer<t.TypeOf<typeof form>> => {
  const { account, view, warnings } = forgotten
  const isRevoked = revocation._tag === 'Revoked'
  const said = isRevoked ? 'Logged out and forgot' : 'Forgot'
  return {
    data: () => ({
      loggedOut: toAccountForm(account),
      revoked: isRevoked,
      pool: toPoolForm(view.pool),
    }),
    text: () =>
      `${said} account ${account.number}, ${describe(account)}.\n` +
      leftText(forgotten) +
      frontText(front),
    warnings: [
      ...warnings,
      ...notRevoked(revocation),
      ...frontWarnings(front),
      ...frontPaths.map(frontWarning),
    ],
  }
}

const notRevoked = (revocation: Revocation): ReadonlyArray<string> => {
  switch (revocation._tag) {
    case 'Revoked':
      return []
    case 'Refused':
      return [`The sign-in was not revoked: the issuer refused (HTTP ${revocation.status}).`]
    case 'Unasked':
      return [
        `The sign-in was not revoked: the issuer gave no answer (${
          revocation.because._tag === 'Cancelled' ? 'none in 10 s' : reachWords(revocation.because)
        }).`,
      ]
  }
}

const frontWarning = (path: string): string =>
  `The official Codex CLI is signed in with this account too, in ${printable(path)}, and may have lost that sign-in. Sign it in again: codex-multi-auth codex login`

export const logout = command({
  examples: [['$0 logout 2 --yes', 'by its number in the list']],
  epilogue: 'When the issuer cannot be reached the account is forgotten all the same.',
  options: (parser) => parser.positional('account', accountArgument).option('yes', yesOption),
  parse: ({ account, yes }): Options => ({ account, isConfirmed: yes }),
  run,
  form,
  render,
})
