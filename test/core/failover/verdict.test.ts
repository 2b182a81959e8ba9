import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as ErrorBody from '../../../core/failover/error-body'
import * as Verdict from '../../../core/failover/verdict'
import type { Headers } from '../../../core/request/headers'
import { day, hour, minute, second, type Instant, type Millis } from '../../../core/time'
import { noon } from '../../support/routing'

const status = (code: number, body: unknown, headers: Record<string, string> = {}) =>
  answer(code, JSON.stringify(body), Object.entries(headers))

const answer = (code: number, body: string, headers: Headers = []): Verdict.Refusal => ({
  _tag: 'Status',
  status: code,
  headers,
  body,
})

const inStream = (
  failure: Partial<ErrorBody.ErrorBody>,
  headers: Headers = [],
): Verdict.Refusal => ({ _tag: 'InStream', headers, failure: { ...ErrorBody.none, ...failure } })

const limited = (span: Millis, window?: string) => ({
  _tag: 'Limited',
  until: noon + span,
  window: O.fromNullable(window),
})
const barred = (code: string) => ({ _tag: 'AccountBarred', code, until: noon + 15 * minute })
const fault = (code: string, hint: Millis = 0, whose: Verdict.Whose = 'server') => ({
  _tag: 'ProviderFault',
  code,
  hint,
  whose,
})
const modelRefused = { _tag: 'ModelRefused' }
const lost = (code: string) => ({ _tag: 'SignInLost', code })
const credentialRefused = { _tag: 'CredentialRefused' }
const passOn = { _tag: 'PassOn' }
const foreignReasoning = { _tag: 'ForeignReasoning' }

const inSeconds = (span: Millis): number => (noon + span) / second

/** `used` of a window of so many minutes that resets after `span`. */
const slot = (
  name: string,
  used: number,
  minutes: number,
  span: Millis,
): Record<string, string> => ({
  [`x-codex-${name}-used-percent`]: String(used),
  [`x-codex-${name}-window-minutes`]: String(minutes),
  [`x-codex-${name}-reset-at`]: String(inSeconds(span)),
})
const fiveHours = 300
const week = 10_080

const limitBody = (more: object = {}) => ({
  error: {
    type: 'usage_limit_reached',
    message: 'The usage limit has been reached',
    plan_type: 'plus',
    eligible_promo: null,
    ...more,
  },
})
const unauthorized = (code: string | null) => ({
  error: { message: 'No.', type: 'invalid_request_error', code, param: null },
  status: 401,
})
const failure = (code: string) => ({ error: { message: 'No.', type: 'error', code, param: null } })
const challengePage = '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>'
const html: Headers = [
  ['content-type', 'text/html; charset=UTF-8'],
  ['cf-ray', '8a1b2c3d4e5f-FRA'],
]

type Row = { name: string; given: Verdict.Refusal; expected: object }

