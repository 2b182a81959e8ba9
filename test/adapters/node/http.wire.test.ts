/** What only a raw socket can show: bytes on the wire, kept connections that die, TLS, proxies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { nodeHttp } from '../../../adapters/node/http'
import { ask, bytes, drink, patient, text } from '../../support/http'
import { certificateFor } from '../../support/certificate'

const closing: Array<() => void> = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const listening = async (server: net.Server): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** Calls back with each request that has come in whole, head and body as one text, and its number. */
const raw = (answer: (socket: Socket, request: string, connection: number) => void) => {
  let connections = 0
  const server = net.createServer((socket) => {
    connections += 1
    const number = connections
    let received = ''
    socket.on('data', (piece) => {
      received += piece.toString('latin1')
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/.exec(received)?.[1] ?? 0)
      if (received.length < end + 4 + length) return
      const request = received
      received = ''
      answer(socket, request, number)
    })
  })
  return { port: listening(server), connections: () => connections }
}

const fine = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

describe('on the wire', () => {
  it('a head leaves as given: names, order and repeats, bytes above 127', async () => {
    const seen: Array<string> = []
    const server = raw((socket, request) => {
      seen.push(request)
      socket.write(fine)
    })
    const headers = [
      ['x-b', '1'],
      ['accept', '*/*'],
      ['x-b', 'é'],
    ] as const
    const port = await server.port
    const sent = await ask(nodeHttp({}), port, {
      method: 'POST',
      path: '/a?b=%20',
      headers,
      body: [bytes('he'), bytes('llo')],
    })
    expect(sent.isOk()).toBe(true)
    expect(seen).toEqual([
      `POST /a?b=%20 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-b: 1\r\naccept: */*\r\nx-b: é\r\n` +
        'content-length: 5\r\nConnection: keep-alive\r\n\r\nhello',
    ])
  })

  it('a head comes in as sent, names in lower case', async () => {
    const server = raw((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX-B: é\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n',
        'latin1',
      ),
    )
    const answer = (await ask(nodeHttp({}), await server.port))._unsafeUnwrap()
    expect(answer.headers).toEqual([
      ['set-cookie', 'a'],
      ['x-b', 'é'],
      ['set-cookie', 'b'],
      ['content-length', '0'],
    ])
  })

  it('a HEAD has an answer without the body it measures', async () => {
    const server = raw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'))
    const answer = (await ask(nodeHttp({}), await server.port, { method: 'HEAD' }))._unsafeUnwrap()
    expect(await drink(answer.body)).toEqual({ pieces: [] })
  })

  it('a header that cannot be one is Unreachable: nothing was sent', async () => {
    const server = raw((socket) => socket.write(fine))
    const refused = await ask(nodeHttp({}), await server.port, {
      headers: [['x-a', 'b\r\nx-c: d']],
    })
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      _tag: 'Unreachable',
      code: 'ERR_INVALID_CHAR',
    })
    expect(server.connections()).toBe(0)
  })

  it('an answer that is none is Broken', async () => {
    const server = raw((socket) => socket.write('SMTP ready\r\n\r\n'))
    const broken = await ask(nodeHttp({}), await server.port)
    expect(broken._unsafeUnwrapErr()).toMatchObject({
      _tag: 'Broken',
      code: expect.stringMatching(/^HPE_/),
    })
  })

  it('an answer asking for another protocol is Broken', async () => {
    const server = raw((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    )
    expect((await ask(nodeHttp({}), await server.port))._unsafeUnwrapErr()._tag).toBe('Broken')
  })
})

