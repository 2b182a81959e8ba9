/** Base64url without padding (RFC 7515, appendix C), as tokens and PKCE use it. */

export const ofBytes = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

export const ofText = (text: string): string => ofBytes(new TextEncoder().encode(text))

/** The text behind an `ofText`; empty where there is none to read. */
export const toText = (encoded: string): string => {
  if (!/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) return ''
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)))
}
