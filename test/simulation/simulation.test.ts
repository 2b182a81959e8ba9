/**
 * The simulation itself: that a seed is one run and no other, that it notices each mechanism that is
 * missing, and that seeds which once failed hold. A thousand seeds are in `simulation.slow.test.ts`.
 */
import { minute } from '../../core/time'
import { withoutNonce, withoutReading, withoutSync } from './broken'
import { hashOf, run } from './run'
import type { Broken } from './world'

it(
  'runs a seed the same way each time, and another seed another way',
  async () => {
    const [first, again, other] = [await run(1), await run(1), await run(2)]
    expect(hashOf(again)).toBe(hashOf(first))
    expect(hashOf(other)).not.toBe(hashOf(first))
    expect(first.log.filter(({ label }) => label.startsWith('begins')).length).toBeGreaterThan(100)
  },
  minute,
)

/** Whether one of the first seeds finds that wrong. */
const isFound = async (wrong: RegExp, broken: Broken): Promise<boolean> => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const { wrongs } = await run(seed, broken)
    if (wrongs.some((found) => wrong.test(found))) return true
  }
  return false
}

describe('finds what is wrong with a program that', () => {
  it.each([
    { name: 'forces nothing to the disk', broken: withoutSync, wrong: /a power cut took/ },
    { name: 'gives its claims no nonce', broken: withoutNonce, wrong: /has two owners/ },
    { name: 'does not read the pool again', broken: withoutReading, wrong: /came back|is lost/ },
  ])(
    '$name',
    async ({ broken, wrong }) => {
      expect(await isFound(wrong, broken)).toBe(true)
    },
    2 * minute,
  )
})
