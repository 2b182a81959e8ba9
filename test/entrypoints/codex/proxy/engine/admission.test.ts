import * as O from 'fp-ts/Option'
import { memoryClock } from '../../../../../adapters/memory/clock'
import type { CredentialsStore } from '../../../../../core/official/configuration'
import type { Headers } from '../../../../../core/request/headers'
import { second } from '../../../../../core/time'
import { bearer, discovery, model, openProxy } from '../../../../support/proxy'
import { authFile, layout, makeWorld, personOf, type World } from '../../../../support/world'

type Login = 'login of ada' | 'no login' | 'API key' | 'damaged'

const giveLogin = (world: World, login: Login): void => {
  if (login === 'login of ada') world.write(layout.authFile, authFile(personOf(world, 'ada')))
  if (login === 'API key') world.write(layout.authFile, '{"OPENAI_API_KEY":"sk-1"}')
  if (login === 'damaged') world.write(layout.authFile, '{"tokens":')
}

const sockets = { ours: O.some(true), others: O.some(false), unknown: O.none }

describe('who is let in', () => {
  it.each<{ login: Login; shows: string; socket: keyof typeof sockets; status: number }>([
    { login: 'login of ada', shows: 'its bearer', socket: 'others', status: 200 },
    { login: 'login of ada', shows: 'its bearer', socket: 'unknown', status: 200 },
    { login: 'login of ada', shows: 'another bearer', socket: 'ours', status: 403 },
    { login: 'login of ada', shows: 'its refresh token', socket: 'ours', status: 403 },
    { login: 'login of ada', shows: 'an empty bearer', socket: 'ours', status: 403 },
    { login: 'login of ada', shows: 'nothing', socket: 'ours', status: 200 },
    { login: 'login of ada', shows: 'nothing', socket: 'others', status: 403 },
    { login: 'login of ada', shows: 'nothing', socket: 'unknown', status: 403 },
    { login: 'login of ada', shows: 'a password', socket: 'ours', status: 200 },
    { login: 'login of ada', shows: 'a password', socket: 'others', status: 403 },
    { login: 'no login', shows: 'another bearer', socket: 'ours', status: 200 },
    { login: 'no login', shows: 'another bearer', socket: 'others', status: 403 },
    { login: 'no login', shows: 'another bearer', socket: 'unknown', status: 403 },
    { login: 'no login', shows: 'nothing', socket: 'ours', status: 200 },
    { login: 'no login', shows: 'nothing', socket: 'unknown', status: 403 },
    { login: 'API key', shows: 'another bearer', socket: 'ours', status: 200 },
    { login: 'API key', shows: 'another bearer', socket: 'others', status: 403 },
    { login: 'damaged', shows: 'another bearer', socket: 'ours', status: 200 },
    { login: 'damaged', shows: 'another bearer', socket: 'unknown', status: 403 },
  ])('$login, $shows, socket $socket: $status', async ({ login, shows, socket, status }) => {
    const world = await makeWorld()
    giveLogin(world, login)
    const { tokens } = personOf(world, 'ada')
    const headers: Readonly<Record<string, Headers>> = {
      'its bearer': [bearer(tokens.accessToken)],
      'another bearer': [bearer('eyJ.of.another')],
      'its refresh token': [bearer(tokens.refreshToken)],
      'an empty bearer': [bearer('')],
      'a password': [['authorization', 'Basic YTpi']],
      nothing: [],
    }
    const proxy = await openProxy(world, { isOurs: sockets[socket] })
    const shown = headers[shows] ?? []
    expect((await proxy.ask(discovery(shown))).status).toBe(status)
    const answer = await proxy.ask(model(shown))
    expect(answer.status).toBe(status)
    expect(world.upstream.journal.requestsOf()).toHaveLength(status === 200 ? 1 : 0)
    if (status === 403) expect(world.upstream.journal.calls()).toEqual([])
  })

  it.each<{ store: CredentialsStore; socket: keyof typeof sockets; status: number }>([
    { store: 'keyring', socket: 'ours', status: 200 },
    { store: 'keyring', socket: 'others', status: 403 },
    { store: 'keyring', socket: 'unknown', status: 403 },
    { store: 'auto', socket: 'ours', status: 200 },
    { store: 'auto', socket: 'unknown', status: 403 },
    { store: 'ephemeral', socket: 'ours', status: 200 },
    { store: 'file', socket: 'ours', status: 403 },
  ])(
    'by its socket ($socket) with the sign-in in $store, though another is in the file: $status',
    async ({ store, socket, status }) => {
      const world = await makeWorld()
      giveLogin(world, 'login of ada')
      const proxy = await openProxy(world, { store, isOurs: sockets[socket] })
      expect((await proxy.ask(discovery([bearer('eyJ.of.another')]))).status).toBe(status)
    },
  )

  it.each([
    { name: 'host', value: 'evil.test:20000', status: 403 },
    { name: 'host', value: '127.0.0.1.evil.test:20000', status: 403 },
    { name: 'host', value: '127.0.0.1', status: 403 },
    { name: 'host', value: '127.0.0.1:80@evil.test:1', status: 403 },
    { name: 'host', value: '', status: 403 },
    { name: 'host', value: 'localhost:20000', status: 200 },
    { name: 'origin', value: 'https://chatgpt.com', status: 403 },
    { name: 'origin', value: 'http://127.0.0.1:20000', status: 403 },
    { name: 'origin', value: 'null', status: 403 },
    { name: 'origin', value: '', status: 403 },
  ])(
    '$name: $value is answered $status, with the right bearer',
    async ({ name, value, status }) => {
      const world = await makeWorld()
      giveLogin(world, 'login of ada')
      const { tokens } = personOf(world, 'ada')
      const proxy = await openProxy(world)
      const headers: Headers = [bearer(tokens.accessToken), [name, value]]
      const foreign: Headers = [[name, value]]
      expect((await proxy.ask(discovery(headers))).status).toBe(status)
      if (status === 200) return
      const body = JSON.stringify({
        refresh_token: tokens.refreshToken,
        token: tokens.refreshToken,
      })
      for (const path of ['/oauth/token', '/oauth/revoke']) {
        const answer = await proxy.ask({ method: 'POST', path, headers: foreign, body })
        expect(answer.status).toBe(403)
      }
      expect((await proxy.ask({ path: '/nowhere', headers: foreign })).status).toBe(403)
      expect(world.upstream.journal.calls()).toEqual([])
    },
  )
})

