import type { ResultAsync } from 'neverthrow'
import type { Instant, Millis } from '../core/time'
import type { FileError } from './file-system'

export type LockError =
  /** `pid` is 0 when the claim in the way could not be read. */
  | { readonly _tag: 'LockHeld'; readonly path: string; readonly pid: number }
  | { readonly _tag: 'LockLost'; readonly path: string }
  | FileError

export interface LockTerms {
  /** How long to wait for another owner that lives. */
  readonly waitMax: Millis
  /** From when on an owner that lives, but does not move, may be passed over. */
  readonly expiresAfter: Millis
}

export interface Held {
  /** When the lock was taken. */
  readonly since: Instant
  /**
   * Ok while the lock is still ours, for at least `remaining` more: asked right before what must not
   * happen twice, with the time that may take.
   */
  readonly confirm: (remaining?: Millis) => ResultAsync<void, LockError>
}

/**
 * One owner at a time for a path, across processes. The path's folder is there already.
 * Laws, run on every adapter: two holdings of one path never overlap; a dead owner is passed over at
 * once; a lock that is no longer ours is not released; nothing is left at `path` after release.
 */
export interface Lock {
  readonly holding: <A, E>(
    path: string,
    terms: LockTerms,
    work: (held: Held) => ResultAsync<A, E>,
  ) => ResultAsync<A, E | LockError>
}
