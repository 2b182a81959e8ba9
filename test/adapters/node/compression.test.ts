import { nodeCompression } from '../../../adapters/node/compression'
import { compressionContract } from '../../ports/compression.contract'

compressionContract('node', nodeCompression)
