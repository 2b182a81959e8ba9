import { nodeHash } from '../../../adapters/node/hash'
import { hashContract } from '../../ports/hash.contract'

hashContract('node', nodeHash)
