/**
 * Proof Key for Code Exchange (RFC 7636): who asks for the code is who exchanges it.
 * Random bytes and the digest are given, so the same bytes make the same pair.
 */

export interface Pkce {
  readonly verifier: string
  /** SHA-256 of the verifier (method S256). */
  readonly challenge: string
}

/** 64 bytes make a verifier of 86 characters, as the official CLI's (protocol.md, section 2). */
export const verifierBytes = 64

/** `random` is `verifierBytes` bytes fit for secrets. */
export const make = (random: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): Pkce => {
  const verifier = base64Url(random)
  return { verifier, challenge: base64Url(sha256(new TextEncoder().encode(verifier))) }
}

export const base64Url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
