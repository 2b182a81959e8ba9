import { err, ok, ResultAsync, type Result } from 'neverthrow'
import type { Browser, BrowserError } from '../../ports/browser'
import type { SimulatedProcess } from './scheduler'

export interface MemoryBrowser extends Browser {
  readonly opened: ReadonlyArray<string>
}

/** `visit` is the person: called with each URL that is opened. Without one there is no browser. */
export const memoryBrowser = (
  process: SimulatedProcess,
  visit?: (url: string) => void,
): MemoryBrowser => {
  const opened: Array<string> = []
  const open = (url: string): Result<void, BrowserError> => {
    if (visit === undefined) return err({ _tag: 'NoBrowser' })
    opened.push(url)
    visit(url)
    return ok(undefined)
  }
  return {
    opened,
    open: (url) =>
      ResultAsync.fromThrowable(
        () => process.call('browser.open', () => open(url)),
        (): BrowserError => ({ _tag: 'NoBrowser' }),
      )().andThen((result) => result),
  }
}
