/** What only a raw socket can show: broken requests, half-spoken protocols, old clients. */
import { once } from 'node:events'
import net from 'node:net'
import { nodeHttpServer } from '../../../adapters/node/http-server'
import type { Listener } from '../../../ports/http-server'
import { bytes, listenOn, replying, tap } from '../../support/http'
import { until } from '../../support/until'

const listeners: Array<Listener> = []
afterEach(async () => {
  for (const { close } of listeners.splice(0)) await close()
})

const listen = async (answer: Parameters<typeof listenOn>[1]): Promise<number> => {
  const listener = await listenOn(nodeHttpServer(), answer)
  listeners.push(listener)
  return listener.port
}

const dial = (port: number) => {
  const socket = net.connect(port, '127.0.0.1')
  let received = ''
  let error: string | undefined
  socket.on('data', (piece) => (received += piece.toString('latin1')))
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (error = code))
  return {
    socket,
    received: () => received,
    closed: async () => {
      if (!socket.destroyed) await once(socket, 'close').catch(() => undefined)
      return error
    },
  }
}

it('answers what is no HTTP with 400 and closes', async () => {
  const client = dial(await listen(replying(200, [], bytes(''))))
  client.socket.write('hello there\r\n\r\n')
  await client.closed()
  expect(client.received()).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
})

it('answers a head beyond 32 KiB with 431 and closes', async () => {
  const client = dial(await listen(replying(200, [], bytes(''))))
  client.socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(40_000)}\r\n\r\n`)
  await client.closed()
  expect(client.received()).toMatch(/^HTTP\/1.1 431 /)
})

it('answers an upgrade on the raw socket, piece by piece, and closes', async () => {
  const source = tap()
  const client = dial(await listen(replying(200, [['x-a', '1']], source)))
  client.socket.write(
    'GET /x HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n\x81\x00frames',
  )
  source.give('one')
  expect(await until(async () => client.received().includes('one'))).toBe(true)
  source.give('x'.repeat(1_000_000))
  source.give('two')
  source.end()
  expect(await client.closed()).toBeUndefined()
  expect(client.received()).toMatch(/^HTTP\/1.1 200 OK\r\nx-a: 1\r\n/)
  expect(client.received()).toMatch(/connection: close/i)
  expect(client.received().endsWith('two\r\n0\r\n\r\n')).toBe(true)
})

it('cancels the answer of an upgrade whose client leaves, and ends it when it closes', async () => {
  const [source, other] = [tap(), tap()]
  const bodies = [source, other]
  const port = await listen(() => replying(200, [], bodies.shift() ?? source)())
  const asking = 'GET /x HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n'
  const leaving = dial(port)
  leaving.socket.write(asking)
  source.give('one')
  expect(await until(async () => leaving.received().includes('one'))).toBe(true)
  leaving.socket.end()
  expect(await until(async () => source.isCancelled())).toBe(true)
  const staying = dial(port)
  staying.socket.write(asking)
  other.give('one')
  expect(await until(async () => staying.received().includes('one'))).toBe(true)
  for (const { close } of listeners.splice(0)) await close()
  await staying.closed()
  expect(other.isCancelled()).toBe(true)
})

it('resets an old client whose body was cut: the end of the connection would look like its end', async () => {
  const source = tap()
  const client = dial(await listen(replying(200, [], source)))
  client.socket.write('GET / HTTP/1.0\r\n\r\n')
  source.give('part')
  expect(await until(async () => client.received().includes('part'))).toBe(true)
  source.cut()
  expect(await client.closed()).toBe('ECONNRESET')
})

it('says nothing of an encoding beside a length, and no length where there is no body', async () => {
  const replies = [
    replying(200, [['transfer-encoding', 'chunked']], bytes('ab')),
    replying(204, [], bytes('')),
    replying(304, [], bytes('')),
  ]
  const port = await listen(() => (replies.shift() ?? replying(500, [], bytes('')))())
  const heads: Array<string> = []
  for (let n = 0; n < 3; n += 1) {
    const client = dial(port)
    client.socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    await client.closed()
    heads.push(client.received())
  }
  expect(heads.map((head) => /transfer-encoding/i.test(head))).toEqual([false, false, false])
  expect(heads.map((head) => /content-length: (\d+)/i.exec(head)?.[1])).toEqual([
    '2',
    undefined,
    undefined,
  ])
})

it('goes on with the connection after an upload that was too large', async () => {
  const port = await listen((request) =>
    request
      .read(10)
      .andThen(() => replying(200, [], bytes('read'))())
      .orElse(() => replying(413, [], bytes('too large'))()),
  )
  for (const head of ['content-length: 200000', 'transfer-encoding: chunked']) {
    const client = dial(port)
    const body = head.startsWith('content')
      ? 'x'.repeat(200_000)
      : `${'8\r\nxxxxxxxx\r\n'.repeat(20_000)}0\r\n\r\n`
    client.socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n${body}`)
    client.socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok',
    )
    await client.closed()
    expect(client.received().match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  }
})

it('knows that an upload was broken off', async () => {
  const told: Array<string> = []
  const port = await listen((request) =>
    request
      .read(100)
      .andTee(() => told.push('read'))
      .orTee((error) => told.push(error._tag))
      .andThen(() => replying(200, [], bytes(''))())
      .orElse(() => replying(400, [], bytes(''))()),
  )
  const client = dial(port)
  client.socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\npart')
  await once(client.socket, 'connect')
  client.socket.end()
  expect(await until(async () => told.length > 0)).toBe(true)
  expect(told).toEqual(['Gone'])
})
