/**
 * The claims of the real tokens, under a signature that is none: nobody on the client's side checks it.
 */
import { day, iso, second, type Instant } from '../../../core/time'
import * as Base64url from './base64url'
import type { Account } from './people'

/** The public client of the official CLI. */
export const clientId = 'app_EMoamEEZ73f0CkXaXp7hrann'

const unix = (at: Instant): number => Math.floor(at / second)

const jwt = (payload: unknown, signature: string): string =>
  [
    Base64url.ofText(JSON.stringify({ alg: 'RS256', kid: 'sim', typ: 'JWT' })),
    Base64url.ofText(JSON.stringify(payload)),
    signature,
  ].join('.')

export interface Stamp {
  readonly account: Account
  readonly issuer: string
  readonly now: Instant
  readonly expiresAt: Instant
  readonly id: string
}

const common = ({ account, issuer, now, expiresAt, id }: Stamp) => ({
  iss: issuer,
  sub: `auth0|${account.userId}`,
  iat: unix(now),
  exp: unix(expiresAt),
  jti: id,
})

const member = (account: Account) => ({
  chatgpt_account_id: account.accountId,
  chatgpt_plan_type: account.plan,
  chatgpt_user_id: account.userId,
  user_id: account.userId,
})

/** The organisation is one of the API platform, not the workspace: its id must lead nowhere. */
const idClaims = (stamp: Stamp) => ({
  ...common(stamp),
  aud: [clientId],
  email: stamp.account.email,
  email_verified: true,
  'https://api.openai.com/auth': {
    ...member(stamp.account),
    chatgpt_subscription_active_start: iso(stamp.now - 30 * day),
    chatgpt_subscription_active_until: iso(stamp.now + 30 * day),
    chatgpt_subscription_last_checked: iso(stamp.now),
    completed_platform_onboarding: true,
    groups: [],
    is_org_owner: true,
    organization_id: `org-sim-${stamp.account.userId}`,
    organizations: [
      { id: `org-sim-${stamp.account.userId}`, is_default: true, role: 'owner', title: 'Personal' },
    ],
    project_id: `proj-sim-${stamp.account.userId}`,
  },
})

const accessClaims = (stamp: Stamp) => ({
  ...common(stamp),
  aud: ['https://api.openai.com/v1'],
  client_id: clientId,
  nbf: unix(stamp.now),
  scp: ['openid', 'profile', 'email', 'offline_access'],
  'https://api.openai.com/auth': member(stamp.account),
  'https://api.openai.com/profile': { email: stamp.account.email, email_verified: true },
})

export const idToken = (stamp: Stamp, signature: string): string => jwt(idClaims(stamp), signature)

export const accessToken = (stamp: Stamp, signature: string): string =>
  jwt(accessClaims(stamp), signature)
