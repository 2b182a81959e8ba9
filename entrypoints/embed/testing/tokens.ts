/**
 * Tokens as the simulated issuer gives them out: real claims, a signature that is none.
 *
 * Each is made once and no two are equal. A refresh token is spent by its first use; spending gives
 * the next of its family. The last twelve characters name the token (`sim_at_00007`): a journal may
 * show them, never the whole.
 */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import type { Random } from '../../../ports/random'
import { after, day, hour, type Instant, type Millis } from '../../../core/time'
import * as Base64url from './base64url'
import * as Claims from './claims'
import type { Account } from './people'

export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
  /** When the access token runs out. */
  readonly expiresAt: Instant
}

export interface Lifetimes {
  readonly access: Millis
  readonly id: Millis
  readonly refresh: Millis
}

export const lifetimes: Lifetimes = { access: 10 * day, id: hour, refresh: 60 * day }

/** Why a bearer is refused, as `error.code` of the 401. */
export type AccessRefusal =
  'token_expired' | 'token_invalidated' | 'token_revoked' | 'account_deactivated'

/** Why a refresh token is refused, as `error.code`. */
export type RefreshRefusal =
  | 'refresh_token_expired'
  | 'refresh_token_reused'
  | 'refresh_token_invalidated'
  | 'invalid_grant'
  /** The token is none this issuer knows. */
  | 'token_expired'

export interface Bearer {
  readonly account: Account
  readonly refusal: O.Option<AccessRefusal>
}

interface Access {
  readonly account: Account
  readonly family: number
  readonly expiresAt: Instant
  readonly refusal: O.Option<AccessRefusal>
}

interface Refresh {
  readonly account: Account
  readonly family: number
  readonly expiresAt: Instant
  readonly refusal: O.Option<RefreshRefusal>
}

export interface Vault {
  readonly issue: (account: Account, now: Instant, terms?: IssueTerms) => Tokens
  readonly bearer: (token: string, now: Instant) => O.Option<Bearer>
  readonly owner: (refreshToken: string) => O.Option<Account>
  /** Uses a refresh token up, unless it is to stay good beside the new access token. */
  readonly spend: (
    token: string,
    now: Instant,
    terms: { readonly keepsRefresh: boolean },
  ) => Result<Tokens, RefreshRefusal>
  /** The bearers of this account are refused from now on; ones issued later are good. */
  readonly refuseAccess: (key: string, refusal: AccessRefusal) => void
  readonly refuseRefresh: (key: string, refusal: RefreshRefusal) => void
  /** Ends the family of a refresh token; none when the token is not known. */
  readonly revoke: (refreshToken: string) => O.Option<Account>
}

export interface IssueTerms {
  readonly family?: number
  readonly lifetimes?: Partial<Lifetimes>
  /** An access token that is no JWT, so that its expiry cannot be read. */
  readonly opaque?: boolean
}

const issuing = (issuer: string, random: Pick<Random, 'bytes'>) => {
  const draw = () => Base64url.ofBytes(random.bytes(24))
  let count = 0
  /** Twelve characters, a length that base64url decoders take. */
  const name = (kind: 'at' | 'id' | 'rt') => {
    count += 1
    return `sim_${kind}_${String(count).padStart(5, '0')}`
  }
  return (account: Account, now: Instant, terms: IssueTerms): Tokens => {
    const spans = { ...lifetimes, ...terms.lifetimes }
    const expiresAt = after(now, spans.access)
    const stamp = { account, issuer, now, id: `sim-${draw()}` }
    return {
      idToken: Claims.idToken({ ...stamp, expiresAt: after(now, spans.id) }, name('id')),
      accessToken:
        terms.opaque === true
          ? `${draw()}_${name('at')}`
          : Claims.accessToken({ ...stamp, expiresAt }, name('at')),
      refreshToken: `rt_${draw()}_${name('rt')}`,
      expiresAt,
    }
  }
}

export interface VaultTerms {
  readonly issuer: string
  readonly random: Pick<Random, 'bytes'>
  readonly lifetimes: Lifetimes
  /** A refresh token that comes a second time ends its whole family. */
  readonly reuseEndsFamily: boolean
}

export const vault = (given: VaultTerms): Vault => {
  const accesses = new Map<string, Access>()
  const refreshes = new Map<string, Refresh>()
  const make = issuing(given.issuer, given.random)
  let families = 0

  const endAccesses = (isMeant: (access: Access) => boolean, refusal: AccessRefusal) => {
    for (const [token, access] of accesses)
      if (isMeant(access)) accesses.set(token, { ...access, refusal: O.some(refusal) })
  }
  const endRefreshes = (isMeant: (refresh: Refresh) => boolean, refusal: RefreshRefusal) => {
    for (const [token, refresh] of refreshes)
      if (isMeant(refresh) && O.isNone(refresh.refusal))
        refreshes.set(token, { ...refresh, refusal: O.some(refusal) })
  }
  const endFamily = (family: number, refusal: AccessRefusal) => {
    endAccesses((access) => access.family === family, refusal)
    endRefreshes((refresh) => refresh.family === family, 'refresh_token_invalidated')
  }

  const issue: Vault['issue'] = (account, now, terms = {}) => {
    const spans = { ...given.lifetimes, ...terms.lifetimes }
    const tokens = make(account, now, { ...terms, lifetimes: spans })
    families += terms.family === undefined ? 1 : 0
    const family = terms.family ?? families
    const { expiresAt } = tokens
    accesses.set(tokens.accessToken, { account, family, expiresAt, refusal: O.none })
    const lasts = after(now, spans.refresh)
    refreshes.set(tokens.refreshToken, { account, family, expiresAt: lasts, refusal: O.none })
    return tokens
  }

  const spend: Vault['spend'] = (token, now, { keepsRefresh }) => {
    const held = refreshes.get(token)
    if (held === undefined) return err('token_expired')
    if (O.isSome(held.refusal)) {
      const isReuse = held.refusal.value === 'refresh_token_reused'
      if (isReuse && given.reuseEndsFamily) endFamily(held.family, 'token_invalidated')
      return err(held.refusal.value)
    }
    if (held.expiresAt <= now) return err('refresh_token_expired')
    if (!keepsRefresh) refreshes.set(token, { ...held, refusal: O.some('refresh_token_reused') })
    return ok(issue(held.account, now, { family: held.family }))
  }

  return {
    issue,
    spend,
    bearer: (token, now) => {
      const held = accesses.get(token)
      if (held === undefined) return O.none
      const expired = held.expiresAt <= now ? O.some('token_expired' as const) : O.none
      return O.some({
        account: held.account,
        refusal: O.isSome(held.refusal) ? held.refusal : expired,
      })
    },
    owner: (token) => O.fromNullable(refreshes.get(token)?.account),
    refuseAccess: (key, refusal) => {
      endAccesses(({ account }) => account.key === key, refusal)
    },
    refuseRefresh: (key, refusal) => {
      endRefreshes(({ account }) => account.key === key, refusal)
    },
    revoke: (token) => {
      const held = refreshes.get(token)
      if (held === undefined) return O.none
      endFamily(held.family, 'token_revoked')
      return O.some(held.account)
    },
  }
}
