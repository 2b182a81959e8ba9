/** The laws of the compression port, run on every adapter. */
import * as fc from 'fast-check'
import type { Compression } from '../../ports/compression'

/** `hello, hello, hello` as zstd writes it: magic, one frame, one raw block. */
const frame = (text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text)
  const size = bytes.length
  // Single segment, one byte of content size; then the last block, raw, with its length.
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x20, size]
  const block = (size << 3) | 1
  return Uint8Array.from([
    ...header,
    block & 255,
    (block >> 8) & 255,
    (block >> 16) & 255,
    ...bytes,
  ])
}

export const compressionContract = (name: string, make: () => Compression): void => {
  describe(`${name}: compression`, () => {
    it('gives the same bytes for identity', () => {
      fc.assert(
        fc.property(fc.uint8Array(), (bytes) => {
          expect(make().expand('identity', bytes)._unsafeUnwrap()).toEqual(bytes)
        }),
      )
    })

    it('undoes zstd', () => {
      fc.assert(
        fc.property(fc.string({ minLength: 1, maxLength: 60 }), (text) => {
          const expanded = make().expand('zstd', frame(text))._unsafeUnwrap()
          expect(new TextDecoder().decode(expanded)).toBe(
            new TextDecoder().decode(new TextEncoder().encode(text)),
          )
        }),
      )
    })

    it('says that bytes are no zstd', () => {
      const refused = make().expand('zstd', new TextEncoder().encode('plain text'))
      expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'DamagedBytes' })
    })

    it('names an encoding that it does not know', () => {
      const refused = make().expand('br', new Uint8Array())
      expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'UnknownEncoding', encoding: 'br' })
    })
  })
}
