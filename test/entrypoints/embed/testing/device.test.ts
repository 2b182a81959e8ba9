import { claims, clientId, form, json, world, type World } from './world'

const begin = (at: World) =>
  at.send({
    url: `${at.upstream.issuer}/api/accounts/deviceauth/usercode`,
    ...json({ client_id: clientId }),
  })

const poll = (at: World, { device_auth_id, user_code }: Record<string, string>) =>
  at.send({
    url: `${at.upstream.issuer}/api/accounts/deviceauth/token`,
    ...json({ device_auth_id, user_code }),
  })

describe('the device sign-in', () => {
  it('is pending until the code is typed, then gives what the code exchange needs', async () => {
    const at = await world()
    const { json: begun } = await begin(at)
    expect(begun.interval).toBe('5')
    expect(begun.user_code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{5}$/)
    expect((await poll(at, begun)).status).toBe(403)
    expect(at.upstream.device.waiting()).toEqual([begun.user_code])

    at.upstream.device.approves(at.bob)
    const { json: approved, status } = await poll(at, begun)
    expect(status).toBe(200)
    const tokens = await at.send({
      url: at.upstream.tokenUrl,
      ...form({
        grant_type: 'authorization_code',
        client_id: clientId,
        code: approved.authorization_code,
        redirect_uri: `${at.upstream.issuer}/deviceauth/callback`,
        code_verifier: approved.code_verifier,
      }),
    })
    expect(claims(tokens.json.id_token).email).toBe('bob@example.com')
  })

  it('may be approved before it begins, once', async () => {
    const at = await world()
    at.upstream.device.approves(at.ann)
    expect((await poll(at, (await begin(at)).json)).status).toBe(200)
    expect((await poll(at, (await begin(at)).json)).status).toBe(403)
  })

  it('says so when it is not offered', async () => {
    const at = await world()
    at.upstream.device.turnOff()
    expect((await begin(at)).status).toBe(404)
  })

  it.each([
    { name: 'denied', run: (at: World) => at.upstream.device.denies() },
    { name: 'older than a quarter of an hour', run: (at: World) => at.pass(15 * 60_000) },
  ])('fails for good when $name', async ({ run }) => {
    const at = await world()
    const { json: begun } = await begin(at)
    run(at)
    const answer = await poll(at, begun)
    expect([403, 404]).not.toContain(answer.status)
    expect(answer.status).toBe(400)
  })

  it('wants the code that belongs to the id', async () => {
    const at = await world()
    const { json: begun } = await begin(at)
    expect((await poll(at, { ...begun, user_code: 'ABCD-EFGHJ' })).status).toBe(400)
  })

  it('has a page to type the code on', async () => {
    const at = await world()
    expect((await at.send({ url: `${at.upstream.issuer}/codex/device` })).status).toBe(200)
  })
})
