/**
 * Words for everything that can go wrong: what happened, to which file or account, and the one
 * thing that mends it. The codes are published: scripts rely on them.
 */
import * as O from 'fp-ts/Option'
import type { NoSuchAccount } from '../../core/accounts/pool'
import type { SelectorRefusal } from '../../core/accounts/selector'
import type { UnsafeSeam } from '../../core/official/seams'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import type { BackupError, RestoreUnconfirmed } from '../programs/backups'
import type { PolicyError } from '../programs/policies'
import type { PoolError } from '../programs/pool'
import type { HostConfigError } from '../programs/host-config'
import type { NoProjectPool } from '../programs/project-pool'
import type { ShimError } from '../programs/shim'
import type { SignInError } from '../programs/sign-in'
import type { DemoFailed } from './demo/stage'
import { renderAccountError, type AccountError } from './render-account-error'
import { renderRoutingError, type RoutingError } from './render-routing-error'
import { renderAccountFileError } from './render-account-file-error'
import { renderProjectError } from './render-project-error'
import { renderSettingsError, type SettingsError } from './render-settings-error'
import { renderEditError } from './render-edit-error'
import { renderSignInError } from './render-sign-in-error'
import { renderStorageError } from './render-storage-error'
import { noAccounts, quoted, rendered, type Candidate, type Rendered } from './rendered'

export type UsageError =
  | { readonly _tag: 'WrongUsage'; readonly message: string; readonly command: O.Option<string> }
  | {
      readonly _tag: 'UnknownCommand'
      readonly word: string
      readonly near: ReadonlyArray<string>
    }

export type CliError =
  | UsageError
  | SelectorRefusal
  | NoSuchAccount
  | NoProjectPool
  | AccountError
  | PoolError
  | PolicyError
  | BackupError
  | RestoreUnconfirmed
  | SettingsError
  | RoutingError
  | SignInError
  | UnsafeSeam
  | ShimError
  | HostConfigError
  | DemoFailed

export const renderError = (error: CliError): Rendered => {
  switch (error._tag) {
    case 'WrongUsage':
    case 'UnknownCommand':
      return ofUsage(error)
    case 'NoMatch':
    case 'SeveralMatch':
      return ofSelector(error)
    case 'NoSuchAccount':
      return rendered(
        'no-such-account',
        `The account ${printable(error.key)} is gone: somebody removed it meanwhile.`,
        'Look at the accounts: codex-multi-auth list',
      )
    case 'UnsafeSeam':
      return rendered(
        'unsafe-address',
        `${error.variable} names no address that tokens may be sent to.`,
        'Give an https address, or an http one on a loopback address; or unset the variable.',
      )
    case 'NoProject':
    case 'ProjectPoolsOff':
      return renderProjectError(error)
    case 'DemoFailed':
      return rendered(
        'demo-failed',
        `The demo could not be played: ${printable(error.because)}.`,
        'Nothing of yours was touched. Try again: codex-multi-auth demo',
      )
    case 'NoSuchSetting':
    case 'SettingIgnored':
    case 'BadValue':
    case 'BadSettingsFile':
      return renderSettingsError(error)
    case 'NoAccountServes':
    case 'NoDecision':
      return renderRoutingError(error)
    case 'AccountFileRefused':
    case 'BackupNameUnfit':
    case 'RestoreUnconfirmed':
      return renderAccountFileError(error)
    case 'UnfitFolder':
    case 'NotText':
    case 'EditsUnreadable':
    case 'NotConfiguration':
      return renderEditError(error)
    case 'LabelTooLong':
    case 'LabelUnprintable':
    case 'LabelTaken':
    case 'NeedsYes':
    case 'TagUnfit':
    case 'TooManyTags':
    case 'RankUnfit':
    case 'NoteUnfit':
      return renderAccountError(error)
    case 'NotFound':
    case 'AlreadyThere':
    case 'FileFault':
    case 'LockHeld':
    case 'LockLost':
    case 'PoolUnreadable':
    case 'PoliciesUnreadable':
      return renderStorageError(error)
    default:
      return renderSignInError(error)
  }
}

const ofUsage = (error: UsageError): Rendered => {
  if (error._tag === 'WrongUsage') {
    const help = O.isSome(error.command) ? `${error.command.value} --help` : '--help'
    return rendered('wrong-usage', printable(error.message), `See: codex-multi-auth ${help}`)
  }
  return rendered(
    'unknown-command',
    `There is no command ${quoted(error.word)}.`,
    error.near.length > 0
      ? 'Did you mean one of these?'
      : 'See all commands: codex-multi-auth --help',
    error.near.map((name) => ({ value: name, line: name })),
  )
}

const ofSelector = (error: SelectorRefusal): Rendered => {
  const choices = choicesOf(error.candidates)
  if (error._tag === 'SeveralMatch') {
    return rendered(
      'several-match',
      `${quoted(error.selector)} matches ${error.candidates.length} accounts.`,
      'Give the number, or a part that only one of them has.',
      choices,
    )
  }
  const [flagged] = error.flagged
  if (flagged !== undefined) {
    return rendered(
      'account-flagged',
      `${printable(flagged.name)} is set aside, as its sign-in failed.`,
      'Try it again: codex-multi-auth verify-flagged',
    )
  }
  return choices.length === 0
    ? noAccounts
    : rendered(
        'no-match',
        `No account matches ${quoted(error.selector)}.`,
        'Give the number of one of these, or a part that only it has.',
        choices,
      )
}

/** A program gets keys, which are never ambiguous. */
const choicesOf = (candidates: SelectorRefusal['candidates']): ReadonlyArray<Candidate> => {
  const lines = align(
    candidates.map(({ number, name, email, accountId }) => [
      String(number),
      printable(name),
      O.isSome(email) && email.value !== name ? printable(email.value) : '',
      printable(accountId),
    ]),
    Infinity,
  )
  return candidates.map(({ key }, index) => ({ value: key, line: lines[index] ?? '' }))
}
