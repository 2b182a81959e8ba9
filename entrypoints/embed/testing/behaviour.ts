/**
 * What the upstream does with a request, scripted by a test.
 *
 * A `Fault` fits any path; a `Behaviour` is for model requests, where an answer is a stream that can
 * end in many ways. Both are values: the same script gives the same bytes.
 */
import { second, type Millis } from '../../../core/time'
import type { Account } from './people'
import * as Refusal from './refusal'
import type { AccessRefusal } from './tokens'

export type ToolCall =
  | { readonly _tag: 'Function'; readonly name: string; readonly arguments: unknown }
  | { readonly _tag: 'Custom'; readonly name: string; readonly input: string }

export interface Usage {
  readonly input: number
  readonly cached: number
  readonly output: number
  readonly reasoning: number
}

/** One answer of the model. Reasoning comes first, then text, then calls. */
export interface Turn {
  readonly text: string
  readonly calls: ReadonlyArray<ToolCall>
  /** Shown to the person while the model thinks; empty for none. */
  readonly reasoningSummary: string
  readonly usage: Usage
}

/**
 * Where in the answer's stream: before its first event, before the first event a client shows,
 * after it, after the last event, or after so many events.
 */
export type Place = 'start' | 'before-output' | 'after-output' | 'end' | number

export type Ending =
  /** The connection breaks, so long after what came before. */
  | { readonly _tag: 'Cut'; readonly after: Millis }
  /** The stream ends as if all were said, without `response.completed`. */
  | { readonly _tag: 'Stop' }
  /** Nothing more comes, and the connection stays. */
  | { readonly _tag: 'Silence' }
  | { readonly _tag: 'Failed'; readonly code: string; readonly message: string }
  | { readonly _tag: 'ErrorEvent'; readonly code: string; readonly message: string }
  | { readonly _tag: 'Incomplete'; readonly reason: string }

export type Fault =
  | { readonly _tag: 'Refuse'; readonly refusal: Refusal.Refusal }
  | { readonly _tag: 'Reset' }
  | { readonly _tag: 'Silence' }
  /** The work is done, the answer is lost on its way. */
  | { readonly _tag: 'Lost' }
  | { readonly _tag: 'Delay'; readonly wait: Millis }

export type Behaviour =
  /** `pace` lies between two events. */
  | { readonly _tag: 'Answer'; readonly turn: Partial<Turn>; readonly pace: Millis }
  | {
      readonly _tag: 'Break'
      readonly at: Place
      readonly ending: Ending
      readonly turn: Partial<Turn>
    }
  | { readonly _tag: 'Refuse'; readonly refusal: Refusal.Refusal }
  | { readonly _tag: 'UsageLimit'; readonly resetsIn: Millis }
  | { readonly _tag: 'UnsupportedModel' }
  /** A 200 whose body is no event stream. */
  | { readonly _tag: 'NoStream'; readonly contentType: string; readonly body: string }
  | { readonly _tag: 'Reset' }
  | { readonly _tag: 'Silence' }
  | { readonly _tag: 'Delay'; readonly wait: Millis; readonly then: Behaviour }

/** What a scripted function sees of the request it decides on. */
export interface Asked {
  readonly account: Account
  /** The how manieth model request of this account, from 1. */
  readonly nth: number
  readonly model: string
  readonly conversation: string
  readonly body: Readonly<Record<string, unknown>>
}

export const ok: Behaviour = { _tag: 'Answer', turn: {}, pace: 0 }
export const says = (text: string): Behaviour => ({ ...ok, turn: { text } })
export const answers = (turn: Partial<Turn>, pace: Millis = 0): Behaviour => ({ ...ok, turn, pace })

/** Asks for a tool instead of saying something. */
export const calls = (name: string, given: unknown): Behaviour =>
  answers({ text: '', calls: [{ _tag: 'Function', name, arguments: given }] })
export const callsCustom = (name: string, input: string): Behaviour =>
  answers({ text: '', calls: [{ _tag: 'Custom', name, input }] })

/** The usage endpoint knows nothing of this one: for a limit it reports as well, set the quota. */
export const usageLimit = (resetsIn: Millis = 3_600 * second): Behaviour => ({
  _tag: 'UsageLimit',
  resetsIn,
})
export const unsupportedModel: Behaviour = { _tag: 'UnsupportedModel' }
export const noStream = (body = '{"ok":true}', contentType = 'application/json'): Behaviour => ({
  _tag: 'NoStream',
  contentType,
  body,
})
export const slow = (wait: Millis, then: Behaviour = ok): Behaviour => ({
  _tag: 'Delay',
  wait,
  then,
})

// These fit model requests and every other path.
export const refuses = (refusal: Refusal.Refusal) => ({ _tag: 'Refuse', refusal }) as const
export const rateLimited = (retryAfter?: Millis) => refuses(Refusal.rateLimited(retryAfter))
export const serverFault = (status = 500, retryAfter?: Millis) =>
  refuses(Refusal.serverFault(status, retryAfter))
export const overloaded = refuses(Refusal.overloaded())
export const unauthorized = (code: AccessRefusal) => refuses(Refusal.unauthorized(code))
export const deactivatedWorkspace = refuses(Refusal.deactivatedWorkspace)
export const challenge = refuses(Refusal.challenge)
export const unsupportedCountry = refuses(Refusal.unsupportedCountry)
export const usageLimitNotFound = refuses(Refusal.usageLimitNotFound)
export const usageNotIncluded = refuses(Refusal.usageNotIncluded)
export const contextTooLong = refuses(Refusal.contextTooLong)
export const reset = { _tag: 'Reset' } as const
export const silence = { _tag: 'Silence' } as const
export const lost: Fault = { _tag: 'Lost' }
export const delayed = (wait: Millis): Fault => ({ _tag: 'Delay', wait })

const breaks = (at: Place, ending: Ending): Behaviour => ({ _tag: 'Break', at, ending, turn: {} })

export const cut = (at: Place, after: Millis = 0): Behaviour => breaks(at, { _tag: 'Cut', after })
export const stops = (at: Place): Behaviour => breaks(at, { _tag: 'Stop' })
export const emptyStream: Behaviour = stops('start')
export const stalls = (at: Place): Behaviour => breaks(at, { _tag: 'Silence' })
export const failed = (code: string, at: Place = 'before-output', message?: string): Behaviour =>
  breaks(at, { _tag: 'Failed', code, message: message ?? `The request failed: ${code}.` })
export const errorEvent = (
  code: string,
  at: Place = 'before-output',
  message?: string,
): Behaviour =>
  breaks(at, { _tag: 'ErrorEvent', code, message: message ?? `The request failed: ${code}.` })
export const incomplete = (reason = 'max_output_tokens', at: Place = 'after-output'): Behaviour =>
  breaks(at, { _tag: 'Incomplete', reason })
