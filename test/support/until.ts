import { nodeClock } from '../../adapters/node/clock'

/** Looks every few milliseconds until it is so, for 5 s at most: what other processes do has no event here. */
export const until = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  const clock = nodeClock()
  const end = clock.now() + 5_000
  while (!(await isSo())) {
    if (clock.now() > end) return false
    await clock.sleep(5)
  }
  return true
}
