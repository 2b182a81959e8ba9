/**
 * What only its maker can read: encrypted items and turn states, each bound to a workspace.
 *
 * The workspace stands in the text itself, so nothing has to be remembered for the time an item
 * spends in some client's history.
 */
import * as O from 'fp-ts/Option'
import * as Base64url from './base64url'

export type Kind = 'reasoning' | 'compaction' | 'turn'

/** The real ones are Fernet tokens and begin with these letters. */
const mark = 'gAAAAsim'

export const seal = (kind: Kind, accountId: string, number: number): string =>
  `${mark}.${Base64url.ofText(JSON.stringify([kind, accountId, number]))}`

/** The workspace it was made for; none when it is none of ours. */
export const maker = (sealed: string): O.Option<string> => {
  const [start, text, ...rest] = sealed.split('.')
  if (start !== mark || text === undefined || rest.length > 0) return O.none
  const found = /^\["(?:reasoning|compaction|turn)","([^"]*)",\d+\]$/.exec(Base64url.toText(text))
  return O.fromNullable(found?.[1])
}

/** As the real backend shows it in a refusal. */
export const shown = (sealed: string): string => `${sealed.slice(0, 4)}...${sealed.slice(-4)}`
