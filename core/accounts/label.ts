/** What a person calls an account: a line of its own choice that any terminal can show as it is. */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import { printable } from '../tui/printable'

export type LabelRefusal =
  | { readonly _tag: 'LabelTooLong'; readonly charactersMax: number }
  /** It holds control characters or others that do not show. */
  | { readonly _tag: 'LabelUnprintable'; readonly label: string }

/** Wider than a column of a table shows, and enough for an e-mail. */
const charactersMax = 64

/** None for an empty one, which takes the label away. */
export const parse = (text: string): Result<O.Option<string>, LabelRefusal> => {
  const label = text.trim()
  if (label === '') return ok(O.none)
  if (printable(label) !== label) return err({ _tag: 'LabelUnprintable', label })
  return [...label].length > charactersMax
    ? err({ _tag: 'LabelTooLong', charactersMax })
    : ok(O.some(label))
}

/** As selectors see it. */
export const isSame = (left: string, right: string): boolean =>
  left.trim().toLowerCase() === right.trim().toLowerCase()
