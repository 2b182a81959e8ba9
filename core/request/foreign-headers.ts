/**
 * Headers of a host other than the official CLI, as they may go to the Codex backend: without the
 * host's own keys and inner notes, and with the conversation where the backend and we look for it.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as Conversation from './conversation'
import * as Headers from './headers'

/** Keys and organisations of another API, and what OpenCode says to itself. */
const dropped: ReadonlyArray<string> = [
  'authorization',
  'openai-organization',
  'openai-project',
  'x-api-key',
  'x-opencode-title',
  'x-session-affinity',
  'x-session-id',
  'x-parent-session-id',
]

/** `cacheKey` is the body's `prompt_cache_key`, which names the conversation where no header does. */
export const shape =
  (cacheKey: O.Option<string>) =>
  (headers: Headers.Headers): Headers.Headers =>
    pipe(
      headers,
      Headers.without(
        (name) =>
          dropped.includes(name) || name === 'content-encoding' || name === 'content-length',
      ),
      Headers.set('accept', 'text/event-stream'),
      Headers.set('content-type', 'application/json'),
      (shaped) => withSession(sessionOf(cacheKey)(headers))(shaped),
    )

const withSession =
  (session: O.Option<string>) =>
  (headers: Headers.Headers): Headers.Headers =>
    O.isNone(session) ? headers : Headers.set('session-id', session.value)(headers)

const sessionOf =
  (cacheKey: O.Option<string>) =>
  (headers: Headers.Headers): O.Option<string> =>
    pipe(
      Headers.get('session-id')(headers),
      O.alt(() => Headers.get('x-session-id')(headers)),
      O.alt(() => cacheKey),
      O.filter((id) => id !== '' && id.length <= idLengthMax && isVisible.test(id)),
    )

/** Ids are compared and stored, so one of absurd length is no id; a header holds visible ASCII. */
const idLengthMax = 256
const isVisible = /^[\x21-\x7e]+$/

/** A sub-agent names the session it works for, and starts on that one's account. */
export const conversation =
  (cacheKey: O.Option<string>) =>
  (headers: Headers.Headers): O.Option<Conversation.Conversation> => {
    const parent = Headers.get('x-parent-session-id')(headers)
    const named = withSession(sessionOf(cacheKey)(headers))(headers)
    return pipe(
      Conversation.ofHeaders(named),
      O.map((own) =>
        O.isSome(parent) && parent.value !== own.id && parent.value !== ''
          ? { ...own, parent }
          : own,
      ),
    )
  }
