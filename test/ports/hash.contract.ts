import type { Hash } from '../../ports/hash'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const hashContract = (name: string, make: () => Hash): void => {
  describe(`${name}: hashes`, () => {
    it.each([
      // FIPS 180-4 examples; 55, 56 and 64 bytes are where the padding turns.
      { given: '', expected: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      {
        given: 'abc',
        expected: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
      {
        given: 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
        expected: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
      },
      {
        given: 'a'.repeat(55),
        expected: '9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318',
      },
      {
        given: 'a'.repeat(64),
        expected: 'ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb',
      },
      {
        given: 'a'.repeat(1_000),
        expected: '41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3',
      },
    ])('sha256 of $given.length characters', ({ given, expected }) => {
      const digest = make().sha256(bytes(given))
      expect(digest).toHaveLength(32)
      expect(hex(digest)).toBe(expected)
    })

    it.each([
      { left: '', right: '', expected: true },
      { left: 'token', right: 'token', expected: true },
      { left: 'token', right: 'Token', expected: false },
      { left: 'token', right: 'token2', expected: false },
      { left: 'ü', right: 'u', expected: false },
    ])('equal of "$left" and "$right" is $expected', ({ left, right, expected }) => {
      expect(make().equal(left, right)).toBe(expected)
    })
  })
}
