import * as fc from 'fast-check'
import * as Loopback from '../../../core/official/loopback'

const ports = { chatgptPort: 4101, modelPort: 4102 }

it('leads the backend and the models to two origins', () => {
  expect(Loopback.overrides(ports)).toEqual([
    ['chatgpt_base_url', 'http://127.0.0.1:4101/backend-api'],
    ['openai_base_url', 'http://127.0.0.1:4102/backend-api/codex'],
  ])
})

it('wins over the refresh address of a wrapper around us', () => {
  const outer = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:1/oauth/token' }
  expect({ ...outer, ...Loopback.environment(ports)(outer) }).toEqual({
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4101/oauth/token',
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4101/oauth/revoke',
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  })
})

it('leaves the refresh of a command that signs in alone', () => {
  expect(Object.keys(Loopback.revocation(4101)({}))).toEqual([
    'CODEX_REVOKE_TOKEN_URL_OVERRIDE',
    'NO_PROXY',
    'no_proxy',
  ])
  expect(Loopback.noRevocation({})).toMatchObject({
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:9/oauth/revoke',
  })
})

it.each([
  { inherited: {}, upper: '127.0.0.1,localhost', lower: '127.0.0.1,localhost' },
  { inherited: { NO_PROXY: '' }, upper: '127.0.0.1,localhost', lower: '127.0.0.1,localhost' },
  { inherited: { NO_PROXY: '*' }, upper: '*,127.0.0.1,localhost', lower: '*,127.0.0.1,localhost' },
  {
    inherited: { NO_PROXY: 'a.example, localhost' },
    upper: 'a.example, localhost,127.0.0.1',
    lower: 'a.example, localhost,127.0.0.1',
  },
  {
    inherited: { no_proxy: 'b.example' },
    upper: 'b.example,127.0.0.1,localhost',
    lower: 'b.example,127.0.0.1,localhost',
  },
  {
    inherited: { NO_PROXY: 'a.example', no_proxy: 'b.example,127.0.0.1' },
    upper: 'a.example,127.0.0.1,localhost',
    lower: 'b.example,127.0.0.1,localhost',
  },
])('reaches loopback directly with $inherited', ({ inherited, upper, lower }) => {
  const { NO_PROXY, no_proxy } = Loopback.environment(ports)(inherited)
  expect({ upper: NO_PROXY, lower: no_proxy }).toEqual({ upper, lower })
})

it('keeps every host that was reached directly, and is done at the first time', () => {
  const hosts = fc.array(fc.domain()).map((names) => names.join(','))
  fc.assert(
    fc.property(hosts, hosts, (NO_PROXY, no_proxy) => {
      const once = Loopback.environment(ports)({ NO_PROXY, no_proxy })
      expect(once['NO_PROXY']?.startsWith(NO_PROXY)).toBe(true)
      expect(once['no_proxy']?.startsWith(no_proxy)).toBe(true)
      expect(Loopback.environment(ports)(once)).toEqual(once)
    }),
  )
})