describe('what a refusal by status means', () => {
  it.each<Row>([
    {
      name: '429 with both resets, as the backend sends it',
      given: status(429, limitBody({ resets_at: inSeconds(hour), resets_in_seconds: 3_600 })),
      expected: limited(hour),
    },
    {
      name: '429 with the instant alone',
      given: status(429, limitBody({ resets_at: inSeconds(3 * day) })),
      expected: limited(3 * day),
    },
    {
      name: '429 with the span alone',
      given: status(429, limitBody({ resets_in_seconds: 13_872 })),
      expected: limited(13_872 * second),
    },
    {
      name: '429 with a code instead of a type',
      given: status(429, failure('rate_limit_exceeded'), { 'retry-after': '40' }),
      expected: limited(40 * second),
    },
    {
      name: '429 with retry-after as a date',
      given: status(429, {}, { 'retry-after': 'Sun, 22 Nov 2026 12:10:00 GMT' }),
      expected: limited(10 * minute),
    },
    {
      name: '429 with retry-after-ms, which is the more exact',
      given: status(429, {}, { 'retry-after-ms': '1500', 'retry-after': '2' }),
      expected: limited(1_500),
    },
    {
      name: '429 with one exhausted window',
      given: status(429, limitBody(), {
        ...slot('primary', 100, fiveHours, 2 * hour),
        ...slot('secondary', 40, week, 3 * day),
      }),
      expected: limited(2 * hour, 'five-hour'),
    },
    {
      name: '429 with two exhausted windows: the later reset',
      given: status(429, limitBody(), {
        ...slot('primary', 100, fiveHours, 2 * hour),
        ...slot('secondary', 100, week, 3 * day),
      }),
      expected: limited(3 * day, 'weekly'),
    },
    {
      name: '429 with a weekly window alone, in the primary slot',
      given: status(429, limitBody(), {
        ...slot('primary', 100, week, 3 * day),
        ...slot('secondary', 0, 0, 0),
      }),
      expected: limited(3 * day, 'weekly'),
    },
    {
      name: '429 whose body names a sooner reset than the exhausted window',
      given: status(
        429,
        limitBody({ resets_in_seconds: 60 }),
        slot('primary', 100, fiveHours, 2 * hour),
      ),
      expected: limited(2 * hour, 'five-hour'),
    },
    {
      name: '429 with windows that are not exhausted, which say nothing of this refusal',
      given: status(429, failure('rate_limit_exceeded'), slot('secondary', 99, week, 3 * day)),
      expected: limited(minute),
    },
    { name: '429 without any hint', given: status(429, limitBody()), expected: limited(minute) },
    { name: '429 without a body', given: answer(429, ''), expected: limited(minute) },
    {
      name: '429 with a page',
      given: answer(429, '<html>Too many</html>', html),
      expected: limited(minute),
    },
    {
      name: '429 whose hints have all passed',
      given: status(429, limitBody({ resets_at: inSeconds(-hour), resets_in_seconds: -5 }), {
        'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT',
      }),
      expected: limited(minute),
    },
    {
      name: '429 with a reset beyond any window',
      given: status(429, limitBody({ resets_at: 99_999_999_999 })),
      expected: limited(32 * day),
    },
    {
      name: '429 usage_not_included',
      given: status(429, { error: { type: 'usage_not_included', message: 'Upgrade.' } }),
      expected: barred('usage_not_included'),
    },
    {
      name: '401 token_invalidated',
      given: status(401, unauthorized('token_invalidated')),
      expected: lost('token_invalidated'),
    },
    {
      name: '401 token_revoked',
      given: status(401, unauthorized('token_revoked')),
      expected: lost('token_revoked'),
    },
    {
      name: '401 account_deactivated',
      given: status(401, unauthorized('account_deactivated')),
      expected: lost('account_deactivated'),
    },
    {
      name: '401 token_expired',
      given: status(401, unauthorized('token_expired')),
      expected: credentialRefused,
    },
    {
      name: '401 without a code',
      given: status(401, unauthorized(null)),
      expected: credentialRefused,
    },
    {
      name: '401 with detail',
      given: status(401, { detail: 'Unauthorized' }),
      expected: credentialRefused,
    },
    { name: '401 without a body', given: answer(401, ''), expected: credentialRefused },
    {
      name: '402 deactivated_workspace, in an object in detail',
      given: status(402, { detail: { code: 'deactivated_workspace' } }),
      expected: barred('deactivated_workspace'),
    },
    { name: '402 without a body', given: answer(402, ''), expected: barred('http_402') },
    {
      name: '403 with a challenge page, which asks no account anything',
      given: answer(403, challengePage, html),
      expected: fault('http_403'),
    },
    {
      name: '403 unsupported_country_region_territory',
      given: status(403, failure('unsupported_country_region_territory')),
      expected: passOn,
    },
    {
      name: '403 with detail as a text',
      given: status(403, { detail: 'The account does not match the token.' }),
      expected: barred('http_403'),
    },
    { name: '403 without a body', given: answer(403, ''), expected: barred('http_403') },
    {
      name: '400 for a model the account may not use',
      given: status(400, {
        detail: "The 'gpt-5.3-codex' model is not supported when using Codex.",
      }),
      expected: modelRefused,
    },
    {
      name: '400 invalid_encrypted_content',
      given: status(400, failure('invalid_encrypted_content')),
      expected: foreignReasoning,
    },
    {
      name: '400 context_length_exceeded',
      given: status(400, failure('context_length_exceeded')),
      expected: passOn,
    },
    { name: '404', given: status(404, { detail: 'Not Found' }), expected: passOn },
    {
      name: 'a limit as a 404',
      given: status(404, { error: { code: 'usage_limit_reached', resets_in_seconds: 60 } }),
      expected: limited(minute),
    },
    {
      name: 'a limit as a 404, in words alone',
      given: status(404, { detail: 'You have hit your usage limit.' }),
      expected: limited(minute),
    },
    {
      name: 'a plan without the model’s use as a 404',
      given: status(404, { error: { type: 'usage_not_included' } }),
      expected: barred('usage_not_included'),
    },
    {
      name: 'a model by its code',
      given: status(400, { error: { code: 'model_not_supported_with_chatgpt_account' } }),
      expected: modelRefused,
    },
    {
      name: 'a model that the account has no access to',
      given: status(400, {
        error: { message: 'The model `gpt-9` does not exist or you do not have access to it.' },
      }),
      expected: modelRefused,
    },
    {
      name: 'the words of that with a fault of the backend',
      given: status(500, { error: { code: 'model_not_supported_with_chatgpt_account' } }),
      expected: fault('http_500'),
    },
    { name: '413', given: answer(413, ''), expected: passOn },
    { name: '304, which is an answer', given: answer(304, ''), expected: passOn },
    { name: '500', given: status(500, failure('server_error')), expected: fault('http_500') },
    {
      name: '502 with a page',
      given: answer(502, '<html>Bad gateway</html>', html),
      expected: fault('http_502'),
    },
    {
      name: '503 server_is_overloaded with retry-after',
      given: status(503, failure('server_is_overloaded'), { 'retry-after': '2' }),
      expected: fault('http_503', 2 * second),
    },
    {
      name: '503 with retry-after as a date',
      given: answer(503, '', [['retry-after', 'Sun, 22 Nov 2026 12:00:03 GMT']]),
      expected: fault('http_503', 3 * second),
    },
    {
      name: '503 with a retry-after that has passed',
      given: answer(503, '', [['retry-after', 'Sun, 22 Nov 2026 11:59:00 GMT']]),
      expected: fault('http_503'),
    },
    {
      name: '503 with a date of no time zone, which is another instant on every machine',
      given: answer(503, '', [['retry-after', 'Sun Nov 22 23:00:00 2026']]),
      expected: fault('http_503'),
    },
    { name: '529', given: answer(529, ''), expected: fault('http_529') },
  ])('$name', ({ given, expected }) => {
    expect(Verdict.of(noon)(given)).toEqual(expected)
  })
})

