/** Words for a sign-in that came to nothing. */
import * as O from 'fp-ts/Option'
import type { Unusable } from '../../core/auth/pasted'
import { minute } from '../../core/time'
import { printable } from '../../core/tui/printable'
import type { NoCallbackPort } from '../programs/callback-listener'
import type { PoolError } from '../programs/pool'
import type { FrontUnusable, SignInError } from '../programs/sign-in'
import type { TokenRequestError } from '../programs/token-request'
import type { ErrorCode } from './error-codes'
import { renderStorageError } from './render-storage-error'
import { rendered, type Rendered } from './rendered'

const tryAgain = 'Sign in again: codex-multi-auth login'

export const renderSignInError = (error: Exclude<SignInError, PoolError>): Rendered => {
  switch (error._tag) {
    case 'Interrupted':
      return rendered('interrupted', 'Interrupted. Nothing was changed.')
    case 'NoCallbackPort':
      return ofPorts(error)
    case 'SignInTimedOut':
      return rendered(
        'sign-in-timed-out',
        `Nobody finished the sign-in within ${error.after / minute} minutes.`,
        tryAgain,
      )
    case 'SignInDisplaced':
      return rendered(
        'sign-in-displaced',
        'Another sign-in was started and took this one’s place.',
        'Finish that one, or start again: codex-multi-auth login',
      )
    case 'SignInRefused': {
      const words = O.getOrElse(() => error.error)(error.description)
      const code = words === error.error ? '' : ` (${error.error})`
      const message = printable(`The sign-in was refused: ${words}${code}`)
      return rendered('sign-in-refused', message, tryAgain)
    }
    case 'SignInCancelled':
      return rendered('sign-in-cancelled', 'The sign-in was cancelled. Nothing was changed.')
    case 'FrontUnusable':
      return ofFront(error)
    case 'OtherWorkspace':
      return rendered(
        'other-workspace',
        `${printable(error.name)} signed in to the workspace ${printable(error.got)}, not to ${printable(error.wanted)}. Nothing was stored.`,
        'Sign in again and choose that workspace, or leave --workspace out: codex-multi-auth login',
      )
    case 'PasteUnusable':
    case 'DeviceCodeNotOffered':
    case 'DeviceCodeRefused':
      return ofOtherWay(error)
    case 'NoAccountId': {
      const who = O.isSome(error.email) ? ` of ${printable(error.email.value)}` : ''
      return rendered(
        'no-account-id',
        `The sign-in${who} is for no ChatGPT account. Nothing was stored.`,
        'Open https://chatgpt.com once with it and choose a workspace, then sign in again.',
      )
    }
    case 'SignInNotStored': {
      const storage = renderStorageError(error.because)
      const message = `Signed in as ${printable(error.name)}, but it could not be stored: ${storage.message}`
      return { ...storage, message, hint: O.some(notStoredHint(storage)) }
    }
    case 'IssuerUnreached':
    case 'ExchangeRefused':
    case 'ExchangeUnreadable':
      return ofExchange(error)
  }
}

const ofFront = ({ path, because }: FrontUnusable): Rendered => {
  const file = printable(path)
  const hint = 'Sign in here instead: codex-multi-auth login'
  const said = (code: ErrorCode, message: string) => rendered(code, message, hint)
  switch (because) {
    case 'Missing':
      return said('official-not-signed-in', `The official CLI has no sign-in: there is no ${file}.`)
    case 'OfUser':
      return rendered(
        'official-of-user',
        'The sign-in of the official CLI goes with your own accounts; in those of this project it would be used up twice.',
        'Sign in for the project itself: codex-multi-auth login --project',
      )
    case 'Unreadable':
      return said('official-unreadable', `${file} is no sign-in: it does not hold a JSON object.`)
    case 'ApiKey':
      return said('official-api-key', `${file} holds an API key, which is no ChatGPT account.`)
    case 'NoTokens':
      return said('official-no-tokens', `${file} holds no sign-in that can be renewed.`)
  }
}

type OtherWayError = Extract<
  SignInError,
  { readonly _tag: 'PasteUnusable' | 'DeviceCodeNotOffered' | 'DeviceCodeRefused' }
>

/** A sign-in without a browser of this machine. */
const ofOtherWay = (error: OtherWayError): Rendered => {
  switch (error._tag) {
    case 'PasteUnusable':
      return rendered(
        'paste-unusable',
        `${lackWords(error.lacks)} Nothing was changed.`,
        'Sign in again, and paste the whole address: codex-multi-auth login --manual',
      )
    case 'DeviceCodeNotOffered':
      return rendered(
        'device-code-not-offered',
        'Signing in with a code is not offered to you: the security settings of ChatGPT or your workspace allow it.',
        'Sign in through a browser: codex-multi-auth login --no-browser',
      )
    case 'DeviceCodeRefused': {
      const code = O.isSome(error.code) ? `, ${printable(error.code.value)}` : ''
      return rendered(
        'device-code-refused',
        `The sign-in with a code was refused (HTTP ${error.status}${code}).`,
        'Get another code: codex-multi-auth login --device-auth',
      )
    }
  }
}

export const lackWords = (lacks: Unusable['lacks']): string => {
  switch (lacks) {
    case 'Code':
      return 'What was pasted holds no code.'
    case 'State':
      return 'What was pasted holds a code without its state.'
    case 'Both':
      return 'What was pasted holds no code and no state.'
    case 'OurState':
      return 'What was pasted belongs to another sign-in.'
  }
}

const notStoredHint = ({ hint }: Rendered): string =>
  `${O.isSome(hint) ? `${hint.value} ` : ''}Then sign in again: codex-multi-auth login`

const ofPorts = ({ ports, because }: NoCallbackPort): Rendered =>
  rendered(
    'no-callback-port',
    `The sign-in page comes back to port ${ports.join(' or ')} of this machine, and neither is free${
      because._tag === 'ListenFault' ? ` (${because.code})` : ''
    }.`,
    'End the program that holds one of them, then sign in again.',
  )

type ExchangeError = Extract<
  SignInError,
  { readonly _tag: 'IssuerUnreached' | 'ExchangeRefused' | 'ExchangeUnreadable' }
>

const ofExchange = (error: ExchangeError): Rendered => {
  switch (error._tag) {
    case 'IssuerUnreached':
      return rendered(
        'issuer-unreached',
        `${printable(error.issuer)} gave no answer (${reachWords(error.because)}).`,
        'Look at the connection, and at HTTPS_PROXY where one is used, then sign in again.',
      )
    case 'ExchangeRefused': {
      const code = O.isSome(error.code) ? `, ${printable(error.code.value)}` : ''
      const message = `The sign-in could not be finished: the code was refused (HTTP ${error.status}${code}).`
      return rendered('exchange-refused', message, tryAgain)
    }
    case 'ExchangeUnreadable':
      return rendered(
        'exchange-unreadable',
        `The sign-in brought no usable tokens: ${error.because.expected} expected at ${error.because.at || 'its answer'}.`,
        tryAgain,
      )
  }
}

/** Why the issuer gave no answer. */
export const reachWords = (error: TokenRequestError): string => {
  switch (error._tag) {
    case 'Unreachable':
    case 'Broken':
      return error.code
    case 'TimedOut':
      return `no ${error.phase} in time`
    case 'Cancelled':
      return 'cancelled'
    case 'AnswerTooLarge':
      return 'its answer is too large'
  }
}
