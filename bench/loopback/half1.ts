// ideal server + our http client
import http from 'node:http'
import { nodeHttp } from '../../adapters/node/http'
import * as O from 'fp-ts/Option'
const backend = Number(process.argv[2])
const client = nodeHttp({})
const limits = { connectMax: 10000, firstByteMax: 290000, stallMax: 290000 }
const server = http.createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (p) => pieces.push(p))
  request.on('end', async () => {
    const raw: [string, string][] = []
    const r = request.rawHeaders
    for (let i = 0; i < r.length; i += 2) { const n = r[i]!.toLowerCase(); if (n !== 'host' && n !== 'content-length') raw.push([n, r[i+1]!]) }
    const a = (await client.send({ method: 'POST', url: `http://127.0.0.1:${backend}${request.url}`, headers: raw, body: pieces, limits }))._unsafeUnwrap()
    response.writeHead(a.status, a.headers.flat() as never)
    for (;;) { const p = (await a.body.next())._unsafeUnwrap(); if (O.isNone(p)) break; response.write(p.value) }
    response.end()
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write((server.address() as any).port + '\n'))
process.stdin.resume()
process.stdin.once('end', () => process.exit())