describe('an answer that does not end', () => {
  it.each([
    ['transfer-encoding: chunked', '4\r\npart\r\n'],
    ['content-length: 9', 'part'],
  ])('with %s is Broken where it is cut, after what came', async (header, part) => {
    const sockets: Array<Socket> = []
    const server = raw((socket) => {
      sockets.push(socket)
      socket.write(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${part}`)
    })
    const { body } = (await ask(nodeHttp({}), await server.port))._unsafeUnwrap()
    expect((await body.next()).isOk()).toBe(true)
    sockets[0]?.end()
    const { pieces, error } = await drink(body)
    expect(text(pieces)).toBe('')
    expect(error).toMatchObject({ _tag: 'Broken', code: 'ECONNRESET' })
  })

  it('without a length has it where the connection ends', async () => {
    const server = raw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall'))
    const { body } = (await ask(nodeHttp({}), await server.port))._unsafeUnwrap()
    const { error, pieces } = await drink(body)
    expect([text(pieces), error]).toEqual(['all', undefined])
  })

  it.each(['is late', 'is cancelled', 'is aborted'])('that %s ends the connection', async (how) => {
    const ends: Array<Promise<void>> = []
    const server = raw((socket) => {
      ends.push(new Promise((resolve) => void socket.once('close', () => resolve())))
      if (how !== 'is late') socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart')
    })
    const leaving = new AbortController()
    const answer = await ask(nodeHttp({}), await server.port, {
      signal: leaving.signal,
      limits: { ...patient, firstByteMax: how === 'is late' ? 30 : patient.firstByteMax },
    })
    if (how === 'is cancelled') answer._unsafeUnwrap().body.cancel()
    leaving.abort()
    await ends[0]
    expect([ends.length, answer.isErr()]).toEqual([1, how === 'is late'])
  })
})

describe('a kept connection', () => {
  const twice = async (
    http: ReturnType<typeof nodeHttp>,
    port: number,
    headers = [] as never[],
  ) => {
    const first = (
      await ask(http, port, { method: 'POST', body: [bytes('one')], headers })
    )._unsafeUnwrap()
    await drink(first.body)
    return ask(http, port, { method: 'POST', body: [bytes('two')], headers })
  }

  it('carries the next request too', async () => {
    const server = raw((socket) => socket.write(fine))
    expect((await twice(nodeHttp({}), await server.port)).isOk()).toBe(true)
    expect(server.connections()).toBe(1)
  })

  it('that turns out closed is replaced once', async () => {
    const seen: Array<string> = []
    const server = raw((socket, request, connection) => {
      seen.push(request.slice(-3))
      if (connection === 1 && seen.length === 2) socket.destroy()
      else socket.write(fine)
    })
    const second = (await twice(nodeHttp({}), await server.port))._unsafeUnwrap()
    expect(text((await drink(second.body)).pieces)).toBe('ok')
    expect(seen).toEqual(['one', 'two', 'two'])
  })

  it('is replaced no second time', async () => {
    const seen: Array<string> = []
    const server = raw((socket, request) => {
      seen.push(request.slice(-3))
      if (seen.length === 1) socket.write(fine)
      else socket.destroy()
    })
    const second = await twice(nodeHttp({}), await server.port)
    expect(second._unsafeUnwrapErr()).toMatchObject({ _tag: 'Broken', code: 'ECONNRESET' })
    expect(seen).toEqual(['one', 'two', 'two'])
  })

  it('is not replaced once a byte of the answer has come', async () => {
    const seen: Array<string> = []
    const server = raw((socket, request) => {
      seen.push(request.slice(-3))
      if (seen.length === 1) socket.write(fine)
      else socket.end('H')
    })
    const second = await twice(nodeHttp({}), await server.port)
    expect(second._unsafeUnwrapErr()._tag).toBe('Broken')
    expect(seen).toEqual(['one', 'two'])
  })

  it('is not used, and nothing is sent twice, for a request that says connection: close', async () => {
    const seen: Array<string> = []
    const server = raw((socket, request, connection) => {
      seen.push(`${connection} ${/connection: (.*)\r/i.exec(request)?.[1]}`)
      if (connection === 3) socket.destroy()
      else socket.write(fine)
    })
    const [http, port] = [nodeHttp({}), await server.port]
    const alone = {
      method: 'POST',
      body: [bytes('spent')],
      headers: [['connection', 'close']],
    } as const
    await drink((await ask(http, port))._unsafeUnwrap().body)
    await drink((await ask(http, port, alone))._unsafeUnwrap().body)
    expect((await ask(http, port, alone))._unsafeUnwrapErr()._tag).toBe('Broken')
    expect(seen).toEqual(['1 keep-alive', '2 close', '3 close'])
  })

  it('is not kept when its answer was cancelled', async () => {
    const server = raw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npart'))
    const [http, port] = [nodeHttp({}), await server.port]
    for (const expected of [1, 2]) {
      const { body } = (await ask(http, port))._unsafeUnwrap()
      body.cancel()
      expect(server.connections()).toBe(expected)
    }
  })
})

describe('TLS', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tls-'))
  const trusted = certificateFor('localhost')
  const file = path.join(folder, 'root.pem')
  writeFileSync(file, trusted.cert)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const secure = () =>
    listening(https.createServer({ ...trusted }, (_, response) => void response.end('ok')))
  const get = (environment: Record<string, string>, url: string, limits = patient) =>
    nodeHttp(environment).send({ method: 'GET', url, headers: [], body: [], limits })

  it('to somebody nobody vouches for is Unreachable', async () => {
    const refused = await get({}, `https://localhost:${await secure()}/`)
    expect(refused._unsafeUnwrapErr()).toMatchObject({
      _tag: 'Unreachable',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
  })

  it.each(['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'])(
    'trusts the certificates that %s names',
    async (name) => {
      const answer = (
        await get({ [name]: file }, `https://localhost:${await secure()}/`)
      )._unsafeUnwrap()
      expect(text((await drink(answer.body)).pieces)).toBe('ok')
    },
  )

  it('keeps its connections too', async () => {
    const connections = new Set<number | undefined>()
    const server = https.createServer({ ...trusted }, (message, response) => {
      connections.add(message.socket.remotePort)
      response.end('ok')
    })
    const url = `https://localhost:${await listening(server)}/`
    const http = nodeHttp({ SSL_CERT_FILE: file })
    for (let n = 0; n < 3; n += 1) {
      const request = { method: 'GET', url, headers: [], body: [], limits: patient }
      await drink((await http.send(request))._unsafeUnwrap().body)
    }
    expect(connections.size).toBe(1)
  })

  it('says which file of certificates cannot be read', async () => {
    const refused = await get(
      { SSL_CERT_FILE: '/nowhere.pem' },
      `https://localhost:${await secure()}/`,
    )
    expect(refused._unsafeUnwrapErr()).toMatchObject({ _tag: 'Unreachable', code: 'ENOENT' })
  })

  it('that never gets going times out as a connection', async () => {
    const port = await listening(net.createServer())
    const late = await get({}, `https://localhost:${port}/`, { ...patient, connectMax: 30 })
    expect(late._unsafeUnwrapErr()).toEqual({
      _tag: 'TimedOut',
      host: `localhost:${port}`,
      phase: 'connect',
    })
  })
})

describe('a proxy', () => {
  /** A proxy that leads every name to the one port. */
  const tunnel = (to: number, asked: Array<string>, status = '200 OK') =>
    listening(
      net.createServer((socket) => {
        socket.once('data', (piece) => {
          asked.push(String(piece).split(' ')[1] ?? '')
          socket.write(`HTTP/1.1 ${status}\r\n\r\n`)
          if (!status.startsWith('200')) return socket.end()
          const onward = net.connect(to, '127.0.0.1').on('error', () => undefined)
          return socket.pipe(onward).pipe(socket)
        })
      }),
    )
  const get = (environment: Record<string, string>, url: string) =>
    nodeHttp(environment).send({ method: 'GET', url, headers: [], body: [], limits: patient })

  it('is asked for a connection, over which the request goes', async () => {
    const asked: Array<string> = []
    const server = raw((socket) => socket.write(fine))
    const proxy = await tunnel(await server.port, asked)
    const answer = (
      await get({ HTTP_PROXY: `127.0.0.1:${proxy}` }, 'http://example.test/')
    )._unsafeUnwrap()
    expect(text((await drink(answer.body)).pieces)).toBe('ok')
    expect(asked).toEqual(['example.test:80'])
  })

  it('carries TLS to the other end, checked by name', async () => {
    const asked: Array<string> = []
    const certificate = certificateFor('example.test')
    const server = https.createServer({ ...certificate }, (_, response) => void response.end('ok'))
    const proxy = await tunnel(await listening(server), asked)
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tls-'))
    writeFileSync(`${folder}/root.pem`, certificate.cert)
    const environment = {
      https_proxy: `http://127.0.0.1:${proxy}`,
      SSL_CERT_FILE: `${folder}/root.pem`,
    }
    const answer = (await get(environment, 'https://example.test/'))._unsafeUnwrap()
    expect(text((await drink(answer.body)).pieces)).toBe('ok')
    const other = await get(environment, 'https://other.test/')
    expect(other._unsafeUnwrapErr()).toMatchObject({
      _tag: 'Unreachable',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    expect(asked).toEqual(['example.test:443', 'other.test:443'])
    rmSync(folder, { recursive: true })
  })

  it('that refuses makes the host Unreachable, whatever it says', async () => {
    const proxy = await tunnel(1, [], '407 Proxy Authentication Required')
    const refused = await get({ HTTPS_PROXY: `http://127.0.0.1:${proxy}` }, 'https://example.test/')
    expect(refused._unsafeUnwrapErr()).toEqual({
      _tag: 'Unreachable',
      host: 'example.test',
      code: 'PROXY_407',
    })
  })

  it.each([
    { name: 'is not there', proxy: 'http://127.0.0.1:1', code: 'ECONNREFUSED' },
    { name: 'is no URL', proxy: 'http://[', code: 'ERR_INVALID_URL' },
  ])('that $name makes the host Unreachable', async ({ proxy, code }) => {
    const refused = await get({ HTTPS_PROXY: proxy }, 'https://example.test/')
    expect(refused._unsafeUnwrapErr()).toEqual({ _tag: 'Unreachable', host: 'example.test', code })
  })

  it('is not asked for a loopback address', async () => {
    const server = raw((socket) => socket.write(fine))
    const environment = { HTTP_PROXY: 'http://127.0.0.1:1', ALL_PROXY: 'http://127.0.0.1:1' }
    expect((await get(environment, `http://127.0.0.1:${await server.port}/`)).isOk()).toBe(true)
  })
})
