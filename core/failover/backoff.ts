/**
 * Failed attempts in, a wait out.
 *
 * A hint of the server is a floor, since it knows when it will answer again; on top comes a draw
 * from the whole of a growing span ("full jitter"), so that waiting clients do not return together.
 */
import type { Millis } from '../time'

const base: Millis = 250
const spanMax: Millis = 2_000
const hintMax: Millis = 10_000

/** At most 12 seconds, whatever the hint says. `failures` is 1 for the first; `draw` lies in [0, 1). */
export const wait = (failures: number, hint: Millis, draw: number): Millis => {
  const span = Math.min(spanMax, base * 2 ** Math.min(10, Math.max(0, failures - 1)))
  return Math.min(hintMax, Math.max(0, hint)) + Math.floor(draw * span)
}