describe('what a failure inside a 200 stream, or none at all, means', () => {
  it.each<Row>([
    {
      name: 'usage_limit_reached with a reset',
      given: inStream({ code: 'usage_limit_reached', resetsIn: O.some(2 * hour) }),
      expected: limited(2 * hour),
    },
    {
      name: 'usage_limit_reached with the headers of the 200',
      given: inStream(
        { code: 'usage_limit_reached' },
        Object.entries(slot('primary', 100, week, 3 * day)),
      ),
      expected: limited(3 * day, 'weekly'),
    },
    {
      name: 'rate_limit_exceeded',
      given: inStream({ code: 'rate_limit_exceeded' }),
      expected: limited(minute),
    },
    {
      name: 'insufficient_quota',
      given: inStream({ code: 'insufficient_quota' }),
      expected: limited(minute),
    },
    {
      name: 'usage_not_included',
      given: inStream({ code: 'usage_not_included' }),
      expected: barred('usage_not_included'),
    },
    {
      name: 'token_revoked',
      given: inStream({ code: 'token_revoked' }),
      expected: lost('token_revoked'),
    },
    {
      name: 'context_length_exceeded',
      given: inStream({ code: 'context_length_exceeded' }),
      expected: passOn,
    },
    {
      name: 'invalid_encrypted_content',
      given: inStream({ code: 'invalid_encrypted_content' }),
      expected: foreignReasoning,
    },
    { name: 'invalid_prompt', given: inStream({ code: 'invalid_prompt' }), expected: passOn },
    { name: 'cyber_policy', given: inStream({ code: 'cyber_policy' }), expected: passOn },
    {
      name: 'server_is_overloaded',
      given: inStream({ code: 'server_is_overloaded' }),
      expected: fault('server_is_overloaded'),
    },
    { name: 'slow_down', given: inStream({ code: 'slow_down' }), expected: fault('slow_down') },
    {
      name: 'server_error',
      given: inStream({ code: 'server_error' }),
      expected: fault('server_error'),
    },
    {
      name: 'a cut stream',
      given: inStream({ code: 'stream_cut' }),
      expected: fault('stream_cut'),
    },
    {
      name: 'a failure without a code',
      given: inStream({ message: 'Something went wrong.' }),
      expected: fault('stream_failed'),
    },
    {
      name: 'no answer',
      given: { _tag: 'NoAnswer', code: 'ECONNRESET', whose: 'network' },
      expected: fault('ECONNRESET', 0, 'network'),
    },
    {
      name: 'no way to the backend',
      given: { _tag: 'NoAnswer', code: 'ENOTFOUND', whose: 'host' },
      expected: fault('ENOTFOUND', 0, 'host'),
    },
    {
      name: 'a failure that names the request at fault by its type',
      given: inStream({ type: 'invalid_request_error', message: 'No such tool.' }),
      expected: passOn,
    },
    {
      name: 'a failure whose code says more than its type',
      given: inStream({ type: 'invalid_request_error', code: 'server_is_overloaded' }),
      expected: fault('server_is_overloaded'),
    },
    {
      name: 'a rate that is too high for a moment, as the message says',
      given: inStream({
        code: 'rate_limit_exceeded',
        message: 'Rate limit reached for gpt-5.5. Please try again in 1.5s.',
      }),
      expected: limited(1_500),
    },
    {
      name: 'a model that is not for this account',
      given: inStream({ code: 'model_not_supported_with_chatgpt_account' }),
      expected: modelRefused,
    },
  ])('$name', ({ given, expected }) => {
    expect(Verdict.of(noon)(given)).toEqual(expected)
  })
})

