/**
 * Signing in with a code typed on another device. The issuer makes the PKCE pair itself and hands
 * the verifier out with the authorization code.
 */
import type { Random } from '../../../ports/random'
import type { Reply } from '../../../ports/http-server'
import { after, minute, second, type Instant, type Millis } from '../../../core/time'
import * as Base64url from './base64url'
import * as Call from './call'
import { clientId } from './claims'
import { challengeOf, type OAuth, type OAuthTerms } from './oauth'
import type { Account } from './people'
import * as Refusal from './refusal'

/** How long the real backend lets a code be typed. */
const codeLasts = 15 * minute

type Standing =
  | { readonly _tag: 'Waiting' }
  | { readonly _tag: 'Approved'; readonly account: Account }
  | { readonly _tag: 'Denied' }

interface Asked {
  readonly userCode: string
  readonly expiresAt: Instant
  readonly standing: Standing
}

export interface Device {
  readonly userCode: Call.Handler
  readonly token: Call.Handler
  readonly page: Call.Handler
  /** The codes nobody has typed yet. */
  readonly waiting: () => ReadonlyArray<string>
  /** Someone types every code that waits now, or the next one to come. */
  readonly approves: (account: Account) => void
  readonly denies: () => void
  /** The flow answers 404, as where it is not offered. */
  readonly turnOff: () => void
}

export interface DeviceTerms {
  /** Known once the upstream listens. */
  readonly issuer: () => string
  readonly interval: Millis
  readonly random: Pick<Random, 'bytes'>
  readonly hash: OAuthTerms['hash']
  readonly grants: Pick<OAuth, 'codeFor'>
}

/** Letters and figures that are not taken for one another. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

const userCodeOf = (bytes: Uint8Array): string => {
  const letters = [...bytes].map((byte) => alphabet[byte % alphabet.length] ?? 'A')
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

export const create = (terms: DeviceTerms): Device => {
  const asked = new Map<string, Asked>()
  let comes: Standing = { _tag: 'Waiting' }
  let isOff = false
  const draw = (length: number) => Base64url.ofBytes(terms.random.bytes(length))

  const settle = (standing: Standing) => {
    const waiting = [...asked].filter(([, { standing: now }]) => now._tag === 'Waiting')
    for (const [id, one] of waiting) asked.set(id, { ...one, standing })
    if (waiting.length === 0) comes = standing
  }

  const userCode = (incoming: Call.Incoming): Reply => {
    if (isOff) return Call.refused(Refusal.detail(404, 'Not Found'))
    if (Call.fields(incoming)['client_id'] !== clientId)
      return Call.refused(Refusal.grantRefused('invalid_client', 'Unknown client.'))
    const id = `deviceauth_sim_${draw(12)}`
    const code = userCodeOf(terms.random.bytes(9))
    asked.set(id, { userCode: code, expiresAt: after(incoming.at, codeLasts), standing: comes })
    comes = { _tag: 'Waiting' }
    const interval = String(Math.round(terms.interval / second))
    return Call.json({ device_auth_id: id, user_code: code, interval })
  }

  const approved = (account: Account, at: Instant): Reply => {
    const verifier = draw(48)
    const challenge = challengeOf(terms.hash, verifier)
    const redirectUri = `${terms.issuer()}/deviceauth/callback`
    const expiresAt = after(at, codeLasts)
    const code = terms.grants.codeFor({ account, redirectUri, challenge, expiresAt })
    return Call.json({
      authorization_code: code,
      code_challenge: challenge,
      code_verifier: verifier,
    })
  }

  const token = (incoming: Call.Incoming): Reply => {
    const fields = Call.fields(incoming)
    const id = fields['device_auth_id'] ?? ''
    const one = asked.get(id)
    if (one === undefined || one.userCode !== fields['user_code'] || one.expiresAt <= incoming.at)
      return Call.refused(Refusal.grantRefused('expired_token', 'The code is not valid any more.'))
    switch (one.standing._tag) {
      case 'Waiting':
        return Call.refused(Refusal.detail(403, 'Authorization pending'))
      case 'Denied':
        return Call.refused(Refusal.grantRefused('access_denied', 'The sign-in was denied.'))
      case 'Approved':
        asked.delete(id)
        return approved(one.standing.account, incoming.at)
    }
  }

  return {
    userCode,
    token,
    page: () => Call.page(200, 'Type the code shown on your device'),
    waiting: () =>
      [...asked.values()].flatMap(({ userCode: code, standing }) =>
        standing._tag === 'Waiting' ? [code] : [],
      ),
    approves: (account) => {
      settle({ _tag: 'Approved', account })
    },
    denies: () => {
      settle({ _tag: 'Denied' })
    },
    turnOff: () => {
      isOff = true
    },
  }
}
