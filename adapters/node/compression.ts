import type { Compression } from '../../ports/compression'
import { overFzstd } from '../shared/compression'

export const nodeCompression = (): Compression => overFzstd()
