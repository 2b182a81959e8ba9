import type { Clock } from '../ports/clock'

export const read = (clock: Clock): number => clock.now()
