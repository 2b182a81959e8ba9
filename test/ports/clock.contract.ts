import type { Clock } from '../../ports/clock'

/** Spans of a few milliseconds: the node adapter really waits for them. */
export const clockContract = (name: string, make: () => Clock): void => {
  describe(`${name}: time`, () => {
    it.each([0, 1, 2, 7, 12])('is at least %i ms later after that sleep', async (span) => {
      const clock = make()
      const before = clock.now()
      expect((await clock.sleep(span)).isOk()).toBe(true)
      expect(clock.now() - before).toBeGreaterThanOrEqual(span)
    })

    it('ends a cancelled sleep at once, as Ok', async () => {
      const clock = make()
      const cancelled = new AbortController()
      const sleep = clock.sleep(60_000, { signal: cancelled.signal })
      cancelled.abort()
      const before = clock.now()
      expect((await sleep).isOk()).toBe(true)
      expect(clock.now() - before).toBeLessThan(1_000)
    })

    it('does not sleep at all when it was cancelled before', async () => {
      const clock = make()
      const before = clock.now()
      expect((await clock.sleep(60_000, { signal: AbortSignal.abort() })).isOk()).toBe(true)
      expect(clock.now() - before).toBeLessThan(1_000)
    })

    it('ends a lazy sleep too, while something else is going on', async () => {
      const clock = make()
      const before = clock.now()
      const [lazy] = await Promise.all([clock.sleep(3, { lazy: true }), clock.sleep(10)])
      expect(lazy.isOk()).toBe(true)
      expect(clock.now() - before).toBeGreaterThanOrEqual(3)
    })

    it('wakes sleepers in the order of their spans', async () => {
      const clock = make()
      const woken: Array<number> = []
      await Promise.all([30, 1, 15].map((span) => clock.sleep(span).map(() => woken.push(span))))
      expect(woken).toEqual([1, 15, 30])
    })
  })
}
