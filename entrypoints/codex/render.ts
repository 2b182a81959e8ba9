/**
 * The wrapper's own words, all on standard error: a line says what is so, what follows from it and
 * what mends it. Everything else on the terminal is the official CLI's.
 */
import type { SelectorRefusal } from '../../core/accounts/selector'
import type { LeftAloneReason } from '../../core/official/arguments'
import { whyNotWritten, type Cause } from '../../core/insight/front-text'
import { noticeText } from '../../core/insight/notice-text'
import type { Notice as PoolNotice } from '../../core/storage/notice'
import { printable } from '../../core/tui/printable'
import type { ListenError } from '../../ports/http-server'
import type { SpawnError } from '../../ports/process'
import type { NoCodex } from '../programs/installation'

/** Why this run does not go through us. */
export type NoProxy =
  | { readonly _tag: 'NoAccounts' }
  | { readonly _tag: 'AccountsUnreadable'; readonly path: string }
  | { readonly _tag: 'UnsafeSeam'; readonly variable: string }
  | { readonly _tag: 'NoProxy'; readonly because: ListenError }

type LeftAlone = { readonly _tag: 'LeftAlone'; readonly reason: LeftAloneReason }

/** Why Codex did not run. */
export type WrapperRefusal =
  | NoCodex
  | SpawnError
  | SelectorRefusal
  /** `--account` with nothing behind it. */
  | { readonly _tag: 'NoAccountNamed' }
  /** `--account` for a command that uses no account of the pool. */
  | { readonly _tag: 'NotByAccount' }
  /** An account was asked for, and the run cannot be held to it. */
  | {
      readonly _tag: 'AccountUnusable'
      readonly wanted: string
      readonly because: NoProxy | LeftAlone
    }

/** Said while Codex runs all the same. */
export type Notice =
  | LeftAlone
  | NoProxy
  | { readonly _tag: 'PoolNotice'; readonly notice: PoolNotice }
  | { readonly _tag: 'NotRevoked'; readonly because: NoProxy }
  /** The official CLI's own sign-in is in no pool. */
  | { readonly _tag: 'Stranger'; readonly name: string }
  /** The official CLI's own sign-in could not be brought up to date. */
  | { readonly _tag: 'FrontNotWritten'; readonly path: string; readonly because: Cause }

/** Paths and options come from elsewhere. */
const line = (text: string): string => `codex-multi-auth: ${printable(text)}\n`

export const notice = (told: Notice): string => {
  switch (told._tag) {
    case 'LeftAlone':
      return line(`${causeOf(told)}, so this run is left alone.`)
    case 'PoolNotice':
      return line(noticeText(told.notice))
    case 'NotRevoked':
      return line(
        `the old sign-in is not revoked, as an account of yours may still use it: ${causeOf(told.because)}. ${mendOf(told.because)}`,
      )
    case 'Stranger':
      return line(
        `Codex is signed in as ${told.name}, which is not among your accounts. Add it: codex-multi-auth login --import`,
      )
    case 'FrontNotWritten':
      return line(`Codex may find itself signed out: ${whyNotWritten(told.path, told.because)}`)
    default:
      return line(`${causeOf(told)}, so Codex uses its own sign-in. ${mendOf(told)}`)
  }
}

const causeOf = (because: NoProxy | LeftAlone): string => {
  switch (because._tag) {
    case 'LeftAlone':
      return reasonWords(because.reason)
    case 'NoAccounts':
      return 'there are no accounts yet'
    case 'AccountsUnreadable':
      return `the accounts in ${because.path} cannot be read`
    case 'UnsafeSeam':
      return `${because.variable} names no address that tokens may be sent to`
    case 'NoProxy':
      return `the local proxy did not start, as ${portWords(because.because)}`
  }
}

const portWords = (error: ListenError): string =>
  error._tag === 'PortTaken'
    ? `port ${error.port} of 127.0.0.1 is taken`
    : `no port of 127.0.0.1 could be opened (${error.code})`

const mendOf = (because: NoProxy | LeftAlone): string => {
  switch (because._tag) {
    case 'LeftAlone':
      return because.reason._tag === 'SwitchedOff'
        ? `Switch it on: codex-multi-auth config set ${because.reason.setting} true`
        : 'Do without one of the two.'
    case 'NoAccounts':
      return 'Add one: codex-multi-auth login'
    case 'AccountsUnreadable':
      return 'See why: codex-multi-auth list'
    case 'UnsafeSeam':
      return 'Unset it, or give an https address.'
    case 'NoProxy':
      return 'Try again: codex-multi-auth codex'
  }
}

const reasonWords = (reason: LeftAloneReason): string => {
  switch (reason._tag) {
    case 'LocalModels':
      return `${reason.option} asks for local models`
    case 'RemoteServer':
      return `${reason.option} asks for another server`
    case 'OwnSetting':
      return `${reason.key} is set in ${reason.place}`
    case 'ApiKey':
      return `an API key is in use (${reason.place})`
    case 'SwitchedOff':
      return `${reason.setting} is off`
  }
}

/** Said in place of Codex, which did not run. */
export const refusal = (refused: WrapperRefusal): string => {
  const install = 'npm install -g @openai/codex'
  switch (refused._tag) {
    case 'NoCodex':
      return `${line('the official Codex CLI was not found.')}Looked in:\n${refused.looked
        .map((folder) => `  ${printable(folder)}\n`)
        .join('')}Install it: ${install}\n`
    case 'NoSuchProgram':
      return line(
        `${refused.variable} names ${refused.path}, where no official Codex CLI is. Unset it, or install one: ${install}`,
      )
    case 'LeadsBack':
      return line(
        'the codex on PATH leads back here. Install the official one: npm install -g @openai/codex, or name it in CODEX_MULTI_AUTH_REAL_CODEX_BIN.',
      )
    case 'NoMatch':
    case 'SeveralMatch':
      return ofSelector(refused)
    case 'NoAccountNamed':
      return line('--account needs the name of an account. See them: codex-multi-auth list')
    case 'NotByAccount':
      return line(
        'this command uses no account of codex-multi-auth, so --account means nothing to it. Leave it out.',
      )
    case 'AccountUnusable':
      return line(
        `${causeOf(refused.because)}, so this run cannot be held to account "${refused.wanted}". ${mendOf(refused.because)}`,
      )
    case 'SpawnFault':
      return line(
        `${refused.program} could not be started (${refused.code}). Install it anew: ${install}`,
      )
  }
}

const ofSelector = ({ _tag, candidates, selector }: SelectorRefusal): string => {
  if (candidates.length === 0)
    return line('there are no accounts yet. Add one: codex-multi-auth login')
  const what =
    _tag === 'NoMatch'
      ? `no account matches "${selector}". There are:`
      : `"${selector}" matches ${candidates.length} accounts:`
  const rows = candidates.map(({ number, name, accountId }) =>
    printable(`${number}  ${name}  ${accountId}`),
  )
  return `${line(what)}${rows.map((row) => `  ${row}\n`).join('')}`
}

/** 2 for wrong usage, 5 for accounts that cannot be read, else 1. */
export const exitCode = (refused: WrapperRefusal): number => {
  switch (refused._tag) {
    case 'NoMatch':
    case 'SeveralMatch':
    case 'NoAccountNamed':
    case 'NotByAccount':
      return 2
    case 'AccountUnusable':
      return refused.because._tag === 'AccountsUnreadable' ? 5 : 1
    default:
      return 1
  }
}
