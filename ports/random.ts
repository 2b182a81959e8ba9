/**
 * Laws, run on every adapter: `bytes(n)` has length `n`; `fraction` lies in [0, 1).
 * The node adapter's bytes are fit for secrets.
 */
export interface Random {
  readonly bytes: (length: number) => Uint8Array
  readonly fraction: () => number
}
