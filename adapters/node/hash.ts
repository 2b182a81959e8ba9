import { createHash, timingSafeEqual } from 'node:crypto'
import type { Hash } from '../../ports/hash'

const digest = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest()

export const nodeHash = (): Hash => ({
  sha256: digest,
  // Digests are compared, as the comparison in constant time wants equal lengths.
  equal: (left, right) => timingSafeEqual(digest(left), digest(right)),
})
