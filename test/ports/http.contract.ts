import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type { Headers } from '../../core/request/headers'
import type { Clock } from '../../ports/clock'
import type { Http } from '../../ports/http'
import type { HttpServer, Reply, ServerRequest } from '../../ports/http-server'
import { ask, bytes, drink, listenOn, patient, replying, tap, text } from '../support/http'

export interface HttpUnderTest {
  readonly http: Http
  readonly server: HttpServer
  readonly clock: Clock
}

const isOurs = ([name]: readonly [string, string]): boolean => name.startsWith('x-')

export const httpContract = (name: string, make: () => HttpUnderTest): void => {
  describe(`${name}: an exchange`, () => {
    it('gives pieces that joined are what was sent, both ways', async () => {
      const { http, server } = make()
      const echo = (request: ServerRequest): ResultAsync<Reply, never> =>
        request
          .read(1_000_000)
          .map((pieces): Reply => ({
            _tag: 'Reply',
            status: 200,
            headers: [],
            body: bytes(text(pieces)),
          }))
          .orElse(() => okAsync<Reply, never>({ _tag: 'Reset' }))
      const { port, close } = await listenOn(server, echo)
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.string({ maxLength: 2_000 }), { maxLength: 8 }),
          async (sent) => {
            const answer = await ask(http, port, { method: 'POST', body: sent.map(bytes) })
            const { pieces, error } = await drink(answer._unsafeUnwrap().body)
            expect(error).toBeUndefined()
            expect(text(pieces)).toBe(sent.join(''))
          },
        ),
        { numRuns: 40 },
      )
      await close()
    })

    it('carries method, target and headers as given: order, repeats and values kept', async () => {
      const { http, server } = make()
      const seen: Array<ServerRequest> = []
      const { port, close } = await listenOn(server, (request) => {
        seen.push(request)
        return replying(
          200,
          [
            ['x-one', '1'],
            ['x-two', '2'],
            ['x-one', '3'],
          ],
          bytes(''),
        )()
      })
      const headers: Headers = [
        ['x-b', '1'],
        ['x-a', 'ü~'],
        ['x-b', '2'],
      ]
      const answer = await ask(http, port, { method: 'PUT', path: '/a%2Fb?q=1&q=2', headers })
      const expected = [
        ['x-one', '1'],
        ['x-two', '2'],
        ['x-one', '3'],
      ]
      expect(answer._unsafeUnwrap().headers.filter(isOurs)).toEqual(expected)
      expect(seen[0]).toMatchObject({ method: 'PUT', target: '/a%2Fb?q=1&q=2', isUpgrade: false })
      expect(seen[0]?.headers.filter(isOurs)).toEqual(headers)
      await close()
    })

    it('says the host and the true length, and no encoding beside it', async () => {
      const { http, server } = make()
      const seen: Array<Headers> = []
      const { port, close } = await listenOn(server, (request) => {
        seen.push(request.headers)
        return request
          .read(100)
          .andThen(replying(204, [], bytes('')))
          .orElse(replying(400, [], bytes('')))
      })
      const lies: Headers = [
        ['transfer-encoding', 'chunked'],
        ['content-length', '999'],
      ]
      for (const [headers, body] of [
        [[], ['ab', 'cde']],
        [lies, ['ab', 'cde']],
        [[], []],
      ] as const) {
        ;(await ask(http, port, { method: 'POST', headers, body: body.map(bytes) }))._unsafeUnwrap()
      }
      const told = seen.map((headers) =>
        headers.filter(([key]) => ['host', 'content-length', 'transfer-encoding'].includes(key)),
      )
      const host = ['host', `127.0.0.1:${port}`]
      expect(told).toEqual([
        [host, ['content-length', '5']],
        [host, ['content-length', '5']],
        [host, ['content-length', '0']],
      ])
      await close()
    })

    it.each([204, 301, 304, 404, 429, 500, 503])(
      'gives a %i as an answer like any other',
      async (status) => {
        const { http, server } = make()
        const headers: Headers = [
          ['location', 'http://127.0.0.1:1/'],
          ['retry-after', '1'],
        ]
        const { port, close } = await listenOn(server, replying(status, headers, bytes('')))
        const answer = (await ask(http, port))._unsafeUnwrap()
        expect(answer.status).toBe(status)
        expect((await drink(answer.body)).pieces).toEqual([])
        await close()
      },
    )

    it('says that a body has ended as often as it is asked', async () => {
      const { http, server } = make()
      const { port, close } = await listenOn(server, replying(200, [], bytes('all')))
      const { body } = (await ask(http, port))._unsafeUnwrap()
      await drink(body)
      body.cancel()
      expect((await body.next())._unsafeUnwrap()).toEqual(O.none)
      await close()
    })

    it('carries many at once', async () => {
      const { http, server } = make()
      const { port, close } = await listenOn(server, (request) =>
        replying(200, [], bytes(request.target))(),
      )
      const paths = Array.from({ length: 50 }, (_, n) => `/${n}`)
      const answers = await Promise.all(
        paths.map(async (path) =>
          text((await drink((await ask(http, port, { path }))._unsafeUnwrap().body)).pieces),
        ),
      )
      expect(answers).toEqual(paths)
      await close()
    })
  })

  failures(name, make)
  cancelling(name, make)
}

