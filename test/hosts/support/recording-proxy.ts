/**
 * A proxy on loopback that lets nobody through and writes down who they asked for. A host that is
 * given it can reach nothing but loopback, and what it would have reached is known.
 */
import { createServer, type Socket } from 'node:net'

/** Where the official CLI 0.169 goes whatever its bases are: metrics, and news of releases. */
export const fixedHosts: ReadonlyArray<string> = [
  'ab.chatgpt.com',
  'api.github.com',
  'raw.githubusercontent.com',
]

export interface RecordingProxy {
  readonly url: string
  /** The hosts asked for, in order, with repeats. */
  readonly hosts: () => ReadonlyArray<string>
  /** Those that are not fixed: a test fails on any. */
  readonly strays: () => ReadonlyArray<string>
  /** For the environment of a child. */
  readonly environment: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** The host of `CONNECT host:port ...` or of `GET http://host/... ...`. */
const hostOf = (line: string): string => {
  const target = line.split(' ')[1] ?? ''
  const parsed = /^(?:[a-z]+:\/\/)?(\[[^\]]*\]|[^/:]*)/i.exec(target)?.[1]
  return parsed === undefined || parsed === '' ? line : parsed
}

export const startRecordingProxy = async (): Promise<RecordingProxy> => {
  const hosts: Array<string> = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('data', (bytes: Buffer) => {
      hosts.push(hostOf(bytes.toString('latin1').split('\r\n', 1)[0] ?? ''))
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    hosts: () => [...hosts],
    strays: () => hosts.filter((host) => !fixedHosts.includes(host)),
    environment: {
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      https_proxy: url,
      http_proxy: url,
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
