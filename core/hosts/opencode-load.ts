/**
 * Whether OpenCode loads the plugin that its configuration names: it passes over one that fails to
 * load without a word, and goes on by itself. The plugin leaves a stamp each time it is loaded, and the
 * host's log says when it last made an instance, which is when it loads plugins.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { decode, parseJson } from '../result'
import type { Instant } from '../time'

export interface Traces {
  /** When the configuration that names the plugin was last written, by the host too. */
  readonly configuredAt: Instant
  readonly stamp: O.Option<Stamp>
  readonly startedAt: O.Option<Instant>
}

export type Load =
  | { readonly _tag: 'Loads'; readonly loadedAt: Instant }
  /** Not started since the plugin was put in. */
  | { readonly _tag: 'Unused' }
  | {
      readonly _tag: 'PassesOver'
      readonly startedAt: Instant
      readonly loadedAt: O.Option<Instant>
    }

export const judge = ({ configuredAt, stamp, startedAt }: Traces): Load => {
  const known = O.isSome(stamp) ? stamp.value : { installedAt: configuredAt }
  const loadedAt = 'loadedAt' in known ? O.some(known.loadedAt) : O.none
  const since = 'loadedAt' in known ? known.loadedAt : known.installedAt
  if (O.isSome(startedAt) && startedAt.value > since)
    return { _tag: 'PassesOver', startedAt: startedAt.value, loadedAt }
  return O.isSome(loadedAt) ? { _tag: 'Loads', loadedAt: loadedAt.value } : { _tag: 'Unused' }
}

/** Written when the plugin is put in, and each time it is loaded. */
export type Stamp = t.TypeOf<typeof stampForm>
const stampForm = t.union([t.type({ loadedAt: t.number }), t.type({ installedAt: t.number })])

const storedForm = t.intersection([t.type({ version: t.literal(1) }), stampForm])

export const printStamp = (stamp: Stamp): string => JSON.stringify({ version: 1, ...stamp })

export const parseStamp = (text: string): O.Option<Stamp> =>
  parseJson(text)
    .andThen(decode(storedForm))
    .map((stored): Stamp =>
      'loadedAt' in stored ? { loadedAt: stored.loadedAt } : { installedAt: stored.installedAt },
    )
    .match<O.Option<Stamp>, O.Option<Stamp>>(O.some, () => O.none)

/** The last line of its log that makes an instance; releases that log otherwise tell nothing. */
export const startedAt = (log: string): O.Option<Instant> => {
  const [, at = ''] =
    [...log.matchAll(/^timestamp=(\S+) .*message="creating instance"/gm)].at(-1) ?? []
  const instant = Date.parse(at)
  return Number.isNaN(instant) ? O.none : O.some(instant)
}
