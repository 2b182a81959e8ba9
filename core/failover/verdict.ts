/**
 * What a refusal means: first whose fault it is, then what can be done.
 *
 * Only faults of the account or its credential keep the account from serving others. Facts:
 * protocol.md section 4; codes and phrases as real answers have carried them.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as Plan from '../quota/plan'
import * as Snapshot from '../quota/snapshot'
import * as RateLimitHeaders from '../quota/rate-limit-headers'
import type { Kind, Window } from '../quota/window'
import * as Headers from '../request/headers'
import * as RetryAfter from '../request/retry-after'
import { after, day, minute, type Instant, type Millis } from '../time'
import * as ErrorBody from './error-body'

export type Verdict =
  /** The request itself is at fault, or nobody is: the client gets the answer as it is. */
  | { readonly _tag: 'PassOn' }
  /** The account's quota is spent, or its rate is too high, until then. */
  | { readonly _tag: 'Limited'; readonly until: Instant; readonly window: O.Option<Kind> }
  /** The access token was refused; a refresh may mend it. */
  | { readonly _tag: 'CredentialRefused' }
  /** The sign-in was taken back; only the person can mend it. */
  | { readonly _tag: 'SignInLost'; readonly code: string }
  /** The account cannot read reasoning that another one encrypted. */
  | { readonly _tag: 'ForeignReasoning' }
  /** The workspace or plan of the account may not do this now. */
  | { readonly _tag: 'AccountBarred'; readonly code: string; readonly until: Instant }
  /** The account may not use the model that was asked for. */
  | { readonly _tag: 'ModelRefused' }
  /** The backend, or the way to it, failed: no account is to blame yet. */
  | {
      readonly _tag: 'ProviderFault'
      readonly code: string
      readonly hint: Millis
      readonly whose: Whose
    }

/** A fault of this host, as a name that is not found, is no account's even where another one answers. */
export type Whose = 'host' | 'network' | 'server'

export type Refusal =
  | {
      readonly _tag: 'Status'
      readonly status: number
      readonly headers: Headers.Headers
      readonly body: string
    }
  /** A failure that a 200 stream tells of, by its code and message. */
  | {
      readonly _tag: 'InStream'
      readonly headers: Headers.Headers
      readonly failure: ErrorBody.ErrorBody
    }
  /** No answer, or one that broke before anything of it was visible. */
  | { readonly _tag: 'NoAnswer'; readonly code: string; readonly whose: Whose }

const signInLostCodes: ReadonlyArray<string> = [
  'token_invalidated',
  'token_revoked',
  'account_deactivated',
]
const limitCodes: ReadonlyArray<string> = [
  'usage_limit_reached',
  'rate_limit_exceeded',
  'insufficient_quota',
]
const foreignReasoningCode = 'invalid_encrypted_content'
/** Refusals of what was asked, the same from every account. */
const requestCodes: ReadonlyArray<string> = [
  'context_length_exceeded',
  'invalid_prompt',
  'invalid_request_error',
  'cyber_policy',
  'unsupported_country_region_territory',
]

/** A refusal without a hint is asked about again after this. */
const limitedFor: Millis = minute
/** No window is longer than a month. */
const limitMax: Millis = 32 * day
const barredFor: Millis = 15 * minute

export const of =
  (now: Instant) =>
  (refusal: Refusal): Verdict => {
    switch (refusal._tag) {
      case 'NoAnswer':
        return { _tag: 'ProviderFault', code: refusal.code, hint: 0, whose: refusal.whose }
      case 'InStream':
        return ofStream(now, refusal.headers, refusal.failure)
      case 'Status':
        return ofStatus(now, refusal.status, refusal.headers, ErrorBody.parse(refusal.body))
    }
  }

const ofStatus = (
  now: Instant,
  status: number,
  headers: Headers.Headers,
  body: ErrorBody.ErrorBody,
): Verdict => {
  if (status === 400 && body.code === foreignReasoningCode) return { _tag: 'ForeignReasoning' }
  if (status === 400 && isModelRefusal(body)) return { _tag: 'ModelRefused' }
  // Some limits come as a 404, and are told by their words alone.
  if (status === 429 || (status === 404 && isLimit(body))) return ofTooMany(now, headers, body)
  if (status === 401)
    return signInLostCodes.includes(body.code)
      ? { _tag: 'SignInLost', code: body.code }
      : { _tag: 'CredentialRefused' }
  // A page with a 403 is a bot check that stands before the backend, and knows no accounts.
  if (status >= 500 || (status === 403 && isPage(headers)))
    return {
      _tag: 'ProviderFault',
      code: `http_${status}`,
      hint: RetryAfter.of(now, headers),
      whose: 'server',
    }
  if (status === 402 || status === 403)
    return requestCodes.includes(body.code)
      ? { _tag: 'PassOn' }
      : {
          _tag: 'AccountBarred',
          code: body.code === '' ? `http_${status}` : body.code,
          until: after(now, barredFor),
        }
  return { _tag: 'PassOn' }
}

