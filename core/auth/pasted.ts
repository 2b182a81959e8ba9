/**
 * What a person pastes who signed in on a machine that could not come back to this one: the address
 * the browser ended at, or the code and the state of it.
 *
 * The state is asked for too. Without it a code of somebody else's sign-in could be slipped in.
 */
import * as O from 'fp-ts/Option'

export type Pasted =
  | { readonly _tag: 'Code'; readonly code: string }
  | { readonly _tag: 'Refused'; readonly error: string; readonly description: O.Option<string> }
  | { readonly _tag: 'Cancelled' }
  | Unusable

export interface Unusable {
  readonly _tag: 'Unusable'
  /** `Both` for a text that holds neither a code nor a state. */
  readonly lacks: 'Code' | 'State' | 'Both' | 'OurState'
}

const cancelWords: ReadonlyArray<string> = ['', 'q', 'quit', 'cancel', 'back']

export const of =
  (state: string) =>
  (line: string): Pasted => {
    const text = line.trim()
    if (cancelWords.includes(text.toLowerCase())) return { _tag: 'Cancelled' }
    const given = partsOf(text)
    const error = given.get('error') ?? ''
    const [code, itsState] = [given.get('code') ?? '', given.get('state') ?? '']
    if (itsState !== '' && itsState !== state) return { _tag: 'Unusable', lacks: 'OurState' }
    if (error !== '') {
      return { _tag: 'Refused', error, description: O.fromNullable(given.get('error_description')) }
    }
    if (code === '') return { _tag: 'Unusable', lacks: itsState === '' ? 'Both' : 'Code' }
    return itsState === '' ? { _tag: 'Unusable', lacks: 'State' } : { _tag: 'Code', code }
  }

/** An address with a query or a fragment, the query alone, or a code and a state with `#` between. */
const partsOf = (text: string): URLSearchParams => {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  if (isAddress) return query(...afterPath(text))
  if (/(^|[?#&])(code|state|error)=/.test(text)) return query(text.replace(/^[?#]/, ''))
  const [code = '', state = '', ...more] = text.split('#')
  return more.length > 0 || /\s/.test(text)
    ? new URLSearchParams()
    : new URLSearchParams([
        ['code', code],
        ['state', state],
      ])
}

const afterPath = (address: string): ReadonlyArray<string> => {
  const [before = '', ...fragment] = address.split('#')
  const [, ...search] = before.split('?')
  return [search.join('?'), fragment.join('#')]
}

const query = (...texts: ReadonlyArray<string>): URLSearchParams =>
  new URLSearchParams(texts.filter((text) => text !== '').join('&'))
