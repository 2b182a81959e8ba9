/**
 * Hard ties: things that mean something to the account that made them alone, and that a request
 * cannot do without. Unlike the tie of a conversation, a binding is never broken for another account.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { AccountKey } from '../accounts/identity'
import { day, since, type Instant, type Millis } from '../time'

/** What is bound; a compacted conversation is bound as a whole. */
export type Kind = 'turn' | 'response' | 'file' | 'compaction'

export interface Binding {
  readonly account: AccountKey
  readonly kind: Kind
  readonly at: Instant
}

/** By kind and id. */
export type Bindings = Readonly<Record<string, Binding>>

const bindingsMax = 512
/** Sessions are taken up again after days; files and responses are gone from the backend by then. */
const rememberedFor: Millis = 30 * day

const keyOf = (kind: Kind, id: string): string => `${kind}:${id}`

export const bind =
  (id: string, binding: Binding) =>
  (bindings: Bindings): Bindings => {
    const all: Bindings = { ...bindings, [keyOf(binding.kind, id)]: binding }
    const rows = Object.entries(all)
    if (rows.length <= bindingsMax) return all
    return Object.fromEntries(
      rows.sort(([, left], [, right]) => right.at - left.at).slice(0, bindingsMax),
    )
  }

export const bindingOf =
  (kind: Kind, id: string, now: Instant) =>
  (bindings: Bindings): O.Option<Binding> => {
    const key = keyOf(kind, id)
    const binding = Object.hasOwn(bindings, key) ? bindings[key] : undefined
    return binding !== undefined && Math.abs(since(binding.at, now)) < rememberedFor
      ? O.some(binding)
      : O.none
  }

const kinds = t.keyof({ turn: null, response: null, file: null, compaction: null })

export const storedForm = t.record(
  t.string,
  t.type({ account: t.string, kind: kinds, at: t.number }, 'Binding'),
  'Bindings',
)
