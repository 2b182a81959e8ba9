/**
 * Waits that a change by another process cuts short. One watch of our folders serves all who wait, and
 * there is none while nobody does. It only wakes: who waits looks for itself what has changed.
 */
import type { Millis } from '../../core/time'
import type { Ports } from './ports'

export interface Changes {
  /** Ends after the span, when the signal is aborted, or a moment after something changed. */
  readonly wait: (
    span: Millis,
    options: { readonly signal: AbortSignal; readonly lazy?: boolean },
  ) => Promise<void>
}

export const openChanges = (
  { clock, watcher }: Pick<Ports, 'clock' | 'watcher'>,
  folders: ReadonlyArray<string>,
  debounce: () => Promise<Millis>,
): Changes => {
  const sleepers = new Set<AbortController>()
  let watching: AbortController | undefined

  const watch = async ({ signal }: AbortController): Promise<void> => {
    for (;;) {
      await nextIn(watcher, folders, signal)
      // What follows within this is taken as the same change.
      if (!signal.aborted) await clock.sleep(await debounce(), { signal, lazy: true })
      if (signal.aborted) return
      for (const sleeper of sleepers) sleeper.abort()
    }
  }

  return {
    wait: async (span, { signal, lazy = false }) => {
      const woken = new AbortController()
      sleepers.add(woken)
      if (watching === undefined) {
        watching = new AbortController()
        void watch(watching)
      }
      await clock.sleep(span, { lazy, signal: AbortSignal.any([signal, woken.signal]) })
      sleepers.delete(woken)
      if (sleepers.size > 0) return
      watching.abort()
      watching = undefined
    },
  }
}

const nextIn = async (
  watcher: Ports['watcher'],
  folders: ReadonlyArray<string>,
  signal: AbortSignal,
): Promise<void> => {
  const round = new AbortController()
  const either = AbortSignal.any([signal, round.signal])
  await Promise.race(folders.map((folder) => watcher.next(folder, either)))
  round.abort()
}
