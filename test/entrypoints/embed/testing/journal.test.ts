import * as Behaviour from '../../../../entrypoints/embed/testing/behaviour'
import { ask, clientId, credentials, json, refresh, world } from './world'

describe('the journal', () => {
  it('holds no token', async () => {
    const at = await world()
    const first = at.upstream.signIn(at.ann)
    const second = (await refresh(at, first.refreshToken)).json
    const headers = credentials(first, at.ann)
    await at.send({ url: `${at.upstream.backend}/wham/usage`, headers })
    const body = {
      token: second.refresh_token,
      token_type_hint: 'refresh_token',
      client_id: clientId,
    }
    await at.send({ url: `${at.upstream.issuer}/oauth/revoke`, ...json(body) })
    const calls = at.upstream.journal.calls()
    expect(calls.map(({ token }) => token)).toEqual(
      [first.refreshToken, first.accessToken, second.refresh_token].map((token) =>
        token.slice(-12),
      ),
    )
    const written = JSON.stringify([calls, at.upstream.journal.violations()])
    const { access_token, refresh_token, id_token } = second
    for (const token of [...Object.values(first), access_token, refresh_token, id_token])
      if (typeof token === 'string') expect(written).not.toContain(token)
  })

  it('tells requests of one account from those of another', async () => {
    const at = await world()
    await ask(at, at.ann)
    await ask(at, at.bob)
    await ask(at, at.bob)
    const { requestsOf } = at.upstream.journal
    expect(
      [requestsOf(at.ann.key), requestsOf(at.bob.accountId), requestsOf()].map((l) => l.length),
    ).toEqual([1, 2, 3])
  })

  it('shows a call that has no answer yet, and one that never got any', async () => {
    const at = await world()
    at.upstream.script(at.ann.key, [Behaviour.slow(1_000), Behaviour.reset])
    const pending = ask(at, at.ann)
    await Promise.resolve()
    expect(at.upstream.journal.requestsOf(at.ann.key)).toMatchObject([{ status: 0 }])
    await pending
    await ask(at, at.ann)
    expect(at.upstream.journal.requestsOf(at.ann.key)).toMatchObject([
      { status: 200 },
      { status: 0 },
    ])
  })

  it('forgets when it is told', async () => {
    const at = await world()
    await ask(at, at.ann)
    at.upstream.journal.forget()
    expect(at.upstream.journal.calls()).toEqual([])
  })
})
