import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { credentials, json, world, type World } from './world'
import type { Account } from '../../../../entrypoints/embed/testing/people'

const get = (at: World, path: string, account: Account, base = at.upstream.backend) =>
  at.send({ url: `${base}${path}`, headers: credentials(at.upstream.signIn(account), account) })

describe('who may ask', () => {
  it.each([
    { name: 'no bearer', headers: {}, status: 401 },
    { name: 'an unknown bearer', headers: { authorization: 'Bearer sim' }, status: 401 },
  ])('refuses $name', async ({ headers, status }) => {
    const at = await world()
    const answer = await at.send({ url: `${at.upstream.backend}/wham/usage`, headers })
    expect(answer.status).toBe(status)
    expect(at.upstream.journal.violations()).toHaveLength(1)
  })

  it('refuses a bearer that has run out', async () => {
    const at = await world({ lifetimes: { access: 1_000 } })
    const headers = credentials(at.upstream.signIn(at.ann), at.ann)
    at.pass(1_000)
    const answer = await at.send({ url: `${at.upstream.backend}/wham/usage`, headers })
    expect([answer.status, answer.json.error.code]).toEqual([401, 'token_expired'])
  })

  it('refuses an account header that does not fit the bearer', async () => {
    const at = await world()
    const headers = credentials(at.upstream.signIn(at.ann), at.bob)
    const answer = await at.send({ url: `${at.upstream.backend}/wham/usage`, headers })
    expect(answer.status).toBe(403)
    expect(at.upstream.journal.violations()).toEqual([
      { _tag: 'ForeignAccount', bearer: at.ann.accountId, header: at.bob.accountId },
    ])
  })

  it.each(['token_invalidated', 'token_revoked', 'account_deactivated'] as const)(
    'refuses with %s when that is scripted, until the next sign-in',
    async (code) => {
      const at = await world()
      const headers = credentials(at.upstream.signIn(at.ann), at.ann)
      at.upstream.refuseAccess(at.ann.accountId, code)
      const answer = await at.send({ url: `${at.upstream.backend}/wham/usage`, headers })
      expect([answer.status, answer.json.error.code]).toEqual([401, code])
      expect(answer.json.status).toBe(401)
      expect((await get(at, '/wham/usage', at.ann)).status).toBe(200)
    },
  )

  it('answers every path on either origin', async () => {
    const at = await world()
    const [chatgpt, model] = at.upstream.origins
    expect(chatgpt).not.toBe(model)
    expect((await get(at, '/codex/models', at.ann)).status).toBe(200)
    expect((await get(at, '/wham/usage', at.ann, `${model}/backend-api`)).status).toBe(200)
  })

  it('knows its paths', async () => {
    const at = await world()
    expect((await get(at, '/wham/nothing', at.ann)).status).toBe(404)
    expect(at.upstream.journal.violations()).toEqual([
      { _tag: 'UnknownPath', method: 'GET', path: '/backend-api/wham/nothing' },
    ])
  })
})

describe('discovery', () => {
  it('lists every workspace of the person with a foreign https origin', async () => {
    const at = await world()
    const { accounts } = at.upstream.addPerson({
      email: 'cy@example.com',
      workspaces: [{}, { plan: 'team' }],
    })
    const { json: answer } = await get(at, '/wham/accounts/check', accounts[0])
    expect(answer.accounts).toHaveLength(2)
    expect(answer.accounts[0]).toMatchObject({
      id: accounts[0].accountId,
      workspace_backend_origin: 'https://chatgpt.com',
      account_routing_override: 'NO_CONSTRAINT',
    })
  })

  it('says what is scripted for an account', async () => {
    const at = await world()
    at.upstream.route(at.ann.key, { origin: 'https://us.example.com', override: 'us' })
    const { json: answer } = await get(at, '/wham/accounts/check', at.ann)
    expect(answer.accounts[0]).toMatchObject({
      workspace_backend_origin: 'https://us.example.com',
      account_routing_override: 'us',
    })
  })
})

