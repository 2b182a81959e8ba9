import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type { Clock } from '../../ports/clock'
import type { Http } from '../../ports/http'
import type { HttpServer, Reply, ServerRequest } from '../../ports/http-server'
import { ask, bytes, drink, listenOn, replying, tap, text } from '../support/http'

export interface HttpServerUnderTest {
  readonly server: HttpServer
  readonly http: Http
  readonly clock: Clock
}

const at = (port: number) => ({ host: '127.0.0.1' as const, port })

export const httpServerContract = (name: string, make: () => HttpServerUnderTest): void => {
  describe(`${name}: a listener`, () => {
    it('takes any free port for 0, and its port for itself alone', async () => {
      const { server, http } = make()
      const answer = replying(200, [], bytes(''))
      const [one, two] = [await listenOn(server, answer), await listenOn(server, answer)]
      expect(one.port).not.toBe(two.port)
      const taken = await server.listen(at(one.port), answer)
      expect(taken._unsafeUnwrapErr()).toEqual({ _tag: 'PortTaken', port: one.port })
      expect((await ask(http, two.port)).isOk()).toBe(true)
      await one.close()
      await two.close()
    })

    it('frees its port when it closes', async () => {
      const { server } = make()
      const first = await listenOn(server, replying(200, [], bytes('')))
      await first.close()
      const second = await server.listen(at(first.port), replying(200, [], bytes('')))
      expect(second._unsafeUnwrap().port).toBe(first.port)
      await second._unsafeUnwrap().close()
    })

    it('ends open connections when it closes, and cancels their bodies', async () => {
      const { server, http } = make()
      const source = tap()
      const { port, close } = await listenOn(server, replying(200, [], source))
      source.give('one')
      const { body } = (await ask(http, port))._unsafeUnwrap()
      ;(await body.next())._unsafeUnwrap()
      await close()
      expect((await drink(body)).error).toMatchObject({ _tag: 'Broken' })
      expect(source.isCancelled()).toBe(true)
    })
  })

  describe(`${name}: a reply`, () => {
    it('of whole bytes says its length', async () => {
      const { server, http } = make()
      const { port, close } = await listenOn(
        server,
        replying(200, [['x-a', '1']], bytes('seven b')),
      )
      const answer = (await ask(http, port))._unsafeUnwrap()
      expect(answer.headers).toContainEqual(['content-length', '7'])
      expect(text((await drink(answer.body)).pieces)).toBe('seven b')
      await close()
    })

    it('sends its head before there is a piece, and each piece before the next', async () => {
      const { server, http } = make()
      const source = tap()
      const { port, close } = await listenOn(server, replying(200, [], source))
      const { body } = (await ask(http, port))._unsafeUnwrap()
      for (const piece of ['one', 'two', 'three']) {
        const next = body.next()
        source.give(piece)
        const came = (await next)._unsafeUnwrap()
        expect(O.isSome(came) && text([came.value])).toBe(piece)
      }
      source.end()
      expect((await body.next())._unsafeUnwrap()).toEqual(O.none)
      await close()
    })

    it('that is cut arrives up to there, its head too where that is all', async () => {
      const { server, http } = make()
      for (const said of ['', 'one', 'x'.repeat(100_000)]) {
        const source = tap()
        if (said !== '') source.give(said)
        source.cut()
        const { port, close } = await listenOn(server, replying(200, [], source))
        const { body, status } = (await ask(http, port))._unsafeUnwrap()
        const { error, pieces } = await drink(body)
        expect([status, text(pieces), error?._tag]).toEqual([200, said, 'Broken'])
        await close()
      }
    })

    it('does not ask its body for more than the client takes', async () => {
      const { server, http, clock } = make()
      const source = tap()
      const count = 2_000
      for (let n = 0; n < count; n += 1) source.give('x'.repeat(16_384))
      source.end()
      const { port, close } = await listenOn(server, replying(200, [], source))
      const { body } = (await ask(http, port))._unsafeUnwrap()
      await clock.sleep(60)
      expect(source.asked()).toBeLessThan(count)
      const { pieces, error } = await drink(body)
      expect(error).toBeUndefined()
      expect(text(pieces)).toHaveLength(count * 16_384)
      await close()
    })

    it('that is a Reset is no answer', async () => {
      const { server, http } = make()
      const { port, close } = await listenOn(server, () => okAsync({ _tag: 'Reset' }))
      expect((await ask(http, port))._unsafeUnwrapErr()).toMatchObject({ _tag: 'Broken' })
      await close()
    })
  })

  requests(name, make)
}

