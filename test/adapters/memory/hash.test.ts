import { memoryHash } from '../../../adapters/memory/hash'
import { hashContract } from '../../ports/hash.contract'

hashContract('memory', memoryHash)
