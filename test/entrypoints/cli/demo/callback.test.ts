import { okAsync } from 'neverthrow'
import { memoryHttp } from '../../../../adapters/memory/http'
import { memoryHttpServer } from '../../../../adapters/memory/http-server'
import { memoryNetwork } from '../../../../adapters/memory/network'
import { scheduler } from '../../../../adapters/memory/scheduler'
import * as Authorization from '../../../../core/auth/authorization'
import { openCallback } from '../../../../entrypoints/cli/demo/callback'
import type { HttpServer } from '../../../../ports/http-server'

/** Listens on the port that the issuer knows, and notes what it is asked. */
const listenOn = async (server: HttpServer, told: Array<string>, name: string) =>
  (
    await server.listen({ host: '127.0.0.1', port: Authorization.ports[0] }, ({ target }) => {
      told.push(`${name} ${target}`)
      return okAsync({ _tag: 'Reply', status: 200, headers: [], body: new Uint8Array() })
    })
  )._unsafeUnwrap()

it('brings each browser back to its own sign-in, and leaves that of the person alone', async () => {
  const time = scheduler(7)
  const network = memoryNetwork(time)
  const portsIn = (name: string) => {
    const process = time.process(name)
    return { http: memoryHttp(process, network), server: memoryHttpServer(process, network) }
  }
  const told: Array<string> = []
  const callbacks = ['one', 'two'].map((name) => ({ name, ...openCallback(portsIn(name)) }))
  const address = `http://localhost:${Authorization.ports[0]}/auth/callback`
  await time.run(async () => {
    await listenOn(portsIn('person').server, told, 'person')
    for (const { name, server } of callbacks) {
      const { port } = await listenOn(server, told, name)
      // As the address that the issuer sends the browser to says it.
      expect(port).toBe(Authorization.ports[0])
    }
    for (const { name, browser } of callbacks)
      (await browser.open(`${address}?from=${name}`))._unsafeUnwrap()
  })
  expect(told).toEqual(['one /auth/callback?from=one', 'two /auth/callback?from=two'])
})