const failures = (name: string, make: () => HttpUnderTest): void => {
  describe(`${name}: what goes wrong`, () => {
    it('is Unreachable where nobody listens', async () => {
      const { http, server } = make()
      const { port, close } = await listenOn(server, replying(200, [], bytes('')))
      await close()
      const refused = await ask(http, port)
      const host = `127.0.0.1:${port}`
      expect(refused._unsafeUnwrapErr()).toEqual({
        _tag: 'Unreachable',
        host,
        code: 'ECONNREFUSED',
      })
    })

    it('is Unreachable where the URL leads nowhere', async () => {
      const { http } = make()
      const refused = await http.send({
        method: 'GET',
        url: 'nowhere',
        headers: [],
        body: [],
        limits: patient,
      })
      expect(refused._unsafeUnwrapErr()).toMatchObject({
        _tag: 'Unreachable',
        code: 'ERR_INVALID_URL',
      })
    })

    it('is Broken when the connection ends before an answer', async () => {
      const { http, server } = make()
      const { port, close } = await listenOn(server, () => okAsync({ _tag: 'Reset' }))
      const broken = await ask(http, port, { method: 'POST', body: [bytes('spent')] })
      const host = `127.0.0.1:${port}`
      expect(broken._unsafeUnwrapErr()).toEqual({ _tag: 'Broken', host, code: 'ECONNRESET' })
      await close()
    })

    it.each([
      { name: 'of unknown length', headers: [] },
      { name: 'of known length', headers: [['content-length', '1000']] },
    ] satisfies ReadonlyArray<{ name: string; headers: Headers }>)(
      'ends a cut body $name in Broken, after what came, and stays so',
      async ({ headers }) => {
        const { http, server } = make()
        const source = tap()
        const { port, close } = await listenOn(server, replying(200, headers, source))
        const answer = ask(http, port)
        source.give('part')
        const { body } = (await answer)._unsafeUnwrap()
        const first = (await body.next())._unsafeUnwrap()
        expect(O.isSome(first) && text([first.value])).toBe('part')
        source.cut()
        const { pieces, error } = await drink(body)
        expect(pieces).toEqual([])
        expect(error).toMatchObject({ _tag: 'Broken', code: 'ECONNRESET' })
        expect((await body.next())._unsafeUnwrapErr()).toEqual(error)
        await close()
      },
    )

    it('times out when no answer begins, and lets go of the request', async () => {
      const { http, server } = make()
      const gone: Array<AbortSignal> = []
      const { port, close } = await listenOn(server, (request) => {
        gone.push(request.gone)
        return new ResultAsync(new Promise(() => undefined))
      })
      const late = await ask(http, port, { limits: { ...patient, firstByteMax: 30 } })
      const host = `127.0.0.1:${port}`
      expect(late._unsafeUnwrapErr()).toEqual({ _tag: 'TimedOut', host, phase: 'first-byte' })
      await close()
      expect(gone.map((signal) => signal.aborted)).toEqual([true])
    })

    it('times out when the next piece does not come, but not while nobody asks for it', async () => {
      const { http, server, clock } = make()
      const source = tap()
      const { port, close } = await listenOn(server, replying(200, [], source))
      const answer = ask(http, port, { limits: { ...patient, stallMax: 30 } })
      source.give('one')
      const { body } = (await answer)._unsafeUnwrap()
      await clock.sleep(45)
      expect(O.isSome((await body.next())._unsafeUnwrap())).toBe(true)
      await clock.sleep(45)
      const host = `127.0.0.1:${port}`
      const stalled = { _tag: 'TimedOut', host, phase: 'stall' }
      expect((await body.next())._unsafeUnwrapErr()).toEqual(stalled)
      expect((await body.next())._unsafeUnwrapErr()).toEqual(stalled)
      await close()
    })
  })
}

const cancelling = (name: string, make: () => HttpUnderTest): void => {
  describe(`${name}: cancelling`, () => {
    it('before, while waiting for an answer, and in the body ends in Cancelled', async () => {
      const { http, server } = make()
      const source = tap()
      const { port, close } = await listenOn(server, (request) =>
        request.target === '/never'
          ? new ResultAsync(new Promise(() => undefined))
          : replying(200, [], source)(),
      )
      const cancelled = { _tag: 'Cancelled' }
      const before = await ask(http, port, { signal: AbortSignal.abort() })
      expect(before._unsafeUnwrapErr()).toEqual(cancelled)

      const waiting = new AbortController()
      const never = ask(http, port, { path: '/never', signal: waiting.signal })
      waiting.abort()
      expect((await never)._unsafeUnwrapErr()).toEqual(cancelled)

      const reading = new AbortController()
      source.give('one')
      const { body } = (await ask(http, port, { signal: reading.signal }))._unsafeUnwrap()
      expect((await body.next()).isOk()).toBe(true)
      const next = body.next()
      source.give('too late')
      reading.abort()
      expect((await next)._unsafeUnwrapErr()).toEqual(cancelled)
      expect((await body.next())._unsafeUnwrapErr()).toEqual(cancelled)
      await close()
    })

    it('a body lets go of what is left, as often as it is told to', async () => {
      const { http, server } = make()
      const source = tap()
      const { port, close } = await listenOn(server, replying(200, [], source))
      source.give('one')
      const { body } = (await ask(http, port))._unsafeUnwrap()
      ;(await body.next())._unsafeUnwrap()
      const pending = body.next()
      body.cancel()
      body.cancel()
      expect((await pending)._unsafeUnwrapErr()).toEqual({ _tag: 'Cancelled' })
      expect((await body.next())._unsafeUnwrapErr()).toEqual({ _tag: 'Cancelled' })
      await close()
      expect(source.isCancelled()).toBe(true)
    })

    it('after the end changes nothing', async () => {
      const { http, server } = make()
      const { port, close } = await listenOn(server, replying(200, [], bytes('all')))
      const late = new AbortController()
      const { body } = (await ask(http, port, { signal: late.signal }))._unsafeUnwrap()
      expect(text((await drink(body)).pieces)).toBe('all')
      late.abort()
      expect((await body.next())._unsafeUnwrap()).toEqual(O.none)
      await close()
    })
  })
}
