/**
 * A refusal as a host should get it (plugin-host.md, section 7). Hosts retry 404, 429 and 5xx by
 * themselves and obey `retry-after` without a bound, so what waiting does not mend is a 4xx they
 * show, and what a shorter conversation mends is said in the word they know for it.
 */
import type { ErrorBody } from '../failover/error-body'

export interface HostError {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** Hosts shorten the conversation by it. */
export const overflow = 'context_length_exceeded'

const limitCodes: ReadonlyArray<string> = ['usage_limit_reached', 'rate_limit_exceeded']

const overflowWords: ReadonlyArray<RegExp> = [
  /context (length|window)/i,
  /maximum context/i,
  /too many (input )?tokens/i,
  /prompt is too long/i,
  /input (is too long|exceeds)/i,
]

/** `message` stays the backend's own words where it has some. */
export const ofRefusal = (status: number, { code, message }: ErrorBody): HostError => {
  const said = message === '' ? `The backend answered ${status}.` : message
  if (code === 'usage_not_included') return { status: 403, code, message: said }
  if (code === overflow || isOverflow(status, message))
    return { status: 400, code: overflow, message: said }
  if (limitCodes.includes(code) || (status === 404 && /usage limit/i.test(message)))
    return { status: 400, code: 'usage_limit_reached', message: said }
  // Hosts ask again after these, as often as after a fault of the backend, and it would be the same.
  const isFinal = status === 404 || status === 429
  return {
    status: isFinal ? 400 : status,
    code: code === '' ? `http_${status}` : code,
    message: said,
  }
}

const isOverflow = (status: number, message: string): boolean =>
  (status === 400 || status === 413) && overflowWords.some((words) => words.test(message))

/** The same where the answer has begun: hosts know the code in this event alone. */
export const overflowEvent = (message: string): string => {
  const error = { type: 'invalid_request_error', code: overflow, message, param: null }
  return `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: 0, error })}\n\n`
}
