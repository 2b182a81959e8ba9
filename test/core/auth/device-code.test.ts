import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as DeviceCode from '../../../core/auth/device-code'
import type { Headers } from '../../../core/request/headers'
import { minute, second } from '../../../core/time'

const seams = { issuer: 'https://issuer.test' }
const now = Date.UTC(2026, 10, 22, 12)
const code: DeviceCode.DeviceCode = {
  deviceAuthId: 'd1',
  userCode: 'ABCD-EFGHJ',
  interval: 5 * second,
}

const codeOf = (more: object) =>
  DeviceCode.ofCodeAnswer(200, JSON.stringify({ device_auth_id: 'd1', user_code: 'A', ...more }))

describe('the code', () => {
  it.each([
    { given: '5', expected: 5 * second },
    { given: 7, expected: 7 * second },
    { given: '0.01', expected: second },
    { given: '86400', expected: minute },
    { given: '-3', expected: 5 * second },
    { given: 'soon', expected: 5 * second },
    { given: undefined, expected: 5 * second },
    { given: null, expected: 5 * second },
  ])('with the interval $given is asked for every $expected ms', ({ given, expected }) => {
    expect(codeOf({ interval: given })._unsafeUnwrap().interval).toBe(expected)
  })

  it('may come under an older name', () => {
    expect(codeOf({ user_code: undefined, usercode: 'B' })._unsafeUnwrap().userCode).toBe('B')
  })

  it.each([
    { name: 'not offered', status: 404, text: '{}', expected: 'DeviceCodeNotOffered' },
    { name: 'refused', status: 429, text: '', expected: 'DeviceCodeRefused' },
    { name: 'no JSON', status: 200, text: '<html>', expected: 'DeviceCodeRefused' },
    { name: 'empty', status: 200, text: '{"device_auth_id":"d1"}', expected: 'DeviceCodeRefused' },
    {
      name: 'without an id',
      status: 200,
      text: '{"user_code":"A"}',
      expected: 'DeviceCodeRefused',
    },
  ])('is none when $name', ({ status, text, expected }) => {
    expect(DeviceCode.ofCodeAnswer(status, text)._unsafeUnwrapErr()._tag).toBe(expected)
  })
})

describe('an answer while it is waited for', () => {
  const of = (status: number, text = '', headers: Headers = []) =>
    DeviceCode.ofPollAnswer(seams, code)(now, status, headers, text)

  it.each([403, 404])('%d is pending', (status) => {
    expect(of(status)).toEqual({ _tag: 'Pending' })
  })

  it.each([
    { name: 'without a word', headers: [], wait: 5 * second },
    { name: 'with a span', headers: [['retry-after', '30']] as const, wait: 30 * second },
    { name: 'with a short span', headers: [['retry-after-ms', '20']] as const, wait: second },
    {
      name: 'with a date',
      headers: [['retry-after', new Date(now + minute).toUTCString()]] as const,
      wait: minute,
    },
  ])('of a busy issuer $name is asked again after $wait ms', ({ headers, wait }) => {
    for (const status of [408, 429, 502, 503, 504]) {
      expect(of(status, '', headers)).toEqual({ _tag: 'Busy', wait })
    }
  })

  it('of a code that was typed is what tokens are had for', () => {
    const text = '{"authorization_code":"c1","code_challenge":"x","code_verifier":"v1"}'
    expect(of(200, text)).toEqual({
      _tag: 'Granted',
      exchange: {
        code: 'c1',
        verifier: 'v1',
        redirectUri: 'https://issuer.test/deviceauth/callback',
      },
    })
  })

  it.each([
    { status: 400, text: '{"error":"expired_token"}', expected: O.some('expired_token') },
    { status: 500, text: '', expected: O.none },
    { status: 200, text: '{}', expected: O.none },
  ])('of $status with $text is a refusal', ({ status, text, expected }) => {
    expect(of(status, text)).toEqual({ _tag: 'DeviceCodeRefused', status, code: expected })
  })
})

it('waits as long as it is told, and at most a tenth longer', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 900_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (wait, draw) => {
        const next = DeviceCode.nextWait(code, draw)
        expect(next({ _tag: 'Pending' })).toBe(code.interval)
        const busy = next({ _tag: 'Busy', wait })
        expect(busy).toBeGreaterThanOrEqual(wait)
        expect(busy).toBeLessThanOrEqual(wait * 1.1)
      },
    ),
  )
})

it('shows where the code is typed', () => {
  expect(DeviceCode.pageUrl(seams)).toBe('https://issuer.test/codex/device')
})
