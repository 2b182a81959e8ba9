/**
 * What an account signs its requests with. Opaque: a token leaves only through `reveal`, and prints
 * as `[secret]` in any message, log or JSON it strays into.
 *
 * A refresh token works once (protocol.md, section 2), so of two credentials of one account the one
 * refreshed last is the only good one; `newest` decides which that is.
 */
import * as O from 'fp-ts/Option'
import * as Claims from '../auth/claims'
import type { Instant, Millis } from '../time'

export interface Secret {
  readonly reveal: () => string
  readonly toString: () => string
  readonly toJSON: () => string
}

export interface Credential {
  readonly access: O.Option<Secret>
  readonly refresh: Secret
  readonly id: O.Option<Secret>
  /** When the access token ends. */
  readonly expiresAt: O.Option<Instant>
  readonly refreshedAt: O.Option<Instant>
}

const hidden = (): string => '[secret]'

export const secret = (value: string): Secret => ({
  reveal: () => value,
  toString: hidden,
  toJSON: hidden,
})

export const sameSecret = (left: Secret, right: Secret): boolean => left.reveal() === right.reveal()

/** Whether the access token is good for at least `skew` more. One without a known end is. */
export const isFresh =
  (now: Instant, skew: Millis) =>
  (credential: Credential): boolean =>
    O.isSome(credential.access) &&
    (O.isNone(credential.expiresAt) || credential.expiresAt.value > now + skew)

/** Whether the access token is another one than `seen`, so that a refusal of `seen` says nothing of it. */
export const differsFrom =
  (seen: string) =>
  (credential: Credential): boolean =>
    O.isSome(credential.access) && credential.access.value.reveal() !== seen

const instantOf = (at: O.Option<Instant>): Instant => O.getOrElse(() => 0)(at)

const issuedAt = ({ access }: Credential): O.Option<Instant> =>
  O.isNone(access) ? O.none : Claims.issuedAt(access.value.reveal())

/** When its tokens were made: by the issuer's word, else by when they came. */
export const madeAt = (credential: Credential): O.Option<Instant> => {
  const issued = issuedAt(credential)
  return O.isSome(issued) ? issued : credential.refreshedAt
}

/** Whether the issuer has said so; there is nobody else whose clock tells. */
export const isIssuedAfter =
  (other: Credential) =>
  (credential: Credential): boolean => {
    const [then, now] = [issuedAt(other), issuedAt(credential)]
    return O.isSome(then) && O.isSome(now) && now.value > then.value
  }

/**
 * Of two credentials of one account, the one issued last; `left` when nothing tells. The issuer's word
 * goes first: it has one clock, while ours may have been set between one refresh and the next.
 */
export const newest = (left: Credential, right: Credential): Credential => {
  const [ofLeft, ofRight] = [issuedAt(left), issuedAt(right)]
  if (O.isSome(ofLeft) && O.isSome(ofRight) && ofLeft.value !== ofRight.value)
    return ofRight.value > ofLeft.value ? right : left
  const tells = O.isSome(left.refreshedAt) && O.isSome(right.refreshedAt)
  const stamped = (c: Credential): Instant => instantOf(tells ? c.refreshedAt : c.expiresAt)
  return stamped(right) > stamped(left) ? right : left
}
