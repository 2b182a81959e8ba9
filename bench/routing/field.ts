/** Who is measured, and in how many worlds. */
import { dice } from './draws'
import { ours } from './ours'
import { oracle, references } from './references'
import type { Contender } from './router'

export const contenders: ReadonlyArray<Contender> = [...ours, ...references, oracle]

/** Those from 1 up, and as many drawn, so that nobody tunes to the first ones. */
export const seeds = (count: number, drawnFrom: number): ReadonlyArray<number> => {
  const roll = dice(drawnFrom)
  const all = Array.from({ length: count }, (_, index) => index + 1)
  return [...all, ...all.map(() => 1_000 + Math.floor(roll() * 1_000_000_000))]
}