describe('until when a refusal says that a quota window is spent', () => {
  const inAnHour = { resets_in_seconds: 3_600 }
  it.each<{ name: string; given: Verdict.Refusal; expected: O.Option<Instant> }>([
    {
      name: 'by its body, at an instant',
      given: status(429, limitBody({ resets_at: inSeconds(day), ...inAnHour })),
      expected: O.some(noon + day),
    },
    {
      name: 'by its body, in a span',
      given: status(429, limitBody(inAnHour)),
      expected: O.some(noon + hour),
    },
    {
      name: 'inside a stream',
      given: inStream({ code: 'usage_limit_reached', resetsIn: O.some(hour) }),
      expected: O.some(noon + hour),
    },
    {
      name: 'not where its headers say more',
      given: status(429, limitBody(inAnHour), slot('primary', 100, fiveHours, 2 * hour)),
      expected: O.none,
    },
    { name: 'not without a reset', given: status(429, limitBody()), expected: O.none },
    {
      name: 'not for a rate that is too high',
      given: status(429, { error: { code: 'rate_limit_exceeded', ...inAnHour } }),
      expected: O.none,
    },
    {
      name: 'not in a year that cannot be',
      given: status(429, limitBody({ resets_at: inSeconds(90 * day) })),
      expected: O.none,
    },
    {
      name: 'not without an answer',
      given: { _tag: 'NoAnswer', code: 'ECONNRESET', whose: 'network' },
      expected: O.none,
    },
  ])('$name', ({ expected, given }) => {
    expect(Verdict.spentUntil(noon)(given)).toEqual(expected)
  })
})

