/**
 * The one answer when no account can serve, in the form the client shows at once.
 *
 * The official CLI shows a 429 `usage_limit_reached` with its reset in its own words, and a 400 as it
 * is; a 503 it would try thirty times (protocol.md, section 4). Other clients get status codes that
 * mean what they say, with `retry-after`.
 */
import * as O from 'fp-ts/Option'
import type { Headers } from '../request/headers'
import { relative } from '../tui/relative-time'
import { second, since, type Instant, type Millis } from '../time'
import type { Because } from './machine'

/** A `host` shows a 400 at once and waits out any `retry-after`; `other` is any program. */
export type Client = 'official' | 'host' | 'other'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** A backend that fails for every account is asked again after this. */
const backendRetry: Millis = 2 * second

export const ofGivingUp =
  (client: Client, now: Instant) =>
  (because: Because): Answer => {
    if (because._tag === 'BackendFails') return backendFails(client, because.code)
    if (because._tag === 'Unreadable')
      return final(client, 'conversation_unreadable', unreadableLine)
    if (because._tag === 'NoModel')
      return final(client, 'model_not_supported', noModelLine(because.model))
    if (O.isSome(because.soonest))
      return because.isLimited || client === 'official'
        ? usageLimit(client, now, because.soonest.value)
        : refusedForNow(client, now, because.soonest.value)
    return client === 'other'
      ? json(503, 'sign_in_needed', signInLine, {}, [])
      : final(client, 'sign_in_needed', signInLine)
  }

/** What no waiting mends. The official CLI shows the body of a 400 as it is. */
const final = (client: Client, code: string, message: string): Answer =>
  client === 'official'
    ? { status: 400, headers: [['content-type', 'text/plain; charset=utf-8']], body: message }
    : json(400, code, message, {}, [])

const noModelLine = (model: O.Option<string>): string =>
  `No account of codex-multi-auth that can serve may use ${O.isSome(model) ? `the model ${model.value}` : 'this model'}. Choose another model.`

const unreadableLine =
  'No account that can serve can read this conversation: part of it is encrypted for another account. Sign that account in (codex-multi-auth login), or start a new conversation.'

const signInLine =
  'No account can serve: every account of codex-multi-auth that may serve needs a new sign-in or is disabled. Run: codex-multi-auth login'

const usageLimit = (client: Client, now: Instant, soonest: Instant): Answer => {
  const seconds = Math.max(1, Math.ceil(since(now, soonest) / second))
  const reset = { resets_at: Math.ceil(soonest / second), resets_in_seconds: seconds }
  // A host retries any 429, and shows the words of a 400.
  if (client === 'host') return json(400, 'usage_limit_reached', limitLine(now, soonest), reset, [])
  return json(
    429,
    'usage_limit_reached',
    'The usage limit has been reached',
    reset,
    // To the official CLI a 429 with retry-after is one to wait for and try again.
    client === 'official' ? [] : [['retry-after', String(seconds)]],
  )
}

const limitLine = (now: Instant, soonest: Instant): string =>
  `Every account of codex-multi-auth has reached its usage limit. The first is back ${relative(now)(soonest)}.`

/** Refused for other reasons than a limit; the official CLI would try a 503 thirty times. */
const refusedForNow = (
  client: Exclude<Client, 'official'>,
  now: Instant,
  soonest: Instant,
): Answer => {
  const line = `Every account of codex-multi-auth is refused for now. The first is back ${relative(now)(soonest)}. See why: codex-multi-auth why --last`
  const wait = String(Math.max(1, Math.ceil(since(now, soonest) / second)))
  return client === 'host'
    ? json(400, 'no_account_serves', line, {}, [])
    : json(503, 'no_account_serves', line, {}, [['retry-after', wait]])
}

/** Asked of every account, some times over: a host that asks five times more is not better off. */
const backendFails = (client: Client, code: string): Answer =>
  client === 'host'
    ? final(client, code, `${backendFailsLine} Ask again in a minute.`)
    : json(503, code, backendFailsLine, {}, [['retry-after', String(backendRetry / second)]])

const backendFailsLine = 'The backend fails for every account.'

const json = (
  status: number,
  code: string,
  message: string,
  more: object,
  headers: Headers,
): Answer => ({
  status,
  headers: [['content-type', 'application/json'], ...headers],
  body: JSON.stringify({ error: { type: code, code, message, ...more } }),
})
