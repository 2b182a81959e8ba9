import { memoryClock } from '../../../adapters/memory/clock'
import { memoryHttp } from '../../../adapters/memory/http'
import { memoryHttpServer } from '../../../adapters/memory/http-server'
import { memoryNetwork, type Scripted } from '../../../adapters/memory/network'
import { scheduler, type Disturb } from '../../../adapters/memory/scheduler'
import { ask, bytes, drink, listenOn, patient, replying, tap, text } from '../../support/http'

const make = (disturb?: Disturb) => {
  const world = scheduler(1, { startsAt: 0, ...(disturb === undefined ? {} : { disturb }) })
  const network = memoryNetwork(world)
  const client = world.process('client')
  const http = memoryHttp(client, network)
  const get = (url: string, signal?: AbortSignal) =>
    http.send({
      method: 'GET',
      url,
      headers: [],
      body: [],
      limits: patient,
      ...(signal && { signal }),
    })
  return { world, network, client, http, get }
}

const host = 'chatgpt.com'

describe('a scripted host', () => {
  it.each([
    {
      name: 'refuses',
      scripted: { _tag: 'Unreachable', code: 'ECONNREFUSED' },
      expected: { _tag: 'Unreachable', host, code: 'ECONNREFUSED' },
      at: 0,
    },
    {
      name: 'resets',
      scripted: { _tag: 'Reset' },
      expected: { _tag: 'Broken', host, code: 'ECONNRESET' },
      at: 0,
    },
    {
      name: 'never lets itself be connected',
      scripted: { _tag: 'Silent', phase: 'connect' },
      expected: { _tag: 'TimedOut', host, phase: 'connect' },
      at: 5_000,
    },
    {
      name: 'never answers',
      scripted: { _tag: 'Silent', phase: 'first-byte' },
      expected: { _tag: 'TimedOut', host, phase: 'first-byte' },
      at: 5_000,
    },
  ] as ReadonlyArray<{ name: string; scripted: Scripted; expected: unknown; at: number }>)(
    'that $name',
    async ({ scripted, expected, at }) => {
      const { network, get, world } = make()
      network.serve('https://chatgpt.com', () => scripted)
      expect((await get('https://chatgpt.com/a'))._unsafeUnwrapErr()).toEqual(expected)
      expect(world.now()).toBe(at)
    },
  )

  it('answers in its own time, and may fall silent or be cut off', async () => {
    const { network, get, world } = make()
    network.serve('https://chatgpt.com', ({ url }) => ({
      _tag: 'Answer',
      status: 200,
      headers: [['x-a', '1']],
      pieces: ['one', bytes('two')],
      firstByteAfter: 100,
      pieceEvery: 10,
      ending: url.endsWith('cut') ? 'Cut' : url.endsWith('silent') ? 'Silent' : 'Complete',
    }))
    const whole = (await get('https://chatgpt.com/whole'))._unsafeUnwrap()
    expect([whole.status, whole.headers, world.now()]).toEqual([200, [['x-a', '1']], 100])
    expect(text((await drink(whole.body)).pieces)).toBe('onetwo')
    expect(world.now()).toBe(120)
    const cut = await drink((await get('https://chatgpt.com/cut'))._unsafeUnwrap().body)
    expect([text(cut.pieces), cut.error]).toEqual([
      'onetwo',
      { _tag: 'Broken', host, code: 'ECONNRESET' },
    ])
    const silent = await drink((await get('https://chatgpt.com/silent'))._unsafeUnwrap().body)
    expect(silent.error).toEqual({ _tag: 'TimedOut', host, phase: 'stall' })
  })

  it('is ENOTFOUND when nobody wrote a script for it, and everything asked is told', async () => {
    const { network, get } = make()
    network.serve('https://chatgpt.com', () => ({ _tag: 'Answer', status: 204 }))
    expect((await get('https://nowhere.test/'))._unsafeUnwrapErr()).toMatchObject({
      code: 'ENOTFOUND',
    })
    expect((await get('https://chatgpt.com/a?b')).isOk()).toBe(true)
    expect(network.exchanges.map(({ request }) => request.url)).toEqual(['https://chatgpt.com/a?b'])
  })
})

describe('an injected failure', () => {
  it.each([
    { at: 'http.connect', expected: 'Unreachable' },
    { at: 'http.answer', expected: 'Broken' },
  ])('at $at is $expected', async ({ at, expected }) => {
    const { network, get } = make(({ label }) =>
      label.startsWith(at) ? { _tag: 'Fail', code: 'ENETDOWN' } : { _tag: 'None' },
    )
    network.serve('https://chatgpt.com', () => ({ _tag: 'Answer', status: 200 }))
    expect((await get('https://chatgpt.com/'))._unsafeUnwrapErr()).toEqual({
      _tag: expected,
      host,
      code: 'ENETDOWN',
    })
  })

  it('in the body is Broken, and stays so', async () => {
    const { network, get } = make(({ label }) =>
      label.startsWith('http.piece') ? { _tag: 'Fail', code: 'ENETDOWN' } : { _tag: 'None' },
    )
    network.serve('https://chatgpt.com', () => ({ _tag: 'Answer', status: 200, pieces: ['a'] }))
    const { body } = (await get('https://chatgpt.com/'))._unsafeUnwrap()
    const broken = { _tag: 'Broken', host, code: 'ENETDOWN' }
    expect((await body.next())._unsafeUnwrapErr()).toEqual(broken)
    expect((await body.next())._unsafeUnwrapErr()).toEqual(broken)
  })
})

describe('the death of', () => {
  it('a server cuts its answers and frees its port', async () => {
    const { world, network, http } = make()
    const server = world.process('server')
    const source = tap()
    const { port } = await listenOn(memoryHttpServer(server, network), replying(200, [], source))
    source.give('one')
    const { body } = (await ask(http, port))._unsafeUnwrap()
    expect((await body.next()).isOk()).toBe(true)
    server.kill()
    expect((await body.next())._unsafeUnwrapErr()).toMatchObject({ _tag: 'Broken' })
    expect((await ask(http, port))._unsafeUnwrapErr()).toMatchObject({ code: 'ECONNREFUSED' })
    const heir = memoryHttpServer(world.process('heir'), network)
    expect((await listenOn(heir, replying(200, [], bytes('')), port)).port).toBe(port)
  })

  it('a client lets go of its answers', async () => {
    const { world, network, http, client } = make()
    const source = tap()
    const { port } = await listenOn(
      memoryHttpServer(world.process('server'), network),
      replying(200, [], source),
    )
    source.give('one')
    const { body } = (await ask(http, port))._unsafeUnwrap()
    expect((await body.next()).isOk()).toBe(true)
    client.kill()
    await memoryClock(world.process('time')).sleep(1)
    expect(source.isCancelled()).toBe(true)
  })
})
