/**
 * SHA-256 (FIPS 180-4) of a text, as the journal's checksum. Written out, as every program that reads
 * the pool needs it, few of them ever, and none should load a cryptographic library for it.
 */

const blockBytes = 64

/** In lower-case hexadecimal. */
export const sha256 = (text: string): string =>
  [...sha256Of(new TextEncoder().encode(text))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')

export const sha256Of = (bytes: Uint8Array): Uint8Array => {
  const rounds = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)))
  const state = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)))
  const view = padded(bytes)
  const words = new Int32Array(64)
  for (let block = 0; block < view.byteLength; block += blockBytes) {
    schedule(view, block, words)
    mix(state, words, rounds)
  }
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, index) => digest.setInt32(index * 4, word))
  return new Uint8Array(digest.buffer)
}

/** The first 32 bits of the fractional part of a root, as the standard makes its constants. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 4_294_967_296) | 0

const primes = (count: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}

const padded = (bytes: Uint8Array): DataView => {
  const length = Math.ceil((bytes.length + 9) / blockBytes) * blockBytes
  const all = new Uint8Array(length)
  all.set(bytes)
  all[bytes.length] = 0x80
  const view = new DataView(all.buffer)
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n)
  return view
}

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const at = (words: Int32Array, index: number): number => words[index] ?? 0

const schedule = (view: DataView, block: number, words: Int32Array): void => {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(block + i * 4)
  for (let i = 16; i < 64; i += 1) {
    const a = at(words, i - 15)
    const b = at(words, i - 2)
    const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3)
    const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10)
    words[i] = at(words, i - 16) + low + at(words, i - 7) + high
  }
}

const mix = (state: Int32Array, words: Int32Array, rounds: Int32Array): void => {
  let [a, b, c, d] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3)]
  let [e, f, g, h] = [at(state, 4), at(state, 5), at(state, 6), at(state, 7)]
  for (let i = 0; i < 64; i += 1) {
    const high = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const low = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const one = (h + high + ((e & f) ^ (~e & g)) + at(rounds, i) + at(words, i)) | 0
    const two = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  const mixed = [a, b, c, d, e, f, g, h]
  mixed.forEach((word, index) => (state[index] = at(state, index) + word))
}
