import { randomBytes } from 'node:crypto'
import type { Random } from '../../ports/random'

export const nodeRandom = (): Random => ({
  bytes: (length) => randomBytes(length),
  fraction: () => Math.random(),
})
