/** Unsigned tokens as the issuer's look, and accounts that hold them. */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { Instant } from '../../core/time'

export const jwt = (payload: unknown): string =>
  ['{"alg":"none"}', JSON.stringify(payload), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

export interface Person {
  readonly accountId?: string
  readonly userId?: string
  readonly email?: string
  readonly plan?: string
  /** Unix seconds. */
  readonly exp?: number
}

export const payloadOf = ({ accountId, userId, email, plan, exp }: Person): object => ({
  ...(email === undefined ? {} : { email }),
  ...(exp === undefined ? {} : { exp }),
  'https://api.openai.com/auth': {
    chatgpt_account_id: accountId,
    chatgpt_user_id: userId,
    chatgpt_plan_type: plan,
  },
})

export const tokenOf = (person: Person): string => jwt(payloadOf(person))

/** A sign-in at `at`; refresh tokens differ when their names do. */
export const credentialOf = (
  person: Person,
  at: Instant,
  name = 'first',
): Credential.Credential => ({
  access: O.some(Credential.secret(tokenOf(person))),
  refresh: Credential.secret(`rt_${name}`),
  id: O.some(Credential.secret(tokenOf(person))),
  expiresAt: O.some(at + 3_600_000),
  refreshedAt: O.some(at),
})

export const accountOf = (person: Person, at: Instant = 0, name = 'first'): Account.Account =>
  Account.ofSignIn(at, credentialOf(person, at, name))._unsafeUnwrap()
