import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Callback from '../../../core/auth/callback'
import type { Headers } from '../../../core/request/headers'

const state = 'the-state'
const asked = (target: string, method = 'GET', headers: Headers = []) => ({
  method,
  target,
  headers,
})
const of = (target: string, method?: string, headers?: Headers) =>
  Callback.of(state)(asked(target, method, headers))

describe('a request to the listener', () => {
  it.each([
    {
      name: 'a code with our state is the code',
      target: '/auth/callback?code=c%2F1&state=the-state',
      expected: { _tag: 'Code', code: 'c/1' },
    },
    {
      name: 'another state is another sign-in',
      target: '/auth/callback?code=c1&state=other',
      expected: { _tag: 'WrongState' },
    },
    {
      name: 'a code without a state is another sign-in',
      target: '/auth/callback?code=c1',
      expected: { _tag: 'WrongState' },
    },
    {
      name: 'an error with another state is another sign-in',
      target: '/auth/callback?error=access_denied&state=other',
      expected: { _tag: 'WrongState' },
    },
    {
      name: 'an error is a refusal',
      target: '/auth/callback?error=access_denied&error_description=No+way&state=the-state',
      expected: { _tag: 'Refused', error: 'access_denied', description: O.some('No way') },
    },
    {
      name: 'an error may come without a state and a description',
      target: '/auth/callback?error=invalid_request',
      expected: { _tag: 'Refused', error: 'invalid_request', description: O.none },
    },
    {
      name: 'an error wins over a code beside it',
      target: '/auth/callback?code=c1&error=server_error&state=the-state',
      expected: { _tag: 'Refused', error: 'server_error', description: O.none },
    },
    {
      name: 'our state without a code lacks it',
      target: '/auth/callback?state=the-state',
      expected: { _tag: 'MissingCode' },
    },
    {
      name: 'an empty code is none',
      target: '/auth/callback?code=&state=the-state',
      expected: { _tag: 'MissingCode' },
    },
    { name: 'no query at all', target: '/auth/callback', expected: { _tag: 'WrongState' } },
    { name: 'another path', target: '/favicon.ico', expected: { _tag: 'NotFound' } },
    { name: 'a longer path', target: '/auth/callback/x?code=1', expected: { _tag: 'NotFound' } },
    {
      name: 'a path of another host',
      target: '//evil/auth/callback',
      expected: { _tag: 'NotFound' },
    },
    { name: 'a program that asks us to go', target: '/cancel', expected: { _tag: 'Cancelled' } },
  ])('$name', ({ target, expected }) => {
    expect(of(target)).toEqual(expected)
  })

  it.each(['POST', 'HEAD', 'PUT', 'get'])('takes no %s', (method) => {
    expect(of('/auth/callback?code=c1&state=the-state', method)).toEqual({ _tag: 'WrongMethod' })
    expect(of('/cancel', method)).toEqual({ _tag: 'WrongMethod' })
  })

  it.each([
    { name: 'an origin', headers: [['origin', 'https://evil.test']] as const },
    { name: 'fetch metadata', headers: [['sec-fetch-site', 'cross-site']] as const },
  ])('lets no page end a sign-in: $name', ({ headers }) => {
    expect(of('/cancel', 'GET', headers)).toEqual({ _tag: 'NotFound' })
  })

  it('gives the code of no request with another state', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), fc.string(), (query, other) => {
        fc.pre(other !== state)
        const target = `/auth/callback?state=${encodeURIComponent(other)}&${query}`
        expect(of(target)).toEqual({ _tag: 'WrongState' })
      }),
    )
  })

  it('has a meaning whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (method, target) => {
        expect(of(target, method)._tag).toMatch(/^(NotFound|WrongMethod|WrongState|Cancelled)$/)
      }),
    )
  })
})

const callbacks: ReadonlyArray<Exclude<Callback.Callback, { readonly _tag: 'Code' }>> = [
  { _tag: 'Refused', error: 'access_denied', description: O.none },
  { _tag: 'WrongState' },
  { _tag: 'MissingCode' },
  { _tag: 'Cancelled' },
  { _tag: 'WrongMethod' },
  { _tag: 'NotFound' },
]

const pages: ReadonlyArray<Callback.Page> = [
  ...callbacks.map(Callback.pageOf),
  Callback.welcome('ada@mail.test'),
  Callback.failed(),
]

describe('its pages', () => {
  it.each(pages.map((page) => ({ status: page.status, page })))(
    'load, run and frame nothing ($status)',
    ({ page }) => {
      const headers = new Map(page.headers)
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(page.text).toMatch(/^<!doctype html>\n/)
      expect(page.text).not.toMatch(/<(script|style|img|link)|https?:/)
    },
  )

  it('have the status that tells what became of the request', () => {
    expect(pages.map(({ status }) => status)).toEqual([400, 400, 400, 200, 405, 404, 200, 500])
  })

  it('show what others wrote as text', () => {
    const description = O.some(`<script>alert("x")</script> & 'y'`)
    const { text } = Callback.pageOf({ _tag: 'Refused', error: 'e', description })
    expect(text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;')
    expect(Callback.welcome('<b>').text).toContain('&lt;b&gt;')
  })

  it('show no more than a screen of it', () => {
    const description = O.some('x'.repeat(100_000))
    expect(Callback.pageOf({ _tag: 'Refused', error: 'e', description }).text.length).toBeLessThan(
      2_000,
    )
  })
})
