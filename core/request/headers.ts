/**
 * Headers as they travel: a list of pairs, names in lower case, order and repeats kept.
 * A list, since a proxy must pass on what it does not know exactly as it came.
 */
import * as O from 'fp-ts/Option'

export type Headers = ReadonlyArray<readonly [name: string, value: string]>

export const get =
  (name: string) =>
  (headers: Headers): O.Option<string> => {
    for (const [key, value] of headers) if (key === name) return O.some(value)
    return O.none
  }

export const without =
  (drop: (name: string) => boolean) =>
  (headers: Headers): Headers =>
    headers.filter(([name]) => !drop(name))

/** Replaces every header of that name in place of the first, or adds it at the end. */
export const set =
  (name: string, value: string) =>
  (headers: Headers): Headers => {
    const at = headers.findIndex(([key]) => key === name)
    if (at < 0) return [...headers, [name, value]]
    return headers.flatMap((pair, index) =>
      index === at ? [[name, value] as const] : pair[0] === name ? [] : [pair],
    )
  }
