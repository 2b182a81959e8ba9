/**
 * The wrapper's own words, all on standard error: a line says what is so, what follows from it and
 * what mends it. Everything else on the terminal is the official CLI's.
 */
import type { LeftAloneReason } from '../../core/official/arguments'
import { printable } from '../../core/tui/printable'
import type { SpawnError } from '../../ports/process'
import type { NoCodex } from '../programs/installation'

/** Why Codex did not run. */
export type WrapperRefusal = NoCodex | SpawnError

/** Said while Codex runs all the same. */
export type Notice =
  | { readonly _tag: 'LeftAlone'; readonly reason: LeftAloneReason }
  | { readonly _tag: 'NoAccounts' }
  | { readonly _tag: 'AccountsUnreadable'; readonly path: string }
  | { readonly _tag: 'UnsafeSeam'; readonly variable: string }
  | { readonly _tag: 'NoProxy'; readonly because: string }
  | { readonly _tag: 'NotRevoked'; readonly because: string }

/** Paths and options come from elsewhere. */
const line = (text: string): string => `codex-multi-auth: ${printable(text)}\n`

export const notice = (told: Notice): string => {
  switch (told._tag) {
    case 'LeftAlone':
      return line(`${reasonWords(told.reason)}, so this run is left alone.`)
    case 'NoAccounts':
      return line(
        'there are no accounts yet, so Codex uses its own sign-in. Add one: codex-multi-auth login',
      )
    case 'AccountsUnreadable':
      return line(
        `the accounts in ${told.path} cannot be read, so Codex uses its own sign-in. See why: codex-multi-auth list`,
      )
    case 'UnsafeSeam':
      return line(
        `${told.variable} names no address that tokens may be sent to, so Codex uses its own sign-in. Unset it, or give an https address.`,
      )
    case 'NoProxy':
      return line(
        `the local proxy did not start (${told.because}), so Codex uses its own sign-in. Try again: codex-multi-auth codex`,
      )
    case 'NotRevoked':
      return line(
        `the old sign-in is not revoked, as an account of yours may still use it (${told.because}). See which: codex-multi-auth list`,
      )
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
    case 'SpawnFault':
      return line(
        `${refused.program} could not be started (${refused.code}). Install it anew: ${install}`,
      )
  }
}
