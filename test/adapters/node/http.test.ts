import { nodeClock } from '../../../adapters/node/clock'
import { nodeHttp } from '../../../adapters/node/http'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { httpContract } from '../../ports/http.contract'

httpContract('node', () => ({
  http: nodeHttp({}),
  server: nodeHttpServer(),
  clock: nodeClock(),
}))
