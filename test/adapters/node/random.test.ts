import { nodeRandom } from '../../../adapters/node/random'
import { randomContract } from '../../ports/random.contract'

randomContract('node', nodeRandom)