describe('the plan that a refusal names', () => {
  const headers: Headers = [['x-codex-plan-type', 'plus']]
  const body = (error: object): string => JSON.stringify({ error })
  it.each<{ name: string; given: Verdict.Refusal; expected: string | undefined }>([
    {
      name: 'in its body, which goes before its headers',
      given: {
        ...{ _tag: 'Status', status: 429, headers },
        body: body({ type: 'usage_limit_reached', plan_type: 'free' }),
      },
      expected: 'free',
    },
    {
      name: 'in its headers',
      given: { _tag: 'Status', status: 429, headers, body: body({ code: 'usage_not_included' }) },
      expected: 'plus',
    },
    {
      name: 'in its headers, where the body names none of a plan’s form',
      given: { _tag: 'Status', status: 429, headers, body: body({ plan_type: 'a b' }) },
      expected: 'plus',
    },
    {
      name: 'in a stream',
      given: {
        ...{ _tag: 'InStream', headers: [] },
        failure: ErrorBody.ofJson({ error: { code: 'usage_limit_reached', plan_type: 'team' } }),
      },
      expected: 'team',
    },
    {
      name: 'nowhere',
      given: { _tag: 'Status', status: 429, headers: [], body: '' },
      expected: undefined,
    },
    {
      name: 'not where there is no answer',
      given: { _tag: 'NoAnswer', code: 'ECONNRESET', whose: 'network' },
      expected: undefined,
    },
  ])('$name', ({ expected, given }) => {
    expect(O.toUndefined(Verdict.planTold(noon)(given))).toEqual(
      expected === undefined ? undefined : { name: expected, at: noon },
    )
  })
})

const anOddNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1e308, -1e308, 1e-9))

const aBody: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.json(),
  fc.constantFrom('', challengePage, '{"error":', 'null'),
  fc
    .record(
      {
        code: fc.oneof(
          fc.constantFrom(
            null,
            'token_revoked',
            'usage_limit_reached',
            'usage_not_included',
            'invalid_encrypted_content',
          ),
          fc.string(),
        ),
        type: fc.oneof(fc.constantFrom('usage_limit_reached', 'server_error'), fc.string()),
        resets_at: anOddNumber,
        resets_in_seconds: anOddNumber,
        plan_type: fc.oneof(fc.constantFrom('plus', null), fc.string()),
      },
      { requiredKeys: [] },
    )
    .chain((error) => fc.constantFrom({ error }, { detail: error }, error))
    .map((body) => JSON.stringify(body)),
)

const hintNames = ['primary', 'secondary'].flatMap((name) =>
  ['used-percent', 'window-minutes', 'reset-at', 'reset-after-seconds'].map(
    (field) => `x-codex-${name}-${field}`,
  ),
)

const someHeaders: fc.Arbitrary<Headers> = fc.array(
  fc.tuple(
    fc.constantFrom('retry-after', 'retry-after-ms', 'content-type', ...hintNames),
    fc.oneof(
      fc.string(),
      anOddNumber.map(String),
      fc.constantFrom(
        '',
        '100',
        '300',
        'NaN',
        'text/html',
        '1e999',
        'Fri, 31 Dec 9999 23:59:59 GMT',
      ),
    ),
  ),
)