/** Answers with what it read, or with the name of why it could not. */
const reading =
  (bytesMax: number) =>
  (request: ServerRequest): ResultAsync<Reply, never> =>
    ResultAsync.fromSafePromise(request.read(bytesMax).match(text, (error) => error._tag)).andThen(
      (words) => replying(200, [], bytes(words))(),
    )

const requests = (name: string, make: () => HttpServerUnderTest): void => {
  describe(`${name}: a request`, () => {
    it.each([
      { name: 'as long as allowed', body: ['12345', '67890'], expected: '1234567890' },
      { name: 'one byte longer', body: ['12345', '67890', '1'], expected: 'TooLarge' },
      { name: 'empty', body: [], expected: '' },
    ])('reads a body that is $name, and the next one too', async ({ body, expected }) => {
      const { server, http } = make()
      const { port, close } = await listenOn(server, reading(10))
      for (const sent of [body, body]) {
        const answer = await ask(http, port, { method: 'POST', body: sent.map(bytes) })
        expect(text((await drink(answer._unsafeUnwrap().body)).pieces)).toBe(expected)
      }
      await close()
    })

    it('knows when its client has gone, and its body is cancelled', async () => {
      const { server, http, clock } = make()
      const source = tap()
      const leaving: Array<AbortSignal> = []
      const { port, close } = await listenOn(server, (request) => {
        leaving.push(request.gone)
        return replying(200, [], source)()
      })
      source.give('one')
      const { body } = (await ask(http, port))._unsafeUnwrap()
      ;(await body.next())._unsafeUnwrap()
      expect(leaving.map((gone) => gone.aborted)).toEqual([false])
      body.cancel()
      await clock.sleep(5_000, { signal: leaving[0] as AbortSignal })
      expect(leaving.map((gone) => gone.aborted)).toEqual([true])
      expect(source.isCancelled()).toBe(true)
      await close()
    })

    it('is not left by a client that got its whole answer', async () => {
      const { server, http, clock } = make()
      const leaving: Array<AbortSignal> = []
      const { port, close } = await listenOn(server, (request) => {
        leaving.push(request.gone)
        return replying(200, [], bytes('all'))()
      })
      await drink((await ask(http, port))._unsafeUnwrap().body)
      await clock.sleep(5)
      await close()
      expect(leaving.map((gone) => gone.aborted)).toEqual([false])
    })

    it('that asks for another protocol is answered in this one', async () => {
      const { server, http } = make()
      const seen: Array<ServerRequest> = []
      const { port, close } = await listenOn(server, (request) => {
        seen.push(request)
        return replying(426, [['x-reason', 'no']], bytes('use http'))()
      })
      const headers = [
        ['connection', 'upgrade'],
        ['upgrade', 'websocket'],
      ] as const
      for (let n = 0; n < 2; n += 1) {
        const answer = (await ask(http, port, { headers }))._unsafeUnwrap()
        expect(answer.status).toBe(426)
        expect(answer.headers).toContainEqual(['x-reason', 'no'])
        expect(text((await drink(answer.body)).pieces)).toBe('use http')
      }
      expect(seen.map(({ isUpgrade }) => isUpgrade)).toEqual([true, true])
      await close()
    })

    it('comes from a socket of ours, where that can be told', async () => {
      const { server, http } = make()
      const told: Array<O.Option<boolean>> = []
      const { port, close } = await listenOn(server, (request) =>
        request.peerIsOurs().andThen((isOurs) => {
          told.push(isOurs)
          return replying(200, [], bytes(''))()
        }),
      )
      ;(await ask(http, port))._unsafeUnwrap()
      ;(await ask(http, port))._unsafeUnwrap()
      const sure = O.some(true)
      expect([
        [sure, sure],
        [O.none, O.none],
      ]).toContainEqual(told)
      await close()
    })
  })
}
