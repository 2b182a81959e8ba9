import { memoryClock } from '../../../adapters/memory/clock'
import { memoryHttp } from '../../../adapters/memory/http'
import { memoryHttpServer } from '../../../adapters/memory/http-server'
import { memoryNetwork } from '../../../adapters/memory/network'
import { scheduler } from '../../../adapters/memory/scheduler'
import { httpContract } from '../../ports/http.contract'

httpContract('memory', () => {
  const world = scheduler(1)
  const network = memoryNetwork(world)
  return {
    http: memoryHttp(world.process('client'), network),
    server: memoryHttpServer(world.process('server'), network),
    clock: memoryClock(world.process('time')),
  }
})
