import { nodeHttpServer } from '../../adapters/node/http-server'
import { nodeHttp } from '../../adapters/node/http'
import { ResultAsync } from 'neverthrow'
const backend = Number(process.argv[2])
const http = nodeHttp({})
const limits = { connectMax: 10000, firstByteMax: 290000, stallMax: 290000 }
const answer = async (request: any): Promise<any> => {
  const body = await request.read(64e6)
  const a = await http.send({ method: request.method, url: `http://127.0.0.1:${backend}${request.target}`, headers: request.headers.filter(([n]: any) => n !== 'host' && n !== 'content-length'), body: body.value, limits })
  return { _tag: 'Reply' as const, ...(a as any).value }
}
void nodeHttpServer().listen({ host: '127.0.0.1', port: 0 }, (request) => ResultAsync.fromSafePromise(answer(request))).map((l) => process.stdout.write(`${l.port}\n`))
process.stdin.resume()
process.stdin.once('end', () => process.exit())
