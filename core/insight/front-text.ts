/** Why the official CLI's sign-in could not be brought up to date, in words that every door uses. */
import { printable } from '../tui/printable'

/** A fault of a file comes with its code, such as `EROFS`, and may be one of ours. */
export interface Cause {
  readonly _tag: string
  readonly path?: string
  readonly code?: string
}

/** A token that was never there, as of an account that came from another tool: no run is any different. */
export const lacksToken = ({ _tag }: Cause): boolean =>
  _tag === 'NoIdToken' || _tag === 'NoAccessToken'

/** `path` is the official file. */
export const whyNotWritten = (path: string, because: Cause): string => {
  if (lacksToken(because))
    return 'it lacks a token that only a new sign-in gives. To sign in again: codex-multi-auth login'
  switch (because._tag) {
    case 'FrontChanged':
      return `${printable(path)} was written by another program at the same time.`
    case 'LockHeld':
    case 'LockLost':
      return 'another process renews a sign-in and takes long.'
    case 'SpawnFault':
      return `another program holds the lock on ${printable(path)} and takes long.`
    case 'FileFault':
      return `${printable(because.path ?? path)} could not be written (${because.code ?? 'unknown'}).`
    default:
      return 'the accounts could not be read. See why: codex-multi-auth list'
  }
}