const ofStream = (
  now: Instant,
  headers: Headers.Headers,
  failure: ErrorBody.ErrorBody,
): Verdict => {
  const { code, type } = failure
  if (isModelRefusal(failure)) return { _tag: 'ModelRefused' }
  if (limitCodes.includes(code)) return limited(now, headers, failure)
  if (code === 'usage_not_included')
    return { _tag: 'AccountBarred', code, until: after(now, barredFor) }
  if (signInLostCodes.includes(code)) return { _tag: 'SignInLost', code }
  if (code === foreignReasoningCode) return { _tag: 'ForeignReasoning' }
  if (requestCodes.includes(code === '' ? type : code)) return { _tag: 'PassOn' }
  return {
    _tag: 'ProviderFault',
    code: code === '' ? 'stream_failed' : code,
    hint: 0,
    whose: 'server',
  }
}

const ofTooMany = (now: Instant, headers: Headers.Headers, body: ErrorBody.ErrorBody): Verdict =>
  body.code === 'usage_not_included'
    ? { _tag: 'AccountBarred', code: body.code, until: after(now, barredFor) }
    : limited(now, headers, body)

const modelRefusedCode = 'model_not_supported_with_chatgpt_account'
/** As the backend words it, with and without the name of the model. */
const modelRefusedWords: ReadonlyArray<RegExp> = [
  /model is not supported when using codex/i,
  /model\b.* is not (?:supported|available) (?:when using|with|for|on) .*(?:chatgpt account|plan)/i,
  /model\b.* does not exist or you do not have access to it/i,
]

const isModelRefusal = ({ code, message }: ErrorBody.ErrorBody): boolean =>
  code === modelRefusedCode || modelRefusedWords.some((words) => words.test(message))

const limitWords = /usage[ _]limit|usage not included|rate[ _]limit (?:reached|exceeded)/i

export const isLimit = ({ code, message }: ErrorBody.ErrorBody): boolean =>
  limitCodes.includes(code) || code === 'usage_not_included' || limitWords.test(message)

/** The latest of all hints decides, as the longest exhausted window holds the account longest. */
const limited = (now: Instant, headers: Headers.Headers, body: ErrorBody.ErrorBody): Verdict => {
  const exhausted = exhaustedIn(now, headers)
  const wait = RetryAfter.of(now, headers)
  const hints = [
    ...present(body.resetsAt),
    ...present(
      pipe(
        body.resetsIn,
        O.map((span) => after(now, span)),
      ),
    ),
    ...present(
      pipe(
        exhausted,
        O.chain((window) => window.resetsAt),
      ),
    ),
    ...(wait > 0 ? [after(now, wait)] : []),
    ...present(
      pipe(
        RetryAfter.inWords(body.message),
        O.map((span) => after(now, span)),
      ),
    ),
  ].filter((hint) => hint > now)
  const until = hints.length === 0 ? after(now, limitedFor) : Math.max(...hints)
  return {
    _tag: 'Limited',
    until: Math.min(until, after(now, limitMax)),
    window: pipe(
      exhausted,
      O.map((window) => window.kind),
    ),
  }
}

/**
 * Until when the refusal says that a quota window is spent, where its headers show none that is: what a
 * body or an event alone tells is quota too.
 */
export const spentUntil =
  (now: Instant) =>
  (refusal: Refusal): O.Option<Instant> => {
    if (refusal._tag === 'NoAnswer') return O.none
    const body = bodyOf(refusal)
    if (body.code !== 'usage_limit_reached' || O.isSome(exhaustedIn(now, refusal.headers)))
      return O.none
    return pipe(
      resetOf(now, body),
      O.filter((at) => at > now && at <= after(now, limitMax)),
    )
  }

/** The plan that the refusal names, in its body or else in its headers. */
export const planTold =
  (now: Instant) =>
  (refusal: Refusal): O.Option<Plan.Told> =>
    refusal._tag === 'NoAnswer'
      ? O.none
      : pipe(
          bodyOf(refusal).plan,
          O.chain(Plan.told(now)),
          O.alt(() => RateLimitHeaders.plan(now)(refusal.headers)),
        )

const bodyOf = (refusal: Exclude<Refusal, { readonly _tag: 'NoAnswer' }>): ErrorBody.ErrorBody =>
  refusal._tag === 'Status' ? ErrorBody.parse(refusal.body) : refusal.failure

const resetOf = (now: Instant, { resetsAt, resetsIn }: ErrorBody.ErrorBody): O.Option<Instant> =>
  pipe(
    resetsAt,
    O.alt(() =>
      pipe(
        resetsIn,
        O.map((span) => after(now, span)),
      ),
    ),
  )

const exhaustedIn = (now: Instant, headers: Headers.Headers): O.Option<Window> =>
  pipe(RateLimitHeaders.snapshot(now)(headers), O.chain(Snapshot.longestExhausted(now)))

const present = <A>(option: O.Option<A>): ReadonlyArray<A> =>
  O.isSome(option) ? [option.value] : []

const isPage = (headers: Headers.Headers): boolean =>
  pipe(
    headers,
    Headers.get('content-type'),
    O.exists((type) => type.toLowerCase().startsWith('text/html')),
  )
