import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Headers from '../../../core/request/headers'
import * as Upstream from '../../../core/request/upstream'
import { aHeaderName, someHeaders } from '../../support/headers'

const bearer: Upstream.Bearer = {
  identity: { accountId: 'acc-1', user: 'user-a' },
  accessToken: 'token-1',
  override: O.none,
}

const signed: Headers.Headers = [
  ['authorization', 'Bearer token-1'],
  ['chatgpt-account-id', 'acc-1'],
]

const leaves = (headers: Headers.Headers, keepsTurnState = false): Headers.Headers =>
  Upstream.requestHeaders(bearer, keepsTurnState)(headers)

describe('what leaves for the backend', () => {
  it('is the request of the official CLI with another account’s name on it', () => {
    const request: Headers.Headers = [
      ['host', '127.0.0.1:4141'],
      ['version', '0.169.0'],
      ['x-codex-window-id', 'thread:0'],
      ['session-id', 'thread'],
      ['thread-id', 'thread'],
      ['accept', 'text/event-stream'],
      ['content-encoding', 'zstd'],
      ['content-type', 'application/json'],
      ['authorization', 'Bearer front'],
      ['chatgpt-account-id', 'acc-front'],
      ['originator', 'codex_exec'],
      ['user-agent', 'codex_exec/0.169.0'],
      ['accept-encoding', 'gzip, br'],
      ['content-length', '8123'],
    ]
    expect(leaves(request)).toEqual([
      ['version', '0.169.0'],
      ['x-codex-window-id', 'thread:0'],
      ['session-id', 'thread'],
      ['thread-id', 'thread'],
      ['accept', 'text/event-stream'],
      ['content-encoding', 'zstd'],
      ['content-type', 'application/json'],
      ['authorization', 'Bearer token-1'],
      ['chatgpt-account-id', 'acc-1'],
      ['originator', 'codex_exec'],
      ['user-agent', 'codex_exec/0.169.0'],
    ])
  })

  it.each<{ name: string; given: Headers.Headers; expected: Headers.Headers }>([
    { name: 'nothing but the account', given: [], expected: signed },
    {
      name: 'one authorization, whoever sent more',
      given: [...signed, ['authorization', 'Bearer other'], ['chatgpt-account-id', 'acc-9']],
      expected: signed,
    },
    { name: 'no cookie', given: [['cookie', 'session=1']], expected: signed },
    {
      name: 'no residency of another account',
      given: [[Upstream.residency, 'us']],
      expected: signed,
    },
    {
      name: 'nothing of the connection',
      given: [
        ['connection', 'keep-alive'],
        ['keep-alive', 'timeout=5'],
        ['proxy-authorization', 'Basic eA=='],
        ['proxy-connection', 'keep-alive'],
        ['te', 'trailers'],
        ['trailer', 'x-sum'],
        ['transfer-encoding', 'chunked'],
        ['upgrade', 'h2c'],
        ['expect', '100-continue'],
      ],
      expected: signed,
    },
    {
      name: 'nothing that the connection header names, in whatever case',
      given: [
        ['connection', 'close, X-Novel ,x-other'],
        ['x-novel', '1'],
        ['x-other', '2'],
        ['x-third', '3'],
      ],
      expected: [['x-third', '3'], ...signed],
    },
    {
      name: 'nor anything that a second one names',
      given: [
        ['connection', 'x-novel'],
        ['connection', 'x-other'],
        ['x-novel', '1'],
        ['x-other', '2'],
      ],
      expected: signed,
    },
    {
      name: 'the account, whatever the connection header names',
      given: [['connection', 'authorization, chatgpt-account-id'], ...signed],
      expected: signed,
    },
  ])('$name', ({ given, expected }) => {
    expect(leaves(given)).toEqual(expected)
  })

  it('says where the workspace is where that matters', () => {
    const resident = { ...bearer, override: O.some('us_cr') }
    const given: Headers.Headers = [[Upstream.residency, 'us'], ...signed]
    expect(Upstream.requestHeaders(resident, false)(given)).toEqual([
      ...signed,
      [Upstream.residency, 'us_cr'],
    ])
  })

  it('keeps the turn state for its issuer alone', () => {
    const given: Headers.Headers = [[Upstream.turnState, 'sticky'], ...signed]
    expect(leaves(given, true)).toEqual(given)
    expect(leaves(given, false)).toEqual(signed)
  })
})

