/** The only bridges from fp-ts and io-ts to neverthrow, the one error channel. */
import * as E from 'fp-ts/Either'
import * as O from 'fp-ts/Option'
import type * as t from 'io-ts'
import { err, ok, type Result } from 'neverthrow'

/** A value had not the form its codec asks for. `at` is the path to the first wrong place, as `accounts.0.email`. */
export interface Malformed {
  readonly _tag: 'Malformed'
  readonly at: string
  readonly expected: string
}

export const decode =
  <A>(codec: t.Decoder<unknown, A>) =>
  (value: unknown): Result<A, Malformed> => {
    const decoded = codec.decode(value)
    if (E.isRight(decoded)) return ok(decoded.right)
    const first = decoded.left[0]
    const steps = first?.context ?? []
    const path = steps.filter((_, index) => isPlace(steps[index - 1])).map((step) => step.key)
    const expected = first?.context[first.context.length - 1]?.type.name ?? codec.name
    return err({ _tag: 'Malformed', at: path.join('.'), expected })
  }

/** A step below an intersection or a union names one of its members, which is no place in the value. */
const isPlace = (parent: t.ContextEntry | undefined): boolean => {
  if (parent === undefined) return false
  const kind = '_tag' in parent.type ? parent.type._tag : ''
  return kind !== 'IntersectionType' && kind !== 'UnionType'
}

export const fromOption =
  <E2>(onNone: () => E2) =>
  <A>(option: O.Option<A>): Result<A, E2> =>
    O.isSome(option) ? ok(option.value) : err(onNone())

/** Text to JSON without a throw. */
export const parseJson = (text: string): Result<unknown, Malformed> => {
  try {
    return ok(JSON.parse(text) as unknown)
  } catch {
    return err({ _tag: 'Malformed', at: '', expected: 'JSON' })
  }
}
