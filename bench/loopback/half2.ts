// our server + ideal client
import http from 'node:http'
import { nodeHttpServer } from '../../adapters/node/http-server'
import * as O from 'fp-ts/Option'
import { ok, okAsync, ResultAsync } from 'neverthrow'
const backend = Number(process.argv[2])
const agent = new http.Agent({ keepAlive: true, scheduling: 'lifo' })
void nodeHttpServer().listen({ host: '127.0.0.1', port: 0 }, (request) =>
  ResultAsync.fromSafePromise((async () => {
    const body = (await request.read(64e6))._unsafeUnwrap()
    return new Promise<any>((resolve) => {
      const raw: string[] = []
      for (const [n, v] of request.headers) if (n !== 'host') raw.push(n, v)
      raw.push('host', '127.0.0.1:' + backend)
      const out = http.request({ agent, host: '127.0.0.1', port: backend, method: request.method, path: request.target, headers: raw }, (answer) => {
        const q: Buffer[] = []; let ended = false; let w: any
        answer.on('data', (p) => { if (w) { const x = w; w = undefined; x(ok(O.some(p))) } else q.push(p) })
        answer.on('end', () => { ended = true; if (w) w(ok(O.none)) })
        const headers: [string, string][] = []
        for (let i = 0; i < answer.rawHeaders.length; i += 2) headers.push([answer.rawHeaders[i]!.toLowerCase(), answer.rawHeaders[i+1]!])
        resolve({ _tag: 'Reply', status: 200, headers, body: { cancel() {}, next() { const p = q.shift(); if (p) return okAsync(O.some(p)); if (ended) return okAsync(O.none); return new ResultAsync(new Promise((r) => { w = r })) } } })
      })
      for (let i = 0; i < body.length - 1; i++) out.write(body[i])
      out.end(body[body.length - 1])
    })
  })())
).map((l) => process.stdout.write(`${l.port}\n`))
process.stdin.resume()
process.stdin.once('end', () => process.exit())
