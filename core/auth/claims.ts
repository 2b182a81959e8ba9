/**
 * What a token of the issuer says about its bearer (protocol.md, section 2).
 *
 * Signatures are not checked: the tokens come from the issuer over TLS or from our own files, and
 * only the backend decides what they are worth. An opaque token has no claims, which is no error.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import { optional } from '../codec'
import { decode, parseJson } from '../result'
import * as Time from '../time'

export interface Claims {
  readonly accountId: O.Option<string>
  readonly userId: O.Option<string>
  readonly email: O.Option<string>
  readonly plan: O.Option<string>
  readonly expiresAt: O.Option<Time.Instant>
}

export const none: Claims = {
  accountId: O.none,
  userId: O.none,
  email: O.none,
  plan: O.none,
  expiresAt: O.none,
}

export const ofToken = (token: string): Claims => {
  const payload = token.split('.')[1]
  if (payload === undefined) return none
  const text = textOfBase64Url(payload)
  if (O.isNone(text)) return none
  return parseJson(text.value).match(
    // Where it is wrong interests nobody, and to find that out takes three times as long.
    (payload) => (payloadForm.is(payload) ? ofPayload(payload) : none),
    () => none,
  )
}

/** When the token was made, by the issuer's clock. */
export const issuedAt = (token: string): O.Option<Time.Instant> =>
  pipe(
    O.fromNullable(token.split('.')[1]),
    O.chain(textOfBase64Url),
    O.chain((text) =>
      parseJson(text)
        .andThen(decode(stampForm))
        .match(
          ({ iat }) => O.some(Time.ofUnixSeconds(iat)),
          () => O.none,
        ),
    ),
  )

/** Whether nothing is left to learn from another token. */
export const isWhole = (claims: Claims): boolean => Object.values(claims).every(O.isSome)

/** The first of two that knows each thing: the token a fact is best taken from goes first. */
export const orElse =
  (second: Claims) =>
  (first: Claims): Claims => ({
    accountId: firstOf(first.accountId, second.accountId),
    userId: firstOf(first.userId, second.userId),
    email: firstOf(first.email, second.email),
    plan: firstOf(first.plan, second.plan),
    expiresAt: firstOf(first.expiresAt, second.expiresAt),
  })

/** As `O.alt`, which takes a tenth of the time of reading a pool. */
export const firstOf = <A>(left: O.Option<A>, right: O.Option<A>): O.Option<A> =>
  O.isSome(left) ? left : right

const optionalText = optional(t.string)

const stampForm = t.type({ iat: t.number }, 'TokenStamp')

const payloadForm = t.partial(
  {
    email: optionalText,
    exp: optional(t.number),
    'https://api.openai.com/auth': t.partial({
      chatgpt_account_id: optionalText,
      chatgpt_user_id: optionalText,
      user_id: optionalText,
      chatgpt_plan_type: optionalText,
    }),
    'https://api.openai.com/profile': t.partial({ email: optionalText }),
  },
  'TokenPayload',
)

const ofPayload = (payload: t.TypeOf<typeof payloadForm>): Claims => {
  const auth = payload['https://api.openai.com/auth']
  const profile = payload['https://api.openai.com/profile']
  return {
    accountId: O.fromNullable(auth?.chatgpt_account_id),
    userId: O.fromNullable(auth?.chatgpt_user_id ?? auth?.user_id),
    email: O.fromNullable(payload.email ?? profile?.email),
    plan: O.fromNullable(auth?.chatgpt_plan_type),
    expiresAt: pipe(O.fromNullable(payload.exp), O.map(Time.ofUnixSeconds)),
  }
}

const textOfBase64Url = (text: string): O.Option<string> =>
  O.tryCatch(() => {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    // Tokens are nearly always plain ASCII, and a pool is read at every start.
    if (/^[\x00-\x7f]*$/.test(binary)) return binary
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (character) => character.charCodeAt(0)),
    )
  })
