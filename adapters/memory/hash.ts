/** SHA-256 (FIPS 180-4), written out since nothing of the platform is used here. Not for speed. */
import type { Hash } from '../../ports/hash'

export const memoryHash = (): Hash => ({
  sha256: sha256(constants()),
  equal: (left, right) => left === right,
})

interface Constants {
  readonly rounds: ReadonlyArray<number>
  readonly start: ReadonlyArray<number>
}

const constants = (): Constants => ({
  rounds: primes(64).map((p) => fraction(Math.cbrt(p))),
  start: primes(8).map((p) => fraction(Math.sqrt(p))),
})

/** The first 32 bits of the fractional part of a root, as the standard makes its constants. */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 4_294_967_296)

const primes = (count: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const at = (words: ArrayLike<number>, index: number): number => words[index] ?? 0

const padded = (bytes: Uint8Array): DataView => {
  const length = Math.ceil((bytes.length + 9) / 64) * 64
  const all = new Uint8Array(length)
  all.set(bytes)
  all[bytes.length] = 0x80
  const view = new DataView(all.buffer)
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n)
  return view
}

const schedule = (view: DataView, block: number): Uint32Array => {
  const words = new Uint32Array(64)
  for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(block + i * 4)
  for (let i = 16; i < 64; i += 1) {
    const a = at(words, i - 15)
    const b = at(words, i - 2)
    const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3)
    const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10)
    words[i] = at(words, i - 16) + low + at(words, i - 7) + high
  }
  return words
}

const mixed = (
  before: Uint32Array,
  words: Uint32Array,
  rounds: ReadonlyArray<number>,
): Uint32Array => {
  const s = Uint32Array.from(before)
  for (let i = 0; i < 64; i += 1) {
    const [a, b, c] = [at(s, 0), at(s, 1), at(s, 2)]
    const [e, f, g] = [at(s, 4), at(s, 5), at(s, 6)]
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const high = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const low = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const one = at(s, 7) + high + choice + at(rounds, i) + at(words, i)
    s.set([one + low + majority, a, b, c, at(s, 3) + one, e, f, g])
  }
  return s.map((word, i) => word + at(before, i))
}

const sha256 =
  ({ rounds, start }: Constants) =>
  (bytes: Uint8Array): Uint8Array => {
    const view = padded(bytes)
    let state = Uint32Array.from(start)
    for (let block = 0; block < view.byteLength; block += 64) {
      state = Uint32Array.from(mixed(state, schedule(view, block), rounds))
    }
    const digest = new DataView(new ArrayBuffer(32))
    state.forEach((word, i) => digest.setUint32(i * 4, word))
    return new Uint8Array(digest.buffer)
  }
