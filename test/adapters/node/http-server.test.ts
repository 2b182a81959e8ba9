import { nodeClock } from '../../../adapters/node/clock'
import { nodeHttp } from '../../../adapters/node/http'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import { httpServerContract } from '../../ports/http-server.contract'

httpServerContract('node', () => ({
  http: nodeHttp({}),
  server: nodeHttpServer(),
  clock: nodeClock(),
}))
