import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as ErrorBody from '../../../core/failover/error-body'
import { minute, ofUnixSeconds } from '../../../core/time'

const limit = { type: 'usage_limit_reached', message: 'The usage limit has been reached' }

describe('parse', () => {
  it.each<{ name: string; given: unknown; expected: Partial<ErrorBody.ErrorBody> }>([
    {
      name: 'a usage limit, named by its type',
      given: {
        error: { ...limit, plan_type: 'plus', resets_at: 1777936568, resets_in_seconds: 13872 },
      },
      expected: {
        code: 'usage_limit_reached',
        message: limit.message,
        resetsAt: O.some(ofUnixSeconds(1777936568)),
        resetsIn: O.some(13_872_000),
        plan: O.some('plus'),
      },
    },
    {
      name: 'a code goes before a type',
      given: { error: { ...limit, code: 'rate_limit_exceeded' } },
      expected: { code: 'rate_limit_exceeded', message: limit.message },
    },
    {
      name: 'a code of null leaves it to the type',
      given: { error: { type: 'usage_not_included', code: null } },
      expected: { code: 'usage_not_included' },
    },
    {
      name: 'an empty code does too',
      given: { error: { ...limit, code: '' } },
      expected: { code: 'usage_limit_reached', message: limit.message },
    },
    {
      name: 'a type that only says whose fault it is names nothing',
      given: { error: { type: 'invalid_request_error', message: 'No.', code: null } },
      expected: { type: 'invalid_request_error', message: 'No.' },
    },
    {
      name: 'a code beside such a type',
      given: { error: { type: 'invalid_request_error', code: 'token_revoked' }, status: 401 },
      expected: { code: 'token_revoked' },
    },
    {
      name: 'detail as a text',
      given: { detail: 'The model is not supported.' },
      expected: { message: 'The model is not supported.' },
    },
    {
      name: 'detail as an object',
      given: { detail: { code: 'deactivated_workspace' } },
      expected: { code: 'deactivated_workspace' },
    },
    {
      name: 'error goes before an object in detail',
      given: { error: { code: 'a' }, detail: { code: 'b' } },
      expected: { code: 'a' },
    },
    {
      name: 'an error of null leaves it to detail',
      given: { error: null, detail: { code: 'b' } },
      expected: { code: 'b' },
    },
    {
      name: 'a bare error, as events carry it',
      given: { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down.', param: null },
      expected: { code: 'rate_limit_exceeded', message: 'Slow down.' },
    },
    {
      name: 'a field of an odd type does not take the others with it',
      given: { error: { ...limit, message: 7, resets_at: '1777936568', resets_in_seconds: 60 } },
      expected: { code: 'usage_limit_reached', resetsIn: O.some(minute) },
    },
    {
      name: 'a code that is a number is none',
      given: { error: { ...limit, code: 429 } },
      expected: { code: 'usage_limit_reached', message: limit.message },
    },
    { name: 'an error that is a text', given: { error: 'invalid_grant' }, expected: {} },
    { name: 'an empty object', given: {}, expected: {} },
    { name: 'an object of something else', given: { ok: true }, expected: {} },
    { name: 'a list', given: [{ error: limit }], expected: {} },
    { name: 'null', given: null, expected: {} },
    { name: 'a number', given: 429, expected: {} },
  ])('$name', ({ given, expected }) => {
    expect(ErrorBody.parse(JSON.stringify(given))).toEqual({
      ...ErrorBody.none,
      type: expect.any(String),
      ...expected,
    })
  })

  it.each(['', ' ', '<html><title>Just a moment...</title></html>', '{"error":', 'upstream down'])(
    'finds nothing in %j',
    (text) => {
      expect(ErrorBody.parse(text)).toEqual(ErrorBody.none)
    },
  )
})

it('gives an error of the right types for any JSON', () => {
  const aField = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.object())
  const anError = fc.record(
    {
      code: aField,
      type: aField,
      message: aField,
      resets_at: aField,
      resets_in_seconds: aField,
      detail: aField,
      error: aField,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        anError,
        fc.record({ error: anError }),
        fc.record({ detail: anError }),
      ),
      (json) => {
        const { code, message, resetsAt, resetsIn } = ErrorBody.ofJson(json)
        expect([typeof code, typeof message]).toEqual(['string', 'string'])
        if (O.isSome(resetsAt)) expect(resetsAt.value).not.toBeNaN()
        if (O.isSome(resetsIn)) expect(resetsIn.value).not.toBeNaN()
      },
    ),
  )
})
