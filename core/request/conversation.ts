/**
 * Which conversation a request belongs to: header `thread-id`, else `session-id`. A sub-agent or a
 * title thread has an id of its own and names the one it belongs to.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as Headers from './headers'

export interface Conversation {
  readonly id: string
  readonly parent: O.Option<string>
}

/**
 * What requests without a conversation of their own belong to, as `/models` or connectors: one run
 * of a client. It keeps them on one account and has no prompt cache to keep warm.
 */
export const ambient = (run: number): Conversation => ({
  id: `${ambientPrefix}${run}`,
  parent: O.none,
})

export const isAmbient = (id: string): boolean => id.startsWith(ambientPrefix)

const ambientPrefix = 'ambient:'

/** Ids are compared and stored, so one of absurd length is no id. */
const lengthMax = 256

export const ofHeaders = (headers: Headers.Headers): O.Option<Conversation> => {
  const id = (name: string): O.Option<string> =>
    pipe(
      headers,
      Headers.get(name),
      O.filter((value) => value !== '' && value.length <= lengthMax),
    )
  const session = id('session-id')
  return pipe(
    id('thread-id'),
    O.alt(() => session),
    O.map((own) => ({
      id: own,
      parent: pipe(
        id('x-codex-parent-thread-id'),
        O.alt(() => session),
        O.filter((other) => other !== own),
      ),
    })),
  )
}
