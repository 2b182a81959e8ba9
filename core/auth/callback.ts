/**
 * The listener a browser comes back to after a sign-in: what a request to it means, and the pages it
 * answers with.
 *
 * Anything on this machine, and any page in the browser, can send requests here. Only the `state`
 * tells the issuer's answer from all others, so a request with another one ends nothing.
 */
import * as O from 'fp-ts/Option'
import { get, type Headers } from '../request/headers'
import { callbackPath } from './authorization'

export type Callback =
  | { readonly _tag: 'Code'; readonly code: string }
  | { readonly _tag: 'Refused'; readonly error: string; readonly description: O.Option<string> }
  | { readonly _tag: 'WrongState' }
  | { readonly _tag: 'MissingCode' }
  /** A later sign-in asks for the port. */
  | { readonly _tag: 'Cancelled' }
  | { readonly _tag: 'WrongMethod' }
  | { readonly _tag: 'NotFound' }

export interface Asked {
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  readonly headers: Headers
}

/** Where the official CLI asks a waiting sign-in to make room (protocol.md, section 2). */
export const cancelPath = '/cancel'

export const of =
  (state: string) =>
  ({ method, target, headers }: Asked): Callback => {
    const at = target.indexOf('?')
    const path = at < 0 ? target : target.slice(0, at)
    if (path !== callbackPath && path !== cancelPath) return { _tag: 'NotFound' }
    if (method !== 'GET') return { _tag: 'WrongMethod' }
    if (path === callbackPath) return ofQuery(state, new URLSearchParams(target.slice(path.length)))
    return isFromPage(headers) ? { _tag: 'NotFound' } : { _tag: 'Cancelled' }
  }

const ofQuery = (state: string, query: URLSearchParams): Callback => {
  const given = O.fromNullable(query.get('state'))
  const error = query.get('error') ?? ''
  // An issuer that could not read the request cannot repeat its state.
  const isOurs = O.isSome(given) ? given.value === state : error !== ''
  if (!isOurs) return { _tag: 'WrongState' }
  if (error !== '') {
    return { _tag: 'Refused', error, description: O.fromNullable(query.get('error_description')) }
  }
  const code = query.get('code') ?? ''
  return code === '' ? { _tag: 'MissingCode' } : { _tag: 'Code', code }
}

/** A page's requests carry one of these; a program's carry none, and only a program may cancel. */
const isFromPage = (headers: Headers): boolean =>
  O.isSome(get('origin')(headers)) || O.isSome(get('sec-fetch-site')(headers))

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** The page for a request that does not end the sign-in well. */
export const pageOf = (callback: Exclude<Callback, { readonly _tag: 'Code' }>): Page => {
  switch (callback._tag) {
    case 'Refused':
      return page(400, 'Sign-in refused', [
        `The sign-in page answered: ${O.getOrElse(() => callback.error)(callback.description)}`,
        'You can close this page. The terminal says what to do next.',
      ])
    case 'WrongState':
      return page(400, 'State mismatch', [
        'This answer belongs to another sign-in. The one in the terminal is still waiting.',
      ])
    case 'MissingCode':
      return page(400, 'Code missing', [
        'This answer holds no code. The sign-in in the terminal is still waiting.',
      ])
    case 'Cancelled':
      return page(200, 'Sign-in cancelled', ['Another sign-in takes this one’s place.'])
    case 'WrongMethod':
      return page(405, 'Method not allowed', [], [['allow', 'GET']])
    case 'NotFound':
      return page(404, 'Not found', [])
  }
}

/** The page after everything went well. It names who signed in and carries no token. */
export const welcome = (name: string): Page =>
  page(200, 'Signed in', [
    `${name} is now one of your accounts.`,
    'You can close this page and go back to the terminal.',
  ])

/** The page when the issuer gave a code but the sign-in still came to nothing. */
export const failed = (): Page =>
  page(500, 'Sign-in failed', ['The terminal says why, and what to do next.'])

const page = (
  status: number,
  title: string,
  lines: ReadonlyArray<string>,
  headers: Headers = [],
): Page => {
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>\n`).join('')
  return {
    status,
    headers: [
      ['content-type', 'text/html; charset=utf-8'],
      // Nothing may load, run, be sent from or frame this page: it is text.
      [
        'content-security-policy',
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      ],
      ['x-frame-options', 'DENY'],
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'no-referrer'],
      ['cache-control', 'no-store'],
      ['connection', 'close'],
      ...headers,
    ],
    text: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body>
<h1>${escaped(title)}</h1>
${paragraphs}</body>
</html>
`,
  }
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  text.slice(0, shownMax).replace(/[&<>"']/g, (sign) => references[sign] ?? '')

/** A description of any length may come in the query; a page shows this much of a line. */
const shownMax = 500
