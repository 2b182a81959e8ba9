import * as ErrorBody from '../../../core/failover/error-body'
import * as HostAnswer from '../../../core/request/host-answer'

describe('a refusal as a host gets it', () => {
  it.each<{ name: string; status: number; code?: string; message?: string; expected: object }>([
    {
      name: 'a usage limit',
      status: 429,
      code: 'usage_limit_reached',
      message: 'limit',
      expected: { status: 400, code: 'usage_limit_reached', message: 'limit' },
    },
    {
      name: 'a usage limit behind a 404',
      status: 404,
      message: 'You have hit your usage limit',
      expected: { status: 400, code: 'usage_limit_reached' },
    },
    {
      name: 'another 404',
      status: 404,
      message: 'no such thing',
      expected: { status: 400, code: 'http_404' },
    },
    {
      name: 'another 429',
      status: 429,
      code: 'slow_down',
      expected: { status: 400, code: 'slow_down' },
    },
    {
      name: 'a plan without Codex',
      status: 429,
      code: 'usage_not_included',
      message: 'upgrade',
      expected: { status: 403, code: 'usage_not_included', message: 'upgrade' },
    },
    {
      name: 'an overflow by code',
      status: 400,
      code: 'context_length_exceeded',
      message: 'x',
      expected: { status: 400, code: 'context_length_exceeded' },
    },
    {
      name: 'an overflow by words',
      status: 400,
      message: 'Your input exceeds the context window of this model',
      expected: { status: 400, code: 'context_length_exceeded' },
    },
    {
      name: 'an overflow by status and words',
      status: 413,
      message: 'prompt is too long',
      expected: { status: 400, code: 'context_length_exceeded' },
    },
    {
      name: 'words of overflow on a 500',
      status: 500,
      message: 'context length',
      expected: { status: 500, code: 'http_500' },
    },
    {
      name: 'an error of the request',
      status: 400,
      code: 'invalid_prompt',
      message: 'bad',
      expected: { status: 400, code: 'invalid_prompt', message: 'bad' },
    },
    {
      name: 'an error without words',
      status: 400,
      expected: { status: 400, code: 'http_400', message: 'The backend answered 400.' },
    },
  ])('$name', ({ status, code = '', message = '', expected }) => {
    expect(HostAnswer.ofRefusal(status, { ...ErrorBody.none, code, message })).toMatchObject(
      expected,
    )
  })
})
