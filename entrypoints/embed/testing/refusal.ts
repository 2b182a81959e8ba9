/**
 * Refusals as the real backend words them: status, headers, body.
 *
 * Bodies are the ones quoted in public reports; the shape differs from one to the next because it
 * does there too.
 */
import type { Headers } from '../../../core/request/headers'
import { second, type Instant, type Millis } from '../../../core/time'
import type { AccessRefusal, RefreshRefusal } from './tokens'

export interface Refusal {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export const json = (status: number, body: unknown, headers: Headers = []): Refusal => ({
  status,
  headers: [['content-type', 'application/json'], ...headers],
  body: JSON.stringify(body),
})

const seconds = (span: Millis): string => String(Math.ceil(span / second))

const invalidRequest = (code: string | null, message: string, param: string | null = null) => ({
  error: { message, type: 'invalid_request_error', param, code },
})

/** A bearer that is not good. */
export const unauthorized = (code: AccessRefusal): Refusal => {
  const messages: Readonly<Record<AccessRefusal, string>> = {
    token_expired: 'Provided authentication token is expired. Please try signing in again.',
    token_invalidated:
      'Your authentication token has been invalidated. Please try signing in again.',
    token_revoked: 'Your authentication token has been revoked. Please try signing in again.',
    account_deactivated: 'Your OpenAI account has been deactivated.',
  }
  return json(401, { ...invalidRequest(code, messages[code]), status: 401 })
}

export const unknownBearer: Refusal = json(401, {
  ...invalidRequest(
    'invalid_token',
    'Could not parse your authentication token. Please try signing in again.',
  ),
  status: 401,
})

export const noBearer: Refusal = json(401, { detail: 'Unauthorized' })

/** The account header names a workspace the bearer is not for. */
export const foreignAccount: Refusal = json(403, {
  detail: 'The account does not match the authentication token.',
})

export const refreshRefused = (code: RefreshRefusal, status: 400 | 401 = 401): Refusal => {
  const messages: Readonly<Record<RefreshRefusal, string>> = {
    refresh_token_expired: 'Your refresh token has expired. Please try signing in again.',
    token_expired: 'Could not validate your token. Please try signing in again.',
    refresh_token_reused:
      'Your refresh token has already been used to generate a new access token. Please try signing in again.',
    refresh_token_invalidated: 'Your session has ended. Please log in again.',
    invalid_grant: 'The provided authorization grant is invalid. Please try signing in again.',
  }
  return json(status, invalidRequest(code, messages[code]))
}

/** A refused authorization code, and any malformed call of the token endpoint. */
export const grantRefused = (code: string, message: string): Refusal =>
  json(400, invalidRequest(code, message))

/** No exchange for an API key: the official CLI asks and takes no for an answer. */
export const noApiKey: Refusal = json(
  401,
  invalidRequest('invalid_subject_token', 'Invalid ID token: missing organization_id'),
)

export interface LimitTerms {
  readonly plan: string
  readonly resetsAt: Instant
  readonly now: Instant
}

export const usageLimitReached = ({ plan, resetsAt, now }: LimitTerms, headers: Headers): Refusal =>
  json(
    429,
    {
      error: {
        type: 'usage_limit_reached',
        message: 'The usage limit has been reached',
        plan_type: plan,
        resets_at: Math.ceil(resetsAt / second),
        eligible_promo: null,
        resets_in_seconds: Math.ceil((resetsAt - now) / second),
      },
    },
    [...headers, ['x-codex-rate-limit-reached-type', 'rate_limit_reached']],
  )

export const usageNotIncluded: Refusal = json(429, {
  error: { type: 'usage_not_included', message: 'Usage not included in your plan' },
})

/** A short refusal: too many requests at once. */
export const rateLimited = (retryAfter?: Millis): Refusal =>
  json(
    429,
    {
      error: {
        type: 'rate_limit_error',
        message: 'Too many requests',
        code: 'rate_limited',
        param: null,
      },
    },
    retryAfter === undefined ? [] : [['retry-after', seconds(retryAfter)]],
  )

export const serverFault = (status: number, retryAfter?: Millis): Refusal =>
  json(
    status,
    {
      error: {
        message: 'An error occurred while processing your request.',
        type: 'server_error',
        param: null,
        code: null,
      },
    },
    retryAfter === undefined ? [] : [['retry-after', seconds(retryAfter)]],
  )

export const overloaded = (
  code: 'server_is_overloaded' | 'slow_down' = 'server_is_overloaded',
): Refusal =>
  json(503, {
    error: {
      message: 'Our servers are currently overloaded.',
      type: 'service_unavailable_error',
      param: null,
      code,
    },
  })

export const deactivatedWorkspace: Refusal = json(402, {
  detail: { code: 'deactivated_workspace' },
})

/** The page a bot check shows instead of an answer. */
export const challenge: Refusal = {
  status: 403,
  headers: [
    ['content-type', 'text/html; charset=UTF-8'],
    ['cf-ray', '51a0000000000000-SIM'],
    ['cf-mitigated', 'challenge'],
  ],
  body: '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue</body></html>',
}

export const unsupportedCountry: Refusal = json(403, {
  error: {
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
    param: null,
    type: 'request_forbidden',
  },
})

export const unsupportedModel = (model: string): Refusal =>
  json(400, {
    detail: `The '${model}' model is not supported when using Codex with a ChatGPT account.`,
  })

/** The usage limit in the form some plans get it. */
export const usageLimitNotFound: Refusal = json(404, {
  error: {
    message: 'The usage limit has been reached',
    type: 'usage_limit_reached',
    param: null,
    code: null,
  },
})

/** `shown` is the start and the end of the item's content. */
export const foreignContent = (shown: string): Refusal =>
  json(
    400,
    invalidRequest(
      'invalid_encrypted_content',
      `The encrypted content ${shown} could not be verified. Reason: Encrypted content organization_id did not match the target organization.`,
    ),
  )

export const foreignTurnState: Refusal = json(
  400,
  invalidRequest('invalid_turn_state', 'The turn state could not be verified.'),
)

export const contextTooLong: Refusal = json(
  400,
  invalidRequest(
    'context_length_exceeded',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'input',
  ),
)

export const detail = (status: number, text: string): Refusal => json(status, { detail: text })
