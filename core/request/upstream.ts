/**
 * A client's request as it goes to the backend, and the backend's answer as it goes back.
 *
 * Headers we do not know pass untouched both ways. What names an account is replaced on the way out,
 * and what belongs to one account never reaches another, or the client's own caches.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import type { Identity } from '../accounts/identity'
import * as Headers from './headers'

/** Of one connection, not of the request (RFC 9110, 7.6.1). */
const hopByHop: ReadonlyArray<string> = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Named here or by the `connection` header of this very message. */
const isHopByHop = (headers: Headers.Headers): ((name: string) => boolean) => {
  const here = named(headers)
  return (name) => hopByHop.includes(name) || here.includes(name)
}

const named = (headers: Headers.Headers): ReadonlyArray<string> =>
  headers.flatMap(([name, value]) =>
    name === 'connection' ? value.split(',').map((other) => other.trim().toLowerCase()) : [],
  )

/** Set by the connection that carries the request on. */
const ofConnection: ReadonlyArray<string> = ['host', 'content-length', 'expect']

/** A client must never follow the backend past us, so such an answer is as good as none. */
export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

export const turnState = 'x-codex-turn-state'
export const residency = 'x-openai-account-routing-override'

export interface Bearer {
  readonly identity: Identity
  readonly accessToken: string
  /** Where the account's workspace must be routed, when it must. */
  readonly override: O.Option<string>
}

/** `keepsTurnState` where the account is the one that issued it. */
export const requestHeaders =
  (bearer: Bearer, keepsTurnState: boolean) =>
  (headers: Headers.Headers): Headers.Headers => {
    const isOfHop = isHopByHop(headers)
    const kept = Headers.without(
      (name) =>
        isOfHop(name) ||
        ofConnection.includes(name) ||
        name === 'cookie' ||
        // An answer we could not read is one we could not judge.
        name === 'accept-encoding' ||
        name === residency ||
        (name === turnState && !keepsTurnState),
    )(headers)
    const signed = pipe(
      kept,
      Headers.set('authorization', `Bearer ${bearer.accessToken}`),
      Headers.set('chatgpt-account-id', bearer.identity.accountId),
    )
    return O.isSome(bearer.override)
      ? Headers.set(residency, bearer.override.value)(signed)
      : signed
  }

/**
 * Without `x-models-etag`, which differs from account to account and would make the client fetch its
 * model list anew at each switch, and without cookies, which belong to one account.
 */
export const answerHeaders = (headers: Headers.Headers): Headers.Headers => {
  const isOfHop = isHopByHop(headers)
  return Headers.without(
    (name) => isOfHop(name) || name === 'x-models-etag' || name === 'set-cookie',
  )(headers)
}
