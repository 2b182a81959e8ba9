/** What cannot be undone is done only when the person has said so. */
import { err, ok, type Result } from 'neverthrow'

export interface NeedsYes {
  readonly _tag: 'NeedsYes'
  readonly command: string
}

export const confirmed = (command: string, isConfirmed: boolean): Result<void, NeedsYes> =>
  isConfirmed ? ok(undefined) : err({ _tag: 'NeedsYes', command })

/** How the parser takes it. */
export const yesOption = {
  type: 'boolean',
  default: false,
  describe: 'Go ahead: it cannot be undone',
} as const