describe('the login it is measured by', () => {
  const reads = (world: World): number =>
    world.time.log.filter(({ label }) => label === `files.read ${layout.authFile}`).length

  it('is read as the proxy opens, once for a bearer that is not known, and not for one that is', async () => {
    const world = await makeWorld()
    giveLogin(world, 'login of ada')
    const proxy = await openProxy(world)
    proxy.running.warm()
    const time = memoryClock(world.time.process('time'))
    await world.time.run(() => time.sleep(second))
    expect(reads(world)).toBe(1)
    // With it all that a first request asks about.
    expect(world.time.log.map(({ label }) => label)).toContain(`files.read ${layout.pool}`)
    const known = discovery([bearer(personOf(world, 'ada').tokens.accessToken)])
    for (const _ of [1, 2, 3]) expect((await proxy.ask(known)).status).toBe(200)
    expect(reads(world)).toBe(1)
    expect((await proxy.ask(discovery([bearer('another')]))).status).toBe(403)
    expect(reads(world)).toBe(2)
  })

  it('may change while we run: the new bearer is known, and so is the one a CLI that runs has read', async () => {
    const world = await makeWorld()
    giveLogin(world, 'login of ada')
    const proxy = await openProxy(world, { isOurs: O.some(false) })
    const [ada, grace] = [personOf(world, 'ada'), personOf(world, 'grace')]
    expect((await proxy.ask(discovery([bearer(ada.tokens.accessToken)]))).status).toBe(200)
    world.write(layout.authFile, authFile(grace))
    expect((await proxy.ask(discovery([bearer(grace.tokens.accessToken)]))).status).toBe(200)
    expect((await proxy.ask(discovery([bearer(ada.tokens.accessToken)]))).status).toBe(200)
    expect((await proxy.ask(discovery([bearer('another')]))).status).toBe(403)
  })

  it('may end while we run: a CLI that runs goes on', async () => {
    const world = await makeWorld()
    giveLogin(world, 'login of ada')
    const proxy = await openProxy(world, { isOurs: O.some(false) })
    const known = discovery([bearer(personOf(world, 'ada').tokens.accessToken)])
    expect((await proxy.ask(known)).status).toBe(200)
    world.disk.unlink(layout.authFile, world.time.now())
    expect((await proxy.ask(discovery([bearer('another')]))).status).toBe(403)
    expect((await proxy.ask(known)).status).toBe(200)
  })

  it('may be a token that we handed out', async () => {
    const world = await makeWorld()
    const ada = personOf(world, 'ada')
    giveLogin(world, 'login of ada')
    const proxy = await openProxy(world, { isOurs: O.none })
    const renewed = await proxy.ask({
      ...{ method: 'POST', path: '/oauth/token' },
      body: JSON.stringify({ refresh_token: ada.tokens.refreshToken }),
    })
    const { access_token: token } = JSON.parse(renewed.text)
    expect(token).not.toBe(ada.tokens.accessToken)
    expect((await proxy.ask(discovery([bearer(token)]))).status).toBe(200)
    expect((await proxy.ask(discovery([bearer(`${token}x`)]))).status).toBe(403)
  })
})
