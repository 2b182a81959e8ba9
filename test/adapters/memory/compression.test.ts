import { memoryCompression } from '../../../adapters/memory/compression'
import { compressionContract } from '../../ports/compression.contract'

compressionContract('memory', memoryCompression)
