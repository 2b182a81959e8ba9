/**
 * Where a workspace lives, as the backend's `accounts/check` tells the official CLI before its first
 * model request (protocol.md, section 5). We answer that ourselves, and heed the real answer of the
 * account that serves.
 */
import * as O from 'fp-ts/Option'

/** What the real answer asks for when a model request is sent for this account. */
export interface WorkspaceRoute {
  /** Another https origin than the backend's own, without a slash at its end. */
  readonly origin: O.Option<string>
  /** The value of the header `x-openai-account-routing-override`, such as `us`. */
  readonly override: O.Option<string>
}

const unconstrained = 'NO_CONSTRAINT'

/**
 * The least that lets the CLI go on. A foreign https origin, as it moves a model request to the
 * origin named here unless that request goes to yet another one: to ours.
 */
export const minimalAnswer = (accountId: string): string =>
  JSON.stringify({
    accounts: [
      {
        id: accountId,
        workspace_backend_origin: 'https://chatgpt.com',
        account_routing_override: unconstrained,
      },
    ],
  })

/** None when the answer does not speak of the account. What is not understood asks for nothing. */
export const routeOf =
  (accountId: string) =>
  (answer: unknown): O.Option<WorkspaceRoute> => {
    const accounts = isRecord(answer) ? answer['accounts'] : undefined
    const rows = isRecord(accounts) || Array.isArray(accounts) ? Object.values(accounts) : []
    const row = rows.filter(isRecord).find((one) => one['id'] === accountId)
    return row === undefined
      ? O.none
      : O.some({
          origin: originOf(row['workspace_backend_origin']),
          override: overrideOf(row['account_routing_override']),
        })
  }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A token goes there: https, and nothing but a host. */
const originOf = (value: unknown): O.Option<string> => {
  if (typeof value !== 'string' || value === unconstrained) return O.none
  const url = urlOf(value)
  const isBare = url !== undefined && (value === url.origin || value === `${url.origin}/`)
  return isBare && url.protocol === 'https:' ? O.some(url.origin) : O.none
}

/** It becomes a header: `us`, `us_cr`, or a later word of that kind. */
const overrideOf = (value: unknown): O.Option<string> =>
  typeof value === 'string' && value !== unconstrained && /^[a-z][a-z0-9_-]{0,31}$/.test(value)
    ? O.some(value)
    : O.none

const urlOf = (value: string): URL | undefined => {
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}
