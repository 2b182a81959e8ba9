import * as O from 'fp-ts/Option'
import * as PoolFile from '../../../../core/storage/pool-file'
import * as Headers from '../../../../core/request/headers'
import * as RuntimeFile from '../../../../core/storage/runtime-file'
import { hour, second } from '../../../../core/time'
import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { everyone } from '../../../../entrypoints/embed/testing/script'
import { modelBody } from '../../../support/model-request'
import { discovery, model, openProxy, type Asking } from '../../../support/proxy'
import { keyOf, layout, makeWorld, type World } from '../../../support/world'
import { zstd } from '../../embed/testing/zstd'

const thread = (id: string): Headers.Headers => [['thread-id', id]]

const upgrade: Headers.Headers = [
  ['connection', 'Upgrade'],
  ['upgrade', 'websocket'],
  ['sec-websocket-version', '13'],
]

describe('what it answers itself', () => {
  it.each(['chatgpt', 'model'] as const)('discovery, on the %s listener', async (listener) => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    const answer = await proxy.ask({ ...discovery(), listener })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      {
        accounts: [
          {
            id: 'front',
            workspace_backend_origin: 'https://chatgpt.com',
            account_routing_override: 'NO_CONSTRAINT',
          },
        ],
      },
    ])
    const nameless = await proxy.ask({ path: '/backend-api/wham/accounts/check' })
    expect(nameless.status).toBe(400)
    expect(world.upstream.journal.calls()).toEqual([])
  })

  it.each(['chatgpt', 'model'] as const)(
    'an upgrade on the %s listener: 426 for a model request, so that the CLI uses HTTP at once',
    async (listener) => {
      const world = await makeWorld()
      const proxy = await openProxy(world)
      const asking = { path: '/backend-api/codex/responses', headers: upgrade, listener }
      expect((await proxy.ask(asking)).status).toBe(426)
      const other = { path: '/backend-api/wham/usage', headers: upgrade, listener }
      expect((await proxy.ask(other)).status).toBe(404)
      expect(world.upstream.journal.calls()).toEqual([])
    },
  )

  it.each<Asking>([
    { path: '/' },
    { path: '/backend-api' },
    { path: '/v1/responses', method: 'POST' },
    { path: '/oauth/token' },
    { path: '/oauth/authorize' },
    { path: '/backend-api/%2fetc' },
    { path: '/backend-api/codex%5cresponses' },
  ])('$path: 404, for a path that is none of the backend’s', async (asking) => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    const answer = await proxy.ask(asking)
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([404, 'not_found'])
    expect(world.upstream.journal.calls()).toEqual([])
  })

  it('413 for a body beyond any real one', async () => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    const body = new Uint8Array(64 * 1_024 * 1_024 + 1)
    expect((await proxy.ask({ ...model(), body })).status).toBe(413)
    expect(world.upstream.journal.calls()).toEqual([])
  })

  it('a pool that cannot be read: one line that says what to do', async () => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    world.write(layout.pool, 'no pool')
    const { status, text } = await proxy.ask(model())
    expect([status, text]).toEqual([400, expect.stringMatching(/^[^\n]*codex-multi-auth list$/)])
  })
})

