/** Seeded draws: the same seed and purpose give the same numbers on any machine. */

/** A number in [0, 1). */
export type Dice = () => number

/** Mulberry32: small, fast, and even enough for a few million draws. */
export const dice = (seed: number): Dice => {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Box and Muller; 1 - u, as the logarithm of 0 is none. */
const normal = (roll: Dice): number =>
  Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll())

export const logNormal = (roll: Dice, median: number, sigma: number): number =>
  median * Math.exp(sigma * normal(roll))

/** `count` on average, half to one and a half of it. */
export const around = (roll: Dice, count: number): number => Math.round(count * (0.5 + roll()))
