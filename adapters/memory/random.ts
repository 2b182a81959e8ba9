import type { Random } from '../../ports/random'
import type { SimulatedProcess } from './scheduler'

export const memoryRandom = ({ throwDice }: Pick<SimulatedProcess, 'throwDice'>): Random => ({
  bytes: (length) => Uint8Array.from({ length }, () => Math.floor(throwDice() * 256)),
  fraction: throwDice,
})
