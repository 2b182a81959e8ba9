/**
 * Signing in from a machine without a browser: the person types a short code into a page on another
 * one, while this one asks every few seconds whether that has happened (protocol.md, section 2).
 */
import type * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { err, ok, type Result } from 'neverthrow'
import { clientId, type Seams } from '../official/seams'
import type { Headers } from '../request/headers'
import * as RetryAfter from '../request/retry-after'
import { decode, parseJson } from '../result'
import { minute, second, type Instant, type Millis } from '../time'
import { refusalOf, type Exchange, type TokenRequest } from './token-response'

export interface DeviceCode {
  readonly deviceAuthId: string
  /** What the person types. */
  readonly userCode: string
  /** Between two questions. */
  readonly interval: Millis
}

export type Poll =
  | { readonly _tag: 'Pending' }
  /** The issuer is busy; asked again no sooner than this. */
  | { readonly _tag: 'Busy'; readonly wait: Millis }
  | { readonly _tag: 'Granted'; readonly exchange: Exchange }
  | Refused

/** The code is good for so long. */
export const validFor: Millis = 15 * minute

const intervalDefault: Millis = 5 * second
const intervalMin: Millis = second
const intervalMax: Millis = minute

/** Where the person types the code. */
export const pageUrl = (seams: Pick<Seams, 'issuer'>): string => `${seams.issuer}/codex/device`

export const codeRequest = (seams: Pick<Seams, 'issuer'>): TokenRequest =>
  jsonRequest(`${seams.issuer}/api/accounts/deviceauth/usercode`, { client_id: clientId })

export const pollRequest = (seams: Pick<Seams, 'issuer'>, code: DeviceCode): TokenRequest =>
  jsonRequest(`${seams.issuer}/api/accounts/deviceauth/token`, {
    device_auth_id: code.deviceAuthId,
    user_code: code.userCode,
  })

const jsonRequest = (url: string, body: object): TokenRequest => ({
  method: 'POST',
  url,
  headers: [
    ['content-type', 'application/json'],
    ['accept', 'application/json'],
  ],
  body: JSON.stringify(body),
})

/** The issuer does not offer the flow to this person. */
export interface NotOffered {
  readonly _tag: 'DeviceCodeNotOffered'
}

export interface Refused {
  readonly _tag: 'DeviceCodeRefused'
  readonly status: number
  readonly code: O.Option<string>
}

export const ofCodeAnswer = (
  status: number,
  text: string,
): Result<DeviceCode, NotOffered | Refused> => {
  if (status === 404) return err({ _tag: 'DeviceCodeNotOffered' })
  if (status !== 200) return err(refused(status, text))
  return parseJson(text)
    .andThen(decode(codeForm))
    .map((answer) => ({
      deviceAuthId: answer.device_auth_id,
      userCode: answer.user_code ?? answer.usercode ?? '',
      interval: intervalOf(answer.interval),
    }))
    .mapErr(() => refused(status, text))
    .andThen((code) => (code.userCode === '' ? err(refused(status, text)) : ok(code)))
}

const refused = (status: number, text: string): Refused => ({
  _tag: 'DeviceCodeRefused',
  status,
  code: refusalOf(status, text).code,
})

/** 403 and 404 mean that the person has not typed it yet; the others of these pass by themselves. */
const pendingStatuses: ReadonlyArray<number> = [403, 404]
const busyStatuses: ReadonlyArray<number> = [408, 429, 502, 503, 504]

export const ofPollAnswer =
  (seams: Pick<Seams, 'issuer'>, code: DeviceCode) =>
  (now: Instant, status: number, headers: Headers, text: string): Poll => {
    if (pendingStatuses.includes(status)) return { _tag: 'Pending' }
    if (busyStatuses.includes(status)) {
      const asked = RetryAfter.of(now, headers)
      return { _tag: 'Busy', wait: asked === 0 ? code.interval : Math.max(intervalMin, asked) }
    }
    if (status !== 200) return refused(status, text)
    return parseJson(text)
      .andThen(decode(grantForm))
      .match(
        (grant): Poll => ({
          _tag: 'Granted',
          exchange: {
            code: grant.authorization_code,
            verifier: grant.code_verifier,
            redirectUri: `${seams.issuer}/deviceauth/callback`,
          },
        }),
        () => refused(status, text),
      )
  }

/** A question that got no answer: the connection may be there again at the next one. */
export const unanswered = (code: DeviceCode): Poll => ({ _tag: 'Busy', wait: code.interval })

/** The wait before the next question. A busy issuer is asked by many, who spread over a tenth more. */
export const nextWait =
  (code: DeviceCode, draw: number) =>
  (poll: Extract<Poll, { readonly _tag: 'Pending' | 'Busy' }>): Millis =>
    poll._tag === 'Pending' ? code.interval : Math.floor(poll.wait * (1 + 0.1 * draw))

/** The real answer has a text of seconds; a number is taken too. */
const intervalOf = (value: unknown): Millis => {
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(intervalMax, Math.max(intervalMin, seconds * second))
    : intervalDefault
}

const codeForm = t.intersection(
  [
    t.type({ device_auth_id: t.string }),
    t.partial({ user_code: t.string, usercode: t.string, interval: t.unknown }),
  ],
  'DeviceCode',
)

const grantForm = t.type({ authorization_code: t.string, code_verifier: t.string }, 'DeviceGrant')
