/**
 * An upstream that only a company's network reaches: by name over TLS, with certificates that no
 * public root vouches for, behind a proxy that connects to these names alone.
 */
import { writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import type { Upstream } from '../../../entrypoints/embed/testing/upstream'
import { certificateFor } from '../../support/certificate'

export interface PrivateNetwork {
  readonly backend: string
  readonly issuer: string
  /** The backend once more, by this machine's own name, which leads to it without the proxy too. */
  readonly nearBackend: string
  /** The certificates, in PEM. */
  readonly rootsFile: string
  readonly proxyUrl: string
  /** What the proxy was asked to connect to, in order, with repeats. */
  readonly asked: () => ReadonlyArray<string>
  readonly close: () => void
}

export const openPrivateNetwork = async (
  upstream: Upstream,
  folder: string,
): Promise<PrivateNetwork> => {
  const sockets = new Set<Socket>()
  const servers: Array<Server> = []
  const asked: Array<string> = []
  const listen = async (server: Server): Promise<number> => {
    servers.push(server)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const joined = (near: Socket, port: number): void => {
    const far = connect(port, '127.0.0.1').on('error', () => near.destroy())
    near.on('error', () => far.destroy())
    near.pipe(far).pipe(near)
  }
  const inTls = async (name: string, origin: string, isNear = false) => {
    const certificate = certificateFor(name)
    const port = Number(new URL(origin).port)
    const server = createTlsServer({ ...certificate }, (socket) => joined(socket, port))
    const own = await listen(server)
    return { target: `${name}:${isNear ? own : 443}`, cert: certificate.cert, port: own }
  }
  const [backend, issuer, near] = await Promise.all([
    inTls('backend.test', upstream.backend),
    inTls('issuer.test', upstream.issuer),
    inTls(hostname(), upstream.backend, true),
  ])
  const proxy = createServer((socket) => {
    socket.once('data', (head: Buffer) => {
      const [, target = ''] = head.toString('latin1').split(' ')
      asked.push(target)
      const place = [backend, issuer, near].find((one) => one.target === target)
      if (place === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      joined(socket, place.port)
    })
  })
  const rootsFile = join(folder, 'roots.pem')
  await writeFile(rootsFile, `${backend.cert}${issuer.cert}${near.cert}`)
  return {
    backend: `https://backend.test${new URL(upstream.backend).pathname}`,
    issuer: 'https://issuer.test',
    nearBackend: `https://${near.target}${new URL(upstream.backend).pathname}`,
    rootsFile,
    proxyUrl: `http://127.0.0.1:${await listen(proxy)}`,
    asked: () => [...asked],
    close: () => {
      for (const socket of sockets) socket.destroy()
      for (const server of servers) server.close()
    },
  }
}
