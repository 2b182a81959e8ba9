/** One question to the issuer's token endpoint, and its whole answer. Nothing is tried twice here. */
import type { ResultAsync } from 'neverthrow'
import type { TokenRequest } from '../../core/auth/token-response'
import type { Headers } from '../../core/request/headers'
import { minute, second, type Millis } from '../../core/time'
import type { HttpError, HttpLimits } from '../../ports/http'
import { readText, type AnswerTooLarge } from './body'
import type { Ports } from './ports'

export interface TokenAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export type TokenRequestError = HttpError | AnswerTooLarge

/** An answer that is not waited for may have spent a token that works once, so the wait is long. */
const limits: HttpLimits = {
  connectMax: 10 * second,
  firstByteMax: 90 * second,
  stallMax: 15 * second,
}

/**
 * An answer that comes byte by byte keeps to every limit above, and is given up all the same. Time
 * counts only while the machine is awake: what came while it slept is still to be had.
 */
const wholeMax: Millis = 2 * minute
const countedBy: Millis = 5 * second

/** Three tokens and their wrapping are some 10 kB. */
const answerBytesMax = 1_048_576

export const askIssuer =
  (ports: Pick<Ports, 'http' | 'clock'>) =>
  (request: TokenRequest, signal?: AbortSignal): ResultAsync<TokenAnswer, TokenRequestError> => {
    const late = new AbortController()
    const answered = new AbortController()
    const watch = async (): Promise<void> => {
      for (let spent = 0; spent < wholeMax && !answered.signal.aborted; spent += countedBy)
        await ports.clock.sleep(countedBy, { signal: answered.signal, lazy: true })
      late.abort()
    }
    void watch()
    const settled = (): void => answered.abort()
    return ports.http
      .send({
        method: request.method,
        url: request.url,
        // A connection of its own: one kept from before may be stale, and a token goes out only once.
        headers: [...request.headers, ['connection', 'close']],
        body: [new TextEncoder().encode(request.body)],
        limits,
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      })
      .andThen(({ status, headers, body }) =>
        readText(body, answerBytesMax).map((text) => ({ status, headers, text })),
      )
      .andTee(settled)
      .orTee(settled)
  }
