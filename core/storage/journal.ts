/**
 * The journal of a save: the whole text that is about to become the pool's file, with its checksum.
 * In the form of the existing tool. It stands from before the first change of the file until every
 * copy of it is made, so while it stands copies may be older than the file.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { decode, parseJson } from '../result'
import type { Instant } from '../time'
import { sha256 } from './checksum'

const form = t.type(
  { version: t.literal(1), path: t.string, checksum: t.string, content: t.string },
  'Journal',
)

export const print = (at: Instant, path: string, content: string): string =>
  JSON.stringify({ version: 1, createdAt: at, path, checksum: sha256(content), content })

/** None for a text that is no journal, or was cut short, or torn. */
export const contentOf = (text: string): O.Option<string> =>
  parseJson(text)
    .andThen(decode(form))
    .match(
      ({ checksum, content }) => (sha256(content) === checksum ? O.some(content) : O.none),
      () => O.none,
    )
