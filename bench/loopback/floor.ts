import { nodeHttpServer } from '../../adapters/node/http-server'
import { nodeHttp } from '../../adapters/node/http'
import { okAsync } from 'neverthrow'
const backend = Number(process.argv[2])
const http = nodeHttp({})
const limits = { connectMax: 10000, firstByteMax: 290000, stallMax: 290000 }
void nodeHttpServer().listen({ host: '127.0.0.1', port: 0 }, (request) =>
  request.read(64e6).mapErr(() => null as never).andThen((body) =>
  http.send({ method: request.method, url: `http://127.0.0.1:${backend}${request.target}`, headers: request.headers.filter(([n]) => n !== 'host' && n !== 'content-length'), body, limits, signal: request.gone }))
    .map((a) => ({ _tag: 'Reply' as const, ...a })).mapErr(() => null as never),
).map((l) => process.stdout.write(`${l.port}\n`))
process.stdin.resume()
process.stdin.once('end', () => process.exit())
