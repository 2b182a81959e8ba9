/**
 * One signed-in identity: its credential, how the person calls it, and whether it may serve.
 * Health, quota and cooldowns live apart, as they change with every answer and this does not.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import { err, ok, type Result } from 'neverthrow'
import * as Claims from '../auth/claims'
import type * as Plan from '../quota/plan'
import type { Instant } from '../time'
import * as Credential from './credential'
import * as Identity from './identity'

/** The backend has taken the sign-in back; only a new sign-in makes the account serve again. */
export interface Invalidation {
  readonly at: Instant
  /** As the backend names it, such as `token_revoked`. */
  readonly code: string
}

export interface Account {
  readonly identity: Identity.Identity
  readonly email: O.Option<string>
  readonly label: O.Option<string>
  readonly enabled: boolean
  readonly credential: Credential.Credential
  /** The plan its newest token names, as `plus` or `team`. */
  readonly plan: O.Option<string>
  readonly invalidation: O.Option<Invalidation>
  readonly addedAt: Instant
  /** The stored row as it was read: what we do not know survives a round trip. */
  readonly stored: Readonly<Record<string, unknown>>
}

/** The tokens of a sign-in do not say which ChatGPT account they are for: nothing could use them. */
export interface NoAccountId {
  readonly _tag: 'NoAccountId'
  readonly email: O.Option<string>
}

/**
 * What the tokens say. The access token goes first: it is what requests are sent with, and it nearly
 * always says all there is, so that the other need not be read.
 */
export const claimsOf = ({ access, id }: Credential.Credential): Claims.Claims => {
  const ofSecret = O.match(
    () => Claims.none,
    (token: Credential.Secret) => Claims.ofToken(token.reveal()),
  )
  const claims = ofSecret(access)
  return Claims.isWhole(claims) ? claims : pipe(claims, Claims.orElse(ofSecret(id)))
}

/** The account a fresh sign-in is for. Its id is the claim `chatgpt_account_id` and nothing else. */
export const ofSignIn = (
  now: Instant,
  credential: Credential.Credential,
): Result<Account, NoAccountId> => {
  const { accountId, userId, email, plan } = claimsOf(credential)
  if (O.isNone(accountId) || accountId.value === '') return err({ _tag: 'NoAccountId', email })
  return ok({
    identity: Identity.make(accountId.value, userId, email),
    email,
    label: O.none,
    enabled: true,
    credential,
    plan,
    invalidation: O.none,
    addedAt: now,
    stored: {},
  })
}

export const key = (account: Account): Identity.AccountKey => Identity.key(account.identity)

/** How the person knows it: label, else e-mail, else account id. */
export const name = (account: Account): string =>
  pipe(
    account.label,
    O.alt(() => account.email),
    O.getOrElse(() => account.identity.accountId),
  )

/**
 * The plan it is on by the newest word: that of its token, or what the backend has told of since. A
 * token is good for days, and a person may change the plan on any of them.
 */
export const planNow =
  (told: O.Option<Plan.Told>) =>
  ({ credential, plan }: Account): O.Option<string> => {
    if (O.isNone(told) || (O.isSome(plan) && plan.value === told.value.name)) return plan
    const claimedAt = O.isSome(plan) ? Credential.madeAt(credential) : O.none
    return O.isSome(claimedAt) && claimedAt.value > told.value.at ? plan : O.some(told.value.name)
  }

export const needsSignIn = (account: Account): boolean => O.isSome(account.invalidation)

/** Whether its identity holds the user's id, and not the e-mail that stands in for it. */
export const hasUserId = ({ identity, email }: Account): boolean =>
  identity.user !== '' && !(O.isSome(email) && identity.user === Identity.emailKey(email.value))

export const hasSameEmail = (left: Account, right: Account): boolean =>
  O.isSome(left.email) &&
  O.isSome(right.email) &&
  Identity.emailKey(left.email.value) === Identity.emailKey(right.email.value)

/**
 * Of one identity, or of the same ChatGPT account and e-mail where one of the two does not know its
 * user id, as rows of older tools do not.
 */
export const isSame = (left: Account, right: Account): boolean =>
  key(left) === key(right) ||
  (left.identity.accountId === right.identity.accountId &&
    hasSameEmail(left, right) &&
    !(hasUserId(left) && hasUserId(right)))

export const withCredential =
  (credential: Credential.Credential) =>
  (account: Account): Account => ({
    ...account,
    credential,
    plan: pipe(
      claimsOf(credential).plan,
      O.alt(() => account.plan),
    ),
    invalidation: O.none,
  })

export const invalidated =
  (invalidation: Invalidation) =>
  (account: Account): Account => ({ ...account, invalidation: O.some(invalidation) })
