import type { ResultAsync } from 'neverthrow'

export interface BrowserError {
  readonly _tag: 'NoBrowser'
}

/** Hands a URL to the person's browser. Ok means it was handed over, not that a page was seen. */
export interface Browser {
  readonly open: (url: string) => ResultAsync<void, BrowserError>
}
