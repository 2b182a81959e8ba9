import type { ResultAsync } from 'neverthrow'

/**
 * Tells that something in a folder has changed. A hint: it may come for nothing, and it may not come at
 * all where the system does not tell, so who waits looks for itself now and then.
 * Laws, run on every adapter: a file that is made, replaced or removed in the folder ends the wait; an
 * aborted signal ends it; a folder that is not there is waited in until then; no process is kept alive.
 */
export interface Watcher {
  readonly next: (folder: string, signal: AbortSignal) => ResultAsync<void, never>
}