describe('laws', () => {
  it('holds a limited account for a while, and never beyond 32 days', () => {
    fc.assert(
      fc.property(aBody, someHeaders, fc.boolean(), (body, headers, streamed) => {
        const failed = { ...ErrorBody.parse(body), code: 'usage_limit_reached' }
        const given = streamed ? inStream(failed, headers) : answer(429, body, headers)
        const verdict = Verdict.of(noon)(given)
        if (verdict._tag !== 'Limited') return expect(verdict._tag).toBe('AccountBarred')
        expect(verdict.until).toBeGreaterThan(noon)
        return expect(verdict.until).toBeLessThanOrEqual(noon + 32 * day)
      }),
    )
  })

  it('lets the latest of all hints decide until when', () => {
    const spans = fc.integer({ min: 1, max: 30 * 24 * 3_600 }).map((seconds) => seconds * second)
    const hints = fc.record(
      { body: spans, span: spans, header: spans, primary: spans, secondary: spans },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(hints, (given) => {
        const { body, span, header, primary, secondary } = given
        const all = Object.values(given)
        const refusal = status(
          429,
          limitBody({
            ...(body === undefined ? {} : { resets_at: inSeconds(body) }),
            ...(span === undefined ? {} : { resets_in_seconds: span / second }),
          }),
          {
            ...(header === undefined ? {} : { 'retry-after': String(header / second) }),
            ...(primary === undefined ? {} : slot('primary', 100, fiveHours, primary)),
            ...(secondary === undefined ? {} : slot('secondary', 100, week, secondary)),
          },
        )
        expect(Verdict.of(noon)(refusal)).toMatchObject({
          _tag: 'Limited',
          until: noon + (all.length === 0 ? minute : Math.max(...all)),
        })
      }),
    )
  })

  it('blames the backend for any 5xx, whatever its body and headers say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), aBody, someHeaders, (code, body, headers) => {
        const verdict = Verdict.of(noon)(answer(code, body, headers))
        expect(verdict).toMatchObject({ _tag: 'ProviderFault', code: `http_${code}` })
      }),
    )
  })

  it('passes any 400 on but one over reasoning, whatever its body and headers say', () => {
    fc.assert(
      fc.property(aBody, someHeaders, (body, headers) => {
        const isOverReasoning = ErrorBody.parse(body).code === 'invalid_encrypted_content'
        expect(Verdict.of(noon)(answer(400, body, headers))).toEqual(
          isOverReasoning ? foreignReasoning : passOn,
        )
      }),
    )
  })

  it('counts nothing against an account but 401, 402, 403 and 429', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), aBody, someHeaders, (code, body, headers) => {
        fc.pre(![401, 402, 403, 429].includes(code))
        const { _tag } = Verdict.of(noon)(answer(code, body, headers))
        expect(['PassOn', 'ForeignReasoning', 'ProviderFault']).toContain(_tag)
      }),
    )
  })

  it('takes a sign-in for lost by the three codes that say so, and by nothing else', () => {
    const codes = ['token_invalidated', 'token_revoked', 'account_deactivated']
    const aCode = fc.oneof(fc.constantFrom(...codes, 'token_expired', 'invalid_token'), fc.string())
    fc.assert(
      fc.property(aCode, (code) => {
        const { _tag } = Verdict.of(noon)(status(401, unauthorized(code)))
        expect(_tag).toBe(codes.includes(code) ? 'SignInLost' : 'CredentialRefused')
      }),
    )
  })

  it('gives a hint that is a number of milliseconds to come', () => {
    fc.assert(
      fc.property(fc.constantFrom(500, 503, 529), aBody, someHeaders, (code, body, headers) => {
        const verdict = Verdict.of(noon)(answer(code, body, headers))
        const hint = verdict._tag === 'ProviderFault' ? verdict.hint : NaN
        expect(Number.isFinite(hint) && hint >= 0).toBe(true)
      }),
    )
  })

  it('means the same an hour later, an hour later', () => {
    const anInstant: fc.Arbitrary<Instant> = fc.integer({ min: noon, max: noon + day })
    fc.assert(
      fc.property(anInstant, fc.integer({ min: 1, max: 10_000 }), (now, seconds) => {
        const verdict = Verdict.of(now)(status(429, limitBody({ resets_in_seconds: seconds })))
        expect(verdict).toMatchObject({ until: now + seconds * second })
      }),
    )
  })
})
