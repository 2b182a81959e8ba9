/**
 * Headers as they travel: a list of pairs, names in lower case, order and repeats kept.
 * A list, since a proxy must pass on what it does not know exactly as it came.
 */
import * as O from 'fp-ts/Option'

export type Headers = ReadonlyArray<readonly [name: string, value: string]>

export const get =
  (name: string) =>
  (headers: Headers): O.Option<string> => {
    // By index: taking each pair apart costs more than all else here, and a request asks thirty times.
    const pair = headers.find((other) => other[0] === name)
    return pair === undefined ? O.none : O.some(pair[1])
  }

export const without =
  (drop: (name: string) => boolean) =>
  (headers: Headers): Headers =>
    headers.filter((pair) => !drop(pair[0]))

/** Replaces every header of that name in place of the first, or adds it at the end. */
export const set =
  (name: string, value: string) =>
  (headers: Headers): Headers => {
    const at = headers.findIndex((pair) => pair[0] === name)
    if (at < 0) return [...headers, [name, value]]
    return headers
      .map((pair, index) => (index === at ? ([name, value] as const) : pair))
      .filter((pair, index) => index === at || pair[0] !== name)
  }
