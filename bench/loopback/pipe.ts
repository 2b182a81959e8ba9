/** The reference: a bare pipe proxy of node, with connections kept as node keeps them. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'

const backend = Number(process.argv[2])

const server = http.createServer((request, response) => {
  const { headers, method, url } = request
  const onward = http.request(
    { host: '127.0.0.1', port: backend, method, path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
})

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume()
process.stdin.once('end', () => process.exit())
