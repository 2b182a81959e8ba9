/** Codecs that several stored forms need. */
import * as t from 'io-ts'

/**
 * A value of this codec, or none: files of other tools say so with null, or with nothing. One codec
 * where a union of three would try each: a pool has a dozen such fields an account.
 */
export const optional = <A>(
  codec: t.Type<A, A, unknown>,
): t.Type<A | null | undefined, A | null | undefined, unknown> =>
  new t.Type(
    `${codec.name} or none`,
    (value): value is A | null | undefined =>
      value === undefined || value === null || codec.is(value),
    (value, context) =>
      value === undefined || value === null ? t.success(value) : codec.validate(value, context),
    (value) => value,
  )
