import * as fc from 'fast-check'
import * as Endpoint from '../../../core/official/endpoint'

const unknown: Endpoint.Endpoint = { _tag: 'Unknown' }
const backend = (path: string): Endpoint.Endpoint => ({ _tag: 'Backend', path })
const model = (path: string): Endpoint.Endpoint => ({ _tag: 'Model', path })

describe('what a request is for', () => {
  it.each<readonly [method: string, target: string, expected: Endpoint.Endpoint]>([
    ['POST', '/oauth/token', { _tag: 'Token' }],
    ['POST', '/oauth/token?x=1', { _tag: 'Token' }],
    ['GET', '/oauth/token', unknown],
    ['POST', '/oauth/revoke', { _tag: 'Revoke' }],
    ['PUT', '/oauth/revoke', unknown],
    ['POST', '/oauth/token/', unknown],
    ['POST', '/backend-api/codex/responses', model('/codex/responses')],
    ['POST', '/backend-api/codex/responses?a=1&b=%2F', model('/codex/responses?a=1&b=%2F')],
    ['GET', '/backend-api/codex/responses', backend('/codex/responses')],
    ['POST', '/backend-api/codex/responses/compact', backend('/codex/responses/compact')],
    ['GET', '/backend-api/wham/accounts/check', { _tag: 'Discovery' }],
    ['GET', '/backend-api/wham/accounts/check?client=1', { _tag: 'Discovery' }],
    ['POST', '/backend-api/wham/accounts/check', backend('/wham/accounts/check')],
    ['GET', '/backend-api/wham/accounts/check/more', backend('/wham/accounts/check/more')],
    [
      'GET',
      '/backend-api/codex/models?client_version=0.169.0',
      backend('/codex/models?client_version=0.169.0'),
    ],
    ['POST', '/backend-api/ps/mcp', backend('/ps/mcp')],
    ['GET', '/backend-api/x?next=../../y', backend('/x?next=../../y')],
    ['GET', '/backend-api/x?a=?b', backend('/x?a=?b')],
    ['GET', '/backend-api/.well-known/a..b/...', backend('/.well-known/a..b/...')],
    ['GET', '/backend-api/a//b', backend('/a//b')],
    ['GET', '/backend-api/', backend('/')],
    ['GET', '/backend-api', unknown],
    ['GET', '/backend-apiary/x', unknown],
    ['GET', '/Backend-Api/x', unknown],
    ['GET', '//backend-api/x', unknown],
    ['GET', '/', unknown],
    ['GET', '', unknown],
    ['GET', '*', unknown],
    ['GET', '/?/backend-api/x', unknown],
    ['GET', 'http://127.0.0.1:4141/backend-api/x', unknown],
    ['CONNECT', 'chatgpt.com:443', unknown],
    ['GET', '/backend-api/..', unknown],
    ['GET', '/backend-api/../x', unknown],
    ['GET', '/backend-api/./x', unknown],
    ['GET', '/backend-api/a/../../x', unknown],
    ['GET', '/backend-api/%2e%2e/x', unknown],
    ['GET', '/backend-api/%2E./x', unknown],
    ['GET', '/backend-api/.%2e/x', unknown],
    ['GET', '/backend-api/..%2fx', unknown],
    ['GET', '/backend-api/..%2Fx', unknown],
    ['GET', '/backend-api/..%5cx', unknown],
    ['GET', '/backend-api/..\\x', unknown],
    ['GET', '/backend-api/..#x', unknown],
    ['GET', '/backend-api/x?a=1#b', unknown],
    ['GET', '/backend-api/.\t./x', unknown],
    ['GET', '/backend-api/.\n./x', unknown],
    ['GET', '/backend-api/x y', unknown],
    ['GET', '/../backend-api/x', unknown],
  ])('%s %j', (method, target, expected) => {
    expect(Endpoint.of(method, target, false)).toEqual(expected)
  })

  it.each<readonly [target: string, expected: Endpoint.Endpoint]>([
    ['/backend-api/codex/responses', { _tag: 'ModelSocket' }],
    ['/backend-api/codex/responses?a=1', { _tag: 'ModelSocket' }],
    ['/backend-api/codex/realtime', unknown],
    ['/backend-api/wham/accounts/check', unknown],
    ['/backend-api/../codex/responses', unknown],
  ])('an upgrade of %s', (target, expected) => {
    expect(Endpoint.of('GET', target, true)).toEqual(expected)
  })
})

const aSegment = fc.constantFrom(
  ...['codex', 'responses', 'wham', '', 'a..b', '...', '%41', ';'],
  ...['.', '..', '%2e', '%2E%2e', '.%2e', '..%2f', '%2f..', '%5c', '\\', '..\\', '.\t.', '.\r\n.'],
  ...['#', '..#', '?', '..?', '?..', '?/..', ' ', '. .', '\u0000', '@evil.test', ':80', '%252e'],
)
const aTarget = fc
  .array(aSegment, { maxLength: 6 })
  .map((segments) => `/backend-api/${segments.join('/')}`)

const pathOf = (endpoint: Endpoint.Endpoint): string | undefined =>
  endpoint._tag === 'Model' || endpoint._tag === 'Backend' ? endpoint.path : undefined

describe('laws', () => {
  const base = 'https://backend.test/backend-api'

  it('lets nothing out of the backend’s base', () => {
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST'), aTarget, (method, target) => {
        const path = pathOf(Endpoint.of(method, target, false))
        if (path === undefined) return
        const { origin, pathname } = new URL(`${base}${path}`)
        expect([origin, pathname.startsWith('/backend-api/')]).toEqual([
          'https://backend.test',
          true,
        ])
      }),
      { numRuns: 500 },
    )
  })

  it('passes a plain path on letter by letter, with its query', () => {
    const aPlain = fc.stringMatching(/^[A-Za-z0-9_~-]{1,8}$/)
    const aQuery = fc.stringMatching(/^(\?[A-Za-z0-9=&%./?-]{0,12})?$/)
    fc.assert(
      fc.property(fc.array(aPlain, { minLength: 1 }), aQuery, (segments, query) => {
        const path = `/${segments.join('/')}${query}`
        expect(Endpoint.of('DELETE', `/backend-api${path}`, false)).toEqual(backend(path))
      }),
    )
  })

  it('knows nothing outside the base but the two endpoints of tokens', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('GET', 'POST'), (target, method) => {
        expect(Endpoint.of(method, `/x${target}`, false)).toEqual(unknown)
      }),
    )
  })
})
