/**
 * What a request of the official CLI to the loopback proxy is for (protocol.md, section 5). Both
 * listeners answer alike; that there are two is what keeps the CLI from moving model requests away.
 */

export type Endpoint =
  /** Where does the workspace live? Answered by the proxy itself. */
  | { readonly _tag: 'Discovery' }
  | { readonly _tag: 'Token' }
  | { readonly _tag: 'Revoke' }
  /** A model request; `path` is below the backend's base, with its query. */
  | { readonly _tag: 'Model'; readonly path: string }
  /** The WebSocket form of a model request. */
  | { readonly _tag: 'ModelSocket' }
  | { readonly _tag: 'Backend'; readonly path: string }
  | { readonly _tag: 'Unknown' }

const base = '/backend-api'

export const of = (method: string, target: string, isUpgrade: boolean): Endpoint => {
  const path = target.split('?', 1)[0] ?? ''
  if (path === '/oauth/token' && method === 'POST') return { _tag: 'Token' }
  if (path === '/oauth/revoke' && method === 'POST') return { _tag: 'Revoke' }
  if (!path.startsWith(`${base}/`) || leavesBase(path) || !isTarget(target))
    return { _tag: 'Unknown' }
  if (path === `${base}/codex/responses` && isUpgrade) return { _tag: 'ModelSocket' }
  if (isUpgrade) return { _tag: 'Unknown' }
  if (path === `${base}/wham/accounts/check` && method === 'GET') return { _tag: 'Discovery' }
  const below = target.slice(base.length)
  return path === `${base}/codex/responses` && method === 'POST'
    ? { _tag: 'Model', path: below }
    : { _tag: 'Backend', path: below }
}

/** A path that a lenient server would resolve to somewhere else. */
const leavesBase = (path: string): boolean =>
  path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment) || /%2f|%5c|\\/i.test(segment))

/**
 * A target has no fragment, blank or control character (RFC 9112, 3.2). A URL parser cuts the first
 * off and takes some of the others out, so that `/..#` and a tab between two dots lead elsewhere.
 */
const isTarget = (target: string): boolean => !/[\u0000-\u0020\u007f#]/.test(target)
