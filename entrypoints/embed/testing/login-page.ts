/**
 * The login page, the browser in front of it and the person at the keyboard.
 *
 * Who types a password next is scripted. A browser remembers its last sign-in, so that without
 * `prompt=login` nobody is asked.
 */
import * as O from 'fp-ts/Option'
import type { Reply } from '../../../ports/http-server'
import { after, minute, type Instant } from '../../../core/time'
import * as Call from './call'
import { clientId } from './claims'
import type { Recorder } from './journal'
import type { Account, People } from './people'

/** The ports of the redirect addresses that are registered for the public client. */
export const registeredPorts: ReadonlyArray<number> = [1455, 1457]
/** The addresses themselves: either name of the loopback host. */
const redirectForm = /^http:\/\/(?:127\.0\.0\.1|localhost):(\d+)\/auth\/callback$/
const scopes = ['openid', 'profile', 'email', 'offline_access']
const codeLasts = 10 * minute

export interface Denial {
  readonly error: string
  readonly description: string
}

/** What an authorization code stands for. */
export interface Grant {
  readonly account: Account
  readonly redirectUri: string
  /** S256 of the verifier. */
  readonly challenge: string
  readonly expiresAt: Instant
}

export interface LoginPage {
  readonly authorize: Call.Handler
  /** Who signs in wherever the page asks. */
  readonly signsIn: (account: Account) => void
  /** The next page ends in an error. */
  readonly denies: (denial: Denial) => void
  /** The browser forgets who was signed in. */
  readonly forgetBrowser: () => void
}

export interface LoginPageTerms {
  readonly people: Pick<People, 'workspacesOf'>
  readonly journal: Pick<Recorder, 'violated'>
  /** Empty for any. */
  readonly redirectPorts: ReadonlyArray<number>
  readonly codeFor: (grant: Grant) => string
}

/** The first rule the query breaks. */
const faultOf = (query: URLSearchParams, ports: ReadonlyArray<number>): O.Option<string> => {
  const text = (name: string) => query.get(name) ?? ''
  const port = redirectForm.exec(text('redirect_uri'))?.[1]
  const isRegistered = ports.length === 0 || ports.includes(Number(port))
  const asked = text('scope').split(' ')
  const rules: ReadonlyArray<readonly [name: string, holds: boolean]> = [
    ['response_type', text('response_type') === 'code'],
    ['client_id', text('client_id') === clientId],
    ['redirect_uri', port !== undefined && isRegistered],
    ['code_challenge', /^[A-Za-z0-9_-]{43}$/.test(text('code_challenge'))],
    ['code_challenge_method', text('code_challenge_method') === 'S256'],
    ['state', text('state').length >= 16],
    ['scope', scopes.every((scope) => asked.includes(scope))],
  ]
  return O.fromNullable(rules.find(([, holds]) => !holds)?.[0])
}

const withQuery = (address: string, query: Readonly<Record<string, string>>): string =>
  `${address}?${new URLSearchParams(query).toString()}`

/** The workspace of the person that the query allows. */
const allowed = (
  account: Account,
  query: URLSearchParams,
  people: LoginPageTerms['people'],
): O.Option<Account> => {
  const ids = query.get('allowed_workspace_id')?.split(',') ?? []
  if (ids.length === 0 || ids.includes(account.accountId)) return O.some(account)
  const other = people.workspacesOf(account.userId).find((one) => ids.includes(one.accountId))
  return O.fromNullable(other)
}

export const create = (terms: LoginPageTerms): LoginPage => {
  let atKeyboard: O.Option<Account> = O.none
  let remembered: O.Option<Account> = O.none
  let denials: ReadonlyArray<Denial> = []

  const signedIn = ({ query, at }: Call.Incoming): Reply => {
    const isAsked = query.get('prompt') === 'login' || O.isNone(remembered)
    const person = isAsked ? atKeyboard : remembered
    if (O.isNone(person)) return Call.page(200, 'Log in')
    const account = allowed(person.value, query, terms.people)
    if (O.isNone(account)) return Call.page(403, 'Workspace not allowed')
    remembered = account
    const redirectUri = query.get('redirect_uri') ?? ''
    const code = terms.codeFor({
      account: account.value,
      redirectUri,
      challenge: query.get('code_challenge') ?? '',
      expiresAt: after(at, codeLasts),
    })
    const [scope, state] = [query.get('scope') ?? '', query.get('state') ?? '']
    return Call.redirect(withQuery(redirectUri, { code, scope, state }))
  }

  return {
    authorize: (incoming) => {
      const { query, path } = incoming
      const fault = faultOf(query, terms.redirectPorts)
      if (O.isSome(fault)) {
        terms.journal.violated({ _tag: 'BadRequest', path, because: fault.value })
        return Call.page(400, `Bad request: ${fault.value}`)
      }
      const [denial, ...others] = denials
      if (denial === undefined) return signedIn(incoming)
      denials = others
      const { error, description } = denial
      const state = query.get('state') ?? ''
      const redirectUri = query.get('redirect_uri') ?? ''
      return Call.redirect(withQuery(redirectUri, { error, error_description: description, state }))
    },
    signsIn: (account) => {
      atKeyboard = O.some(account)
    },
    denies: (denial) => {
      denials = [...denials, denial]
    },
    forgetBrowser: () => {
      remembered = O.none
    },
  }
}
