/**
 * Which conversation a request belongs to: header `thread-id`, else `session-id`. A sub-agent or a
 * title thread has an id of its own and names the one it belongs to.
 */
import * as O from 'fp-ts/Option'
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
  const id = (name: string): string | undefined => {
    const value = O.toUndefined(Headers.get(name)(headers))
    return value !== undefined && value !== '' && value.length <= lengthMax ? value : undefined
  }
  const session = id('session-id')
  const own = id('thread-id') ?? session
  if (own === undefined) return O.none
  const parent = id('x-codex-parent-thread-id') ?? session
  return O.some({ id: own, parent: parent === own ? O.none : O.fromNullable(parent) })
}