describe('what comes back', () => {
  it('is the answer without what belongs to one account or one connection', () => {
    const answer: Headers.Headers = [
      ['date', 'Sun, 22 Nov 2026 12:00:00 GMT'],
      ['content-type', 'text/event-stream'],
      ['transfer-encoding', 'chunked'],
      ['connection', 'keep-alive, x-hop'],
      ['x-hop', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['x-models-etag', 'W/"7"'],
      ['x-codex-turn-state', 'sticky'],
      ['x-codex-primary-used-percent', '27'],
      ['x-novel', '1'],
      ['x-novel', '2'],
    ]
    expect(Upstream.answerHeaders(answer)).toEqual([
      ['date', 'Sun, 22 Nov 2026 12:00:00 GMT'],
      ['content-type', 'text/event-stream'],
      ['x-codex-turn-state', 'sticky'],
      ['x-codex-primary-used-percent', '27'],
      ['x-novel', '1'],
      ['x-novel', '2'],
    ])
  })
})

describe('laws', () => {
  const ours = ['authorization', 'chatgpt-account-id', Upstream.residency, Upstream.turnState]
  const dropped = [
    'connection',
    'cookie',
    'accept-encoding',
    'host',
    'content-length',
    'te',
    'upgrade',
    'x-models-etag',
    'set-cookie',
  ]
  const aKnown = fc.tuple(fc.constantFrom(...ours, ...dropped), fc.constantFrom('', 'a', 'close'))
  /** Unknown headers with known ones anywhere between them. */
  const aMixture = fc
    .tuple(someHeaders, fc.array(fc.tuple(fc.nat(), aKnown), { maxLength: 6 }))
    .map(([unknown, known]) =>
      known.reduce<Headers.Headers>((headers, [place, pair]) => {
        const at = place % (headers.length + 1)
        return [...headers.slice(0, at), pair, ...headers.slice(at)]
      }, unknown),
    )
  const unknownOf = Headers.without((name) => [...ours, ...dropped].includes(name))

  it('lets unknown headers through untouched and in order, both ways', () => {
    fc.assert(
      fc.property(aMixture, fc.boolean(), (headers, keeps) => {
        expect(unknownOf(leaves(headers, keeps))).toEqual(unknownOf(headers))
        expect(unknownOf(Upstream.answerHeaders(headers))).toEqual(unknownOf(headers))
      }),
    )
  })

  it('lets nothing out of what it must not', () => {
    const never = dropped.filter((name) => name !== 'x-models-etag' && name !== 'set-cookie')
    fc.assert(
      fc.property(aMixture, (headers) => {
        const names = leaves(headers).map(([name]) => name)
        expect(names.filter((name) => never.includes(name))).toEqual([])
        expect(names.filter((name) => ours.includes(name)).sort()).toEqual([
          'authorization',
          'chatgpt-account-id',
        ])
      }),
    )
  })

  it('signs with the account, and with it alone', () => {
    fc.assert(
      fc.property(aMixture, fc.string(), fc.string(), (headers, accountId, accessToken) => {
        const other = { ...bearer, accessToken, identity: { accountId, user: '' } }
        const left = Upstream.requestHeaders(other, false)(headers)
        expect(left.filter(([name]) => ours.includes(name))).toEqual(
          expect.arrayContaining([
            ['authorization', `Bearer ${accessToken}`],
            ['chatgpt-account-id', accountId],
          ]),
        )
      }),
    )
  })

  it('lets nothing through that a connection header names', () => {
    fc.assert(
      fc.property(someHeaders, aHeaderName, (headers, name) => {
        const given: Headers.Headers = [...headers, [name, '1'], ['connection', name]]
        for (const through of [leaves(given), Upstream.answerHeaders(given)])
          expect(Headers.get(name)(through)).toEqual(O.none)
      }),
    )
  })
})

it.each([
  [301, true],
  [302, true],
  [303, true],
  [307, true],
  [308, true],
  [200, false],
  [300, false],
  [304, false],
  [400, false],
])('%i is a redirect: %s', (status, expected) => {
  expect(Upstream.isRedirect(status)).toBe(expected)
})
