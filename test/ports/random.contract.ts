import type { Random } from '../../ports/random'

export const randomContract = (name: string, make: () => Random): void => {
  describe(`${name}: chance`, () => {
    it.each([0, 1, 16, 64])('gives %i bytes', (length) => {
      const bytes = make().bytes(length)
      expect(bytes).toBeInstanceOf(Uint8Array)
      expect(bytes).toHaveLength(length)
    })

    it('never gives the same 16 bytes twice', () => {
      const random = make()
      const drawn = Array.from({ length: 500 }, () => random.bytes(16).join())
      expect(new Set(drawn).size).toBe(500)
    })

    it('uses the whole of a byte, and of the span from 0 to 1', () => {
      const random = make()
      expect(new Set(random.bytes(10_000)).size).toBe(256)
      const fractions = Array.from({ length: 1_000 }, random.fraction)
      expect(fractions.every((f) => f >= 0 && f < 1)).toBe(true)
      expect(Math.min(...fractions)).toBeLessThan(0.05)
      expect(Math.max(...fractions)).toBeGreaterThan(0.95)
    })
  })
}