describe('usage', () => {
  it('has the form of the real answer', async () => {
    const at = await world()
    at.upstream.setQuota(at.ann.accountId, {
      windows: [{ usedPercent: 27.9, resetsIn: 13_140_000 }, { usedPercent: 4 }],
    })
    const { json: answer } = await get(at, '/wham/usage', at.ann)
    expect(answer).toMatchObject({
      plan_type: 'plus',
      account_id: at.ann.accountId,
      email: 'ann@example.com',
      rate_limit: {
        allowed: true,
        limit_reached: false,
        primary_window: {
          used_percent: 27,
          limit_window_seconds: 18_000,
          reset_after_seconds: 13_140,
          reset_at: at.now() / 1_000 + 13_140,
        },
        secondary_window: { used_percent: 4, limit_window_seconds: 604_800 },
      },
      additional_rate_limits: null,
      credits: { has_credits: false, unlimited: false, balance: '0' },
      rate_limit_reset_credits: { available_count: 0 },
    })
  })

  it('may have one window, a weekly one in the first slot', async () => {
    const at = await world()
    at.upstream.setQuota(at.ann.accountId, {
      windows: [{ length: 7 * 86_400_000, usedPercent: 100 }],
    })
    const { rate_limit } = (await get(at, '/wham/usage', at.ann)).json
    expect(rate_limit.primary_window.limit_window_seconds).toBe(604_800)
    expect(rate_limit.secondary_window).toBeNull()
    expect(rate_limit).toMatchObject({ allowed: false, limit_reached: true })
  })

  it('starts again at the reset', async () => {
    const at = await world()
    at.upstream.setQuota(at.ann.key, { windows: [{ usedPercent: 100, resetsIn: 1_000 }] })
    at.pass(1_000)
    const { rate_limit } = (await get(at, '/wham/usage', at.ann)).json
    expect(rate_limit.primary_window.used_percent).toBe(0)
    expect(rate_limit.primary_window.reset_after_seconds).toBe(18_000)
  })
})

describe('the rest', () => {
  it('lists models with a tag that is the same for a plan', async () => {
    const at = await world()
    const { accounts } = at.upstream.addPerson({
      email: 'cy@example.com',
      workspaces: [{ plan: 'pro' }],
    })
    const path = '/codex/models?client_version=0.169.0'
    const tag = async (account: Account) => (await get(at, path, account)).header('etag')
    expect(await tag(at.ann)).toBe(await tag(at.bob))
    expect(await tag(at.ann)).not.toBe(await tag(accounts[0]))
    const { models } = (await get(at, path, at.ann)).json
    expect(models.map(({ slug }: { slug: string }) => slug)).toContain('gpt-5.5')
  })

  it.each([
    '/wham/rate-limit-reset-credits',
    '/wham/settings/user',
    '/wham/security-setup',
    '/ps/plugins/installed?limit=200',
    '/ps/plugins/suggested/codex?scope=GLOBAL',
  ])('answers %s', async (path) => {
    const at = await world()
    expect((await get(at, path, at.ann)).status).toBe(200)
  })

  it('shakes hands as an MCP server, and notes a call without a bearer', async () => {
    const at = await world()
    const url = `${at.upstream.backend}/ps/mcp`
    const call = (message: unknown) => at.send({ url, ...json(message) })
    const hello = { jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '1' } }
    expect((await call(hello)).json.result.protocolVersion).toBe('1')
    expect((await call({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
    const tools = await call({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    expect(tools.json.result.tools).toEqual([])
    expect(at.upstream.journal.violations()[0]).toEqual({
      _tag: 'NoBearer',
      path: '/backend-api/ps/mcp',
    })
  })

  it('fails a path as scripted, for one account and then no more', async () => {
    const at = await world()
    const path = '/backend-api/wham/usage'
    at.upstream.fail(path, [Behaviour.serverFault(500), Behaviour.challenge], at.ann.accountId)
    expect((await get(at, '/wham/usage', at.bob)).status).toBe(200)
    expect((await get(at, '/wham/usage', at.ann)).status).toBe(500)
    expect((await get(at, '/wham/usage', at.ann)).text).toContain('Just a moment')
    expect((await get(at, '/wham/usage', at.ann)).status).toBe(200)
  })

  it('is down for as long as it is told', async () => {
    const at = await world()
    at.upstream.outage(1_000)
    expect((await get(at, '/wham/usage', at.ann)).end).toBe('none')
    at.pass(1_000)
    expect((await get(at, '/wham/usage', at.ann)).status).toBe(200)
  })
})
