import type { Compression } from '../../ports/compression'
import { overFzstd } from '../shared/compression'

/** Nothing happens over time here, so no scheduler decides anything. */
export const memoryCompression = (): Compression => overFzstd()
