/**
 * Bytes in a zstd frame of raw blocks (RFC 8878): what a decoder must take, without a compressor.
 */
const blockMax = 128 * 1_024

const block = (bytes: Uint8Array, isLast: boolean): Uint8Array => {
  const header = bytes.length * 8 + (isLast ? 1 : 0)
  return Uint8Array.from([header & 255, (header >> 8) & 255, header >> 16, ...bytes])
}

export const zstd = (text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text)
  // Magic number; descriptor of a single segment with a content size of four bytes; the size.
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000]
  const size = [0, 8, 16, 24].map((shift) => (bytes.length >> shift) & 255)
  const count = Math.max(1, Math.ceil(bytes.length / blockMax))
  const blocks = Array.from({ length: count }, (_, index) =>
    block(bytes.slice(index * blockMax, (index + 1) * blockMax), index === count - 1),
  )
  return Uint8Array.from([...head, ...size, ...blocks.flatMap((one) => [...one])])
}
