import type { Result } from 'neverthrow'

export type CompressionError =
  | { readonly _tag: 'UnknownEncoding'; readonly encoding: string }
  | { readonly _tag: 'DamagedBytes' }

/**
 * Undoes a `content-encoding`: `zstd`, which the official CLI uses, and `identity`.
 * Laws, run on every adapter: identity gives the same bytes; bytes that are no zstd are DamagedBytes.
 */
export interface Compression {
  readonly expand: (encoding: string, bytes: Uint8Array) => Result<Uint8Array, CompressionError>
}
