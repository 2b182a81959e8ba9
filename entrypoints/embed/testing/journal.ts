/**
 * What arrived and how it was answered, for a test to ask about.
 *
 * No token stands in it: a bearer is kept as its last twelve characters. The oldest calls are
 * forgotten beyond `callsMax`.
 */
import * as O from 'fp-ts/Option'
import type { Headers } from '../../../core/request/headers'
import type { Instant } from '../../../core/time'
import type { Account } from './people'

/** Enough for any test; a bench that sends more asks about the last ones. */
export const callsMax = 5_000

export type Violation =
  /** Content made for one account came back under another. */
  | {
      readonly _tag: 'ForeignContent'
      readonly from: string
      readonly to: string
      readonly item: string
    }
  | { readonly _tag: 'ForeignTurnState'; readonly from: string; readonly to: string }
  /** The account header does not fit the bearer, or is missing. */
  | { readonly _tag: 'ForeignAccount'; readonly bearer: string; readonly header: string }
  | { readonly _tag: 'UnknownBearer'; readonly path: string }
  | { readonly _tag: 'NoBearer'; readonly path: string }
  | { readonly _tag: 'RefreshReused'; readonly account: string }
  /** A refresh began while another was under way. */
  | { readonly _tag: 'RefreshOverlap'; readonly account: string; readonly with: string }
  | { readonly _tag: 'BadRequest'; readonly path: string; readonly because: string }
  | { readonly _tag: 'UnknownPath'; readonly method: string; readonly path: string }

export interface Conversation {
  readonly thread: string
  readonly session: string
  readonly cacheKey: string
}

export interface Call {
  readonly at: Instant
  readonly origin: 'chatgpt' | 'model'
  readonly method: string
  readonly path: string
  readonly query: string
  /** Without `authorization`. */
  readonly headers: Headers
  /** The end of the bearer, or of the refresh token in the body; empty for none. */
  readonly token: string
  /** Whose bearer, or whose code or refresh token in the body. */
  readonly account: O.Option<Account>
  /** What the account header said, empty for none. */
  readonly accountHeader: string
  readonly conversation: Conversation
  /** Of a model request, decoded; of a call of the issuer, the fields that are no secret; else null. */
  readonly body: unknown
  /** What the call was for, where a path is used for several things, as `refresh_token`. */
  readonly purpose: string
  /** 0 while there is no answer, or none at all. */
  readonly status: number
}

export interface Journal {
  readonly calls: () => ReadonlyArray<Call>
  readonly violations: () => ReadonlyArray<Violation>
  /** Model requests of an account, by key or account id; of all without one. */
  readonly requestsOf: (id?: string) => ReadonlyArray<Call>
  readonly refreshes: () => ReadonlyArray<Call>
  readonly revocations: () => ReadonlyArray<Call>
  readonly callsTo: (path: string) => ReadonlyArray<Call>
  readonly forget: () => void
}

export interface Recorder extends Journal {
  /** Gives the number to complete the call with. */
  readonly arrived: (call: Call) => number
  readonly completed: (number: number, change: Partial<Call>) => void
  readonly violated: (violation: Violation) => void
}

export const responsesPath = '/backend-api/codex/responses'
export const tokenPath = '/oauth/token'

export const create = (): Recorder => {
  const calls = new Map<number, Call>()
  const violations = new Set<Violation>()
  let count = 0
  const list = () => [...calls.values()]
  const to = (path: string) => list().filter((call) => call.path === path)
  const isOf = (id: string) => (call: Call) =>
    O.isSome(call.account) && [call.account.value.key, call.account.value.accountId].includes(id)
  return {
    calls: list,
    violations: () => [...violations],
    requestsOf: (id) => {
      const requests = to(responsesPath).filter((call) => call.method === 'POST')
      return id === undefined ? requests : requests.filter(isOf(id))
    },
    refreshes: () => to(tokenPath).filter((call) => call.purpose === 'refresh_token'),
    revocations: () => to('/oauth/revoke'),
    callsTo: to,
    forget: () => {
      calls.clear()
      violations.clear()
    },
    arrived: (call) => {
      count += 1
      calls.set(count, call)
      calls.delete(count - callsMax)
      return count
    },
    completed: (number, change) => {
      const call = calls.get(number)
      if (call !== undefined) calls.set(number, { ...call, ...change })
    },
    violated: (violation) => {
      if (violations.size < callsMax) violations.add(violation)
    },
  }
}
