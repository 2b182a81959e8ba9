/**
 * Laws, run on every adapter: the same bytes give the same 32 bytes; `equal` compares texts in
 * time that does not depend on where they differ.
 */
export interface Hash {
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly equal: (left: string, right: string) => boolean
}
