/**
 * Dice that fall the same way for the same seed (mulberry32), so that a failing run can be run again.
 * Fit for tests and demonstrations, never for secrets.
 */
export type Dice = () => number

/** Each throw lies in [0, 1). */
export const dice = (seed: number): Dice => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A seed of its own for everything that has a name (FNV-1a). */
export const seedOf = (seed: number, name: string): number => {
  let hash = 0x811c9dc5 ^ seed
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}