describe('what it passes on', () => {
  it('a model request, its body as it came, and the answer as it comes', async () => {
    const world = await makeWorld()
    world.upstream.speak(() => ({ text: 'Hello.' }))
    const proxy = await openProxy(world)
    const headers: Headers.Headers = [
      ['content-type', 'application/json'],
      ['content-encoding', 'zstd'],
      ...thread('one'),
    ]
    const answer = await proxy.ask({ ...model(headers), body: zstd(JSON.stringify(modelBody)) })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('"delta":"Hello."')
    const [request] = world.upstream.journal.requestsOf()
    expect(request?.body).toEqual(modelBody)
    const sent = request?.headers ?? []
    expect(Headers.get('content-encoding')(sent)).toEqual(O.some('zstd'))
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it.each<{ path: string; method?: string; body?: string }>([
    { path: '/backend-api/codex/models?client_version=0.169.0' },
    { path: '/backend-api/wham/usage' },
    { path: '/backend-api/wham/settings/user' },
    { path: '/backend-api/ps/plugins/installed' },
    {
      path: '/backend-api/ps/mcp',
      method: 'POST',
      body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    },
    { path: '/backend-api/codex/analytics-events/events', method: 'POST', body: '{}' },
  ])('$path, with the credentials of an account', async (asking) => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    const { headers, status } = await proxy.ask(asking)
    expect(status).toBe(200)
    expect(headers.map(([name]) => name)).not.toContain('x-models-etag')
    const [path = '', query = ''] = asking.path.split('?')
    expect(world.upstream.journal.callsTo(path)).toMatchObject([
      { account: O.some({ key: keyOf(world, 'ada') }), query },
    ])
    expect(world.upstream.journal.violations()).toEqual([])
  })

  it('requests of no conversation to one account, as long as it runs', async () => {
    const world = await makeWorld()
    world.upstream.setQuota(keyOf(world, 'ada'), { windows: [{ usedPercent: 60 }] })
    const proxy = await openProxy(world)
    const usage = { path: '/backend-api/wham/usage' }
    await proxy.ask(usage)
    for (const id of ['one', 'two', 'three']) await proxy.ask(model(thread(id)))
    await proxy.ask(usage)
    await proxy.ask(usage)
    const [first, ...others] = world.upstream.journal.callsTo(usage.path)
    expect(others.map(({ token }) => token)).toEqual([first?.token, first?.token])
  })

  it('nothing that would send the CLI to renew its own token', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.unauthorized('token_expired'))
    const proxy = await openProxy(world)
    const { status, text } = await proxy.ask(model())
    expect([status, JSON.parse(text).error.type]).toEqual([429, 'usage_limit_reached'])
  })
})

describe('what the person hears', () => {
  const moving = async (kind: 'exec' | 'terminal', environment: Record<string, string> = {}) => {
    const world = await makeWorld()
    const proxy = await openProxy(world, { kind, environment })
    await proxy.ask(model(thread('one')))
    world.upstream.always(keyOf(world, 'ada'), Behaviour.usageLimit(2 * hour))
    await proxy.ask(model(thread('one')))
    await proxy.ask(model(thread('one')))
    const running = proxy.said()
    await proxy.close()
    return { running, afterwards: proxy.said().slice(running.length) }
  }

  it('is one line when another account serves', async () => {
    expect(await moving('exec')).toEqual({
      running: expect.stringMatching(
        /^codex-multi-auth: grace@mail\.test serves now: ada@mail\.test is rate limited \(five-hour\), .*\n$/,
      ),
      afterwards: '',
    })
  })

  it('is kept for the end in the terminal UI', async () => {
    expect(await moving('terminal')).toEqual({
      running: '',
      afterwards: 'codex-multi-auth: the serving account changed once in this session.\n',
    })
  })

  it.each(['exec', 'terminal'] as const)(
    'is nothing in %s when it asks for quiet',
    async (kind) => {
      expect(await moving(kind, { CODEX_MULTI_AUTH_QUIET: '1' })).toEqual({
        ...{ running: '', afterwards: '' },
      })
    },
  )
})

