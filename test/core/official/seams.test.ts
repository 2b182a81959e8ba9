import * as fc from 'fast-check'
import * as Seams from '../../../core/official/seams'

const issuerOf = (value: string | undefined) =>
  Seams.ofEnvironment({ CODEX_MULTI_AUTH_ISSUER: value }).map(({ issuer }) => issuer)

describe('without variables', () => {
  it.each([{}, { CODEX_MULTI_AUTH_ISSUER: '' }, { CODEX_MULTI_AUTH_BACKEND: undefined }])(
    'everything is the real thing: %j',
    (environment) => {
      expect(Seams.ofEnvironment(environment)._unsafeUnwrap()).toEqual({
        issuer: 'https://auth.openai.com',
        backend: 'https://chatgpt.com/backend-api',
        isRealBackend: true,
      })
    },
  )
})

describe('a seam', () => {
  it.each([
    ['https://issuer.test', 'https://issuer.test'],
    ['https://issuer.test/', 'https://issuer.test'],
    ['https://issuer.test///', 'https://issuer.test'],
    ['https://issuer.test:8443/base/', 'https://issuer.test:8443/base'],
    ['HTTPS://Issuer.Test', 'https://issuer.test'],
    [' https://issuer.test ', 'https://issuer.test'],
    ['http://127.0.0.1:4141', 'http://127.0.0.1:4141'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://localhost:4141/base', 'http://localhost:4141/base'],
    ['http://[::1]:4141', 'http://[::1]:4141'],
    ['http://127.1:4141', 'http://127.0.0.1:4141'],
  ])('%j may be', (value, expected) => {
    expect(issuerOf(value)._unsafeUnwrap()).toBe(expected)
  })

  it.each([
    'http://issuer.test',
    'http://127.0.0.1.evil.test',
    'http://127.evil.test',
    'http://localhost.evil.test',
    'http://128.0.0.1',
    'http://0.0.0.0:4141',
    'http://192.168.1.2',
    'http://[::2]',
    'http://[::ffff:10.0.0.1]',
    'https://user@issuer.test',
    'https://user:secret@issuer.test',
    'https://:secret@issuer.test',
    'http://localhost@evil.test',
    'http://127.0.0.1:80@evil.test',
    'ftp://127.0.0.1',
    'ws://127.0.0.1',
    'file:///etc/passwd',
    'issuer.test',
    '127.0.0.1:4141',
    '/base',
    'https://',
    'https://issuer.test?base=1',
    'https://issuer.test/#base',
    'nonsense',
  ])('%j may not be', (value) => {
    expect(issuerOf(value)._unsafeUnwrapErr()).toEqual({
      _tag: 'UnsafeSeam',
      variable: 'CODEX_MULTI_AUTH_ISSUER',
    })
  })

  it('names the variable that is wrong', () => {
    const environment = {
      CODEX_MULTI_AUTH_ISSUER: 'https://issuer.test',
      CODEX_MULTI_AUTH_BACKEND: 'http://issuer.test',
    }
    expect(Seams.ofEnvironment(environment)._unsafeUnwrapErr()).toMatchObject({
      variable: 'CODEX_MULTI_AUTH_BACKEND',
    })
  })
})

describe('the real backend', () => {
  it.each([
    ['https://chatgpt.com/backend-api', true],
    ['https://chatgpt.com/backend-api/', true],
    ['https://chatgpt.com:443/backend-api', true],
    ['https://chatgpt.com', false],
    ['https://chatgpt.com.evil.test/backend-api', false],
    ['http://127.0.0.1:4141/backend-api', false],
  ])('%j: %j', (value, expected) => {
    const seams = Seams.ofEnvironment({ CODEX_MULTI_AUTH_BACKEND: value })._unsafeUnwrap()
    expect(seams.isRealBackend).toBe(expected)
  })
})

it('lets plain http go to loopback alone, whatever the address is written like', () => {
  const aHost = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6().map((ip) => `[${ip}]`),
  )
  fc.assert(
    fc.property(aHost, (host) => {
      const seam = issuerOf(`http://${host}`)
      if (seam.isErr()) return
      const { hostname } = new URL(seam.value)
      expect(hostname === '[::1]' || hostname === 'localhost' || hostname.startsWith('127.')).toBe(
        true,
      )
    }),
  )
})
