/**
 * The issuer's token endpoint: refresh tokens that work once, a reuse that ends the whole family, and
 * answers that are slow, refused, reset, or lost after the token was spent. It remembers who spent what,
 * so that a token that comes twice can be judged.
 */
import * as O from 'fp-ts/Option'
import type { Dice } from '../../adapters/memory/dice'
import { memoryRandom } from '../../adapters/memory/random'
import type { Scripted, Sent } from '../../adapters/memory/network'
import * as Headers from '../../core/request/headers'
import { hour, minute, second, type Instant } from '../../core/time'
import * as Refusal from '../../entrypoints/embed/testing/refusal'
import type { Account } from '../../entrypoints/embed/testing/people'
import { vault, type Bearer, type Tokens } from '../../entrypoints/embed/testing/tokens'
import { senderHeader } from './backend'
import type { Count } from './ledger'

export const origin = 'https://issuer.test'

/** Short against the waits of a run, so that tokens end in it. */
const lifetimes = { access: 20 * minute, id: hour, refresh: 100 * 24 * hour }

/** What became of a refresh token that was spent. */
export interface Rotation {
  /** The name its spender gave itself. */
  readonly spender: string
  readonly next: string
  /** The answer never reached the spender. */
  isLost: boolean
}

/** Of a refresh token: whose, which family's, how many were issued before it, and when. */
export interface Birth {
  readonly key: string
  readonly family: number
  readonly rank: number
  /** As its access token says: in whole seconds. */
  readonly second: number
}

export interface Issuer {
  readonly signIn: (account: Account) => Tokens
  /** A code that is exchanged once. */
  readonly codeFor: (account: Account) => string
  readonly birthOf: (refreshToken: string) => Birth | undefined
  readonly rotationOf: (refreshToken: string) => Rotation | undefined
  /** Whether a refresh token would be renewed. */
  readonly isGood: (refreshToken: string) => boolean
  readonly bearer: (accessToken: string) => O.Option<Bearer>
  /** Takes the sign-in back that an access token is of, or a refresh token. */
  readonly end: (token: string) => void
  readonly answer: (request: Sent) => Scripted
}

export interface IssuerTerms {
  readonly throwDice: Dice
  /** Time as it passes; the issuer's clock is right whatever ours says. */
  readonly now: () => Instant
  readonly count: Count
  /** A code was exchanged for a sign-in. */
  readonly onSignIn: (refreshToken: string, asker: string) => void
  /** A token comes that was renewed before. */
  readonly onReuse: (refreshToken: string, spender: string) => void
  /** A family of tokens is over, by a logout or by the backend's word: nobody can save it. */
  readonly onEnd: (family: number) => void
}

const json = (status: number, body: string): Scripted => ({
  _tag: 'Answer',
  status,
  headers: [['content-type', 'application/json']],
  pieces: [body],
})

const refused = ({ status, headers, body }: Refusal.Refusal): Scripted => ({
  _tag: 'Answer',
  ...{ status, headers, pieces: [body] },
})

const textOf = ({ body }: Sent): string =>
  body.map((piece) => new TextDecoder().decode(piece)).join('')

const headerOf = (name: string, { headers }: Sent): string =>
  O.getOrElse(() => '')(Headers.get(name)(headers))

const printed = (tokens: Tokens, now: Instant): string =>
  JSON.stringify({
    id_token: tokens.idToken,
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    expires_in: Math.floor((tokens.expiresAt - now) / second),
  })

export const openIssuer = ({
  throwDice,
  now,
  count,
  onEnd,
  onReuse,
  onSignIn,
}: IssuerTerms): Issuer => {
  const random = memoryRandom({ throwDice })
  const tokens = vault({ issuer: origin, random, lifetimes, reuseEndsFamily: true })
  const births = new Map<string, Birth>()
  /** The refresh token that each access token was given with. */
  const refreshOf = new Map<string, string>()
  const rotations = new Map<string, Rotation>()
  const ended = new Set<number>()
  const failed = new Set<string>()
  const codes = new Map<string, Account>()
  let families = 0

  const born = (made: Tokens, key: string, family: number): Tokens => {
    refreshOf.set(made.accessToken, made.refreshToken)
    births.set(made.refreshToken, {
      key,
      family,
      rank: births.size,
      second: Math.floor(now() / second),
    })
    return made
  }

  const signIn = (account: Account): Tokens => {
    families += 1
    return born(tokens.issue(account, now()), account.key, families)
  }

  const exchange = (code: string, asker: string): Scripted => {
    const account = codes.get(code)
    codes.delete(code)
    if (account === undefined)
      return refused(Refusal.grantRefused('invalid_grant', 'The authorization code is not valid.'))
    const made = signIn(account)
    onSignIn(made.refreshToken, asker)
    return json(200, printed(made, now()))
  }

  const renew = (token: string, spender: string): Scripted => {
    const birth = births.get(token)
    if (rotations.has(token)) onReuse(token, spender)
    const fault = throwDice()
    if (fault < 0.06) {
      count('issuer answers 500')
      failed.add(token)
      return refused(Refusal.serverFault(500))
    }
    if (fault < 0.12) {
      count('issuer resets')
      failed.add(token)
      return { _tag: 'Reset' }
    }
    const spent = tokens.spend(token, now(), { keepsRefresh: false })
    if (spent.isErr() || birth === undefined) {
      count('issuer refuses')
      if (birth !== undefined) ended.add(birth.family)
      return refused(Refusal.refreshRefused(spent.isErr() ? spent.error : 'token_expired'))
    }
    if (failed.has(token)) count('token renewed after a failure')
    const made = born(spent.value, birth.key, birth.family)
    const isLost = fault < 0.16
    rotations.set(token, { spender, next: made.refreshToken, isLost })
    if (isLost) {
      count('issuer answer lost')
      return { _tag: 'Reset' }
    }
    const answer = json(200, printed(made, now()))
    if (fault > 0.3) return answer
    count('issuer slow')
    return { ...answer, firstByteAfter: fault < 0.18 ? 35 * second : 5 * second } as Scripted
  }

  const end = (token: string): void => {
    const refresh = refreshOf.get(token) ?? token
    const birth = births.get(refresh)
    if (birth === undefined) return
    tokens.revoke(refresh)
    ended.add(birth.family)
    onEnd(birth.family)
  }

  return {
    signIn,
    end,
    bearer: (token) => tokens.bearer(token, now()),
    codeFor: (account) => {
      const code = `code_${account.userId}_${codes.size}_${births.size}`
      codes.set(code, account)
      return code
    },
    birthOf: (token) => births.get(token),
    rotationOf: (token) => rotations.get(token),
    isGood: (token) => {
      const birth = births.get(token)
      return birth !== undefined && !rotations.has(token) && !ended.has(birth.family)
    },
    answer: (request) => {
      const text = textOf(request)
      if (!text.startsWith('{'))
        return exchange(
          new URLSearchParams(text).get('code') ?? '',
          headerOf(senderHeader, request),
        )
      const asked = JSON.parse(text) as { readonly refresh_token?: string; readonly token?: string }
      if (asked.token === undefined)
        return renew(asked.refresh_token ?? '', headerOf(senderHeader, request))
      end(asked.token)
      return json(200, '{}')
    },
  }
}