describe('the decision log', () => {
  it('tells who served and why the others did not, without a token or an e-mail', async () => {
    const world = await makeWorld({ stale: ['barbara'] })
    const pool = world.pool()
    // Rows of older tools have no user id: there the e-mail stands in the account's key.
    const accounts = pool.accounts.map((account) => {
      const { userId: _, ...stored } = account.stored
      const user = O.getOrElse(() => '')(account.email)
      const credential = { ...account.credential, id: O.none }
      return { ...account, stored, credential, identity: { ...account.identity, user } }
    })
    world.write(layout.pool, PoolFile.print({ ...pool, accounts }))
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    world.upstream.script(keyOf(world, 'grace'), [Behaviour.unauthorized('token_revoked')])
    world.upstream.script(keyOf(world, 'barbara'), [Behaviour.failed('invalid_prompt')])
    const proxy = await openProxy(world)
    await proxy.ask(model(thread('one')))
    await proxy.ask(model(thread('one')))
    await proxy.ask({ path: '/backend-api/codex/models?client_version=1' })
    await proxy.close()
    const text = world.text(layout.decisions)
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ event }) => event)).toEqual([
      ...['decided', 'decided', 'decided', 'passed-on', 'decided', 'served', 'decided', 'served'],
    ])
    const [ada, grace, barbara] = world.people.map(
      ({ account }, index) => `${index + 1} ${account.accountId}`,
    )
    expect(lines[2]).toEqual({
      at: expect.stringMatching(/^2025-11-01T00:00:01/),
      event: 'decided',
      path: '/codex/responses',
      conversation: 'one',
      model: 'gpt-5.5',
      trace: [
        {
          ...{ account: ada, outcome: 'rate-limited', until: '2025-11-01T01:00:00.000Z' },
          says: 'is rate limited (five-hour), back in 59 min',
        },
        {
          ...{ account: grace, outcome: 'needs-sign-in' },
          says: 'needs a new sign-in (token_revoked)',
        },
        {
          ...{ account: barbara, outcome: 'chosen', because: 'hybrid' },
          says: 'has the most room for another conversation',
        },
      ],
    })
    expect(lines[3]).toMatchObject({ event: 'passed-on', status: 200 })
    expect(lines[5]).toMatchObject({ event: 'served', account: barbara })
    expect(lines[6]).toMatchObject({
      path: '/codex/models',
      conversation: expect.stringMatching(/^ambient:/),
    })
    for (const { account, tokens } of world.people) {
      const secrets = [account.email, tokens.accessToken, tokens.refreshToken, tokens.idToken]
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    }
    expect(text).not.toMatch(/@|eyJ|rt_|sim_/)
  })
})

describe('what answers', () => {
  /** It reads all the settings when it is opened; those of older versions it then looks at no more. */
  const opened = ({ time }: World): number =>
    time.log.filter(({ label }) => label === `files.stat ${layout.olderSettings[0]}`).length

  it('is opened once, by the first request or when it is warmed', async () => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    expect(opened(world)).toBe(0)
    proxy.running.warm()
    proxy.running.warm()
    const answers = await proxy.askTogether([discovery(), discovery(), model()])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(opened(world)).toBe(1)
  })

  it('is never opened for a run that asks for nothing', async () => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    await proxy.close()
    expect([opened(world), proxy.said()]).toEqual([0, ''])
    const files = Object.keys(world.disk.snapshot())
    expect(files.filter((path) => path.startsWith(layout.runtime))).toEqual([layout.ports])
  })
})

describe('closing', () => {
  it('writes what is still in hand', async () => {
    const world = await makeWorld()
    world.upstream.script(keyOf(world, 'ada'), [Behaviour.usageLimit(hour)])
    const proxy = await openProxy(world)
    await proxy.ask(model(thread('one')))
    await proxy.close()
    const state = RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))
    expect(Object.keys(state.cooldowns)).toEqual([keyOf(world, 'ada')])
    expect(Object.keys(state.quotas)).toContain(keyOf(world, 'grace'))
    expect(state.ties['one']).toMatchObject({ account: keyOf(world, 'grace') })
    expect(world.text(layout.decisions)).toContain('"event":"served"')
    expect(world.disk.snapshot()[layout.runtimeLock]).toBeUndefined()
  })

  it('ends what is open, lets go of the upstream, and keeps the conversation’s account', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.answers({ text: 'one two three' }, 20 * second))
    const proxy = await openProxy(world)
    const asking = proxy.ask(model(thread('one')))
    const closing = world.time
      .process('wrapper')
      .call('wait', () => undefined, { after: 150 * second })
      .then(() => proxy.running.close())
    const { status, error } = await asking
    expect([status, error?._tag]).toEqual([200, 'Broken'])
    await world.time.run(() => closing)
    const { exchanges } = world.network
    expect(exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
    const { ties } = RuntimeFile.parse(world.text(layout.runtimeState), '')
    expect(ties['one']).toMatchObject({ servedAt: world.time.now() })
  })

  it('leaves nobody listening', async () => {
    const world = await makeWorld()
    const proxy = await openProxy(world)
    await proxy.close()
    for (const listener of ['chatgpt', 'model'] as const)
      expect((await proxy.ask({ ...discovery(), listener })).error?._tag).toBe('Unreachable')
  })
})
