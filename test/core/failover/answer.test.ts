import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Answer from '../../../core/failover/answer'
import type { Because } from '../../../core/failover/machine'
import * as Verdict from '../../../core/failover/verdict'
import * as Headers from '../../../core/request/headers'
import { day, hour, second, type Instant } from '../../../core/time'
import { anOption, aroundNoon, noon } from '../../support/routing'

const allBarred = (soonest?: Instant, isLimited = true): Because => ({
  _tag: 'AllBarred',
  soonest: O.fromNullable(soonest),
  isLimited,
})
const backendFails = (code: string): Because => ({ _tag: 'BackendFails', code })

const header = (name: string, { headers }: Answer.Answer): string | undefined =>
  O.toUndefined(Headers.get(name)(headers))

const brief = (answer: Answer.Answer) => ({
  status: answer.status,
  type: header('content-type', answer),
  retryAfter: header('retry-after', answer),
})

describe('the answer when no account can serve', () => {
  const json = 'application/json'
  it.each<{ name: string; client: Answer.Client; because: Because; expected: object }>([
    {
      name: 'the official CLI says itself when a limit resets, and must not wait for it',
      client: 'official',
      because: allBarred(noon + hour),
      expected: { status: 429, type: json, retryAfter: undefined },
    },
    {
      name: 'nor for what is no limit, as it would try a 503 thirty times',
      client: 'official',
      because: allBarred(noon + hour, false),
      expected: { status: 429, type: json, retryAfter: undefined },
    },
    {
      name: 'other clients are told when to come back from what is no limit',
      client: 'other',
      because: allBarred(noon + hour, false),
      expected: { status: 503, type: json, retryAfter: '3600' },
    },
    {
      name: 'a host shows it, and does not wait',
      client: 'host',
      because: allBarred(noon + hour, false),
      expected: { status: 400, type: json, retryAfter: undefined },
    },
    {
      name: 'other clients are told when to come back',
      client: 'other',
      because: allBarred(noon + hour),
      expected: { status: 429, type: json, retryAfter: '3600' },
    },
    {
      name: 'a host shows a limit and does not wait',
      client: 'host',
      because: allBarred(noon + hour),
      expected: { status: 400, type: json, retryAfter: undefined },
    },
    {
      name: 'a host shows that a sign-in is needed',
      client: 'host',
      because: allBarred(),
      expected: { status: 400, type: json, retryAfter: undefined },
    },
    {
      name: 'a part of a second counts as one',
      client: 'other',
      because: allBarred(noon + 1_001),
      expected: { status: 429, type: json, retryAfter: '2' },
    },
    {
      name: 'a reset that has just passed is a second away',
      client: 'other',
      because: allBarred(noon - hour),
      expected: { status: 429, type: json, retryAfter: '1' },
    },
    {
      name: 'what nobody can read is final for the official CLI',
      client: 'official',
      because: { _tag: 'Unreadable' },
      expected: { status: 400, type: 'text/plain; charset=utf-8', retryAfter: undefined },
    },
    {
      name: 'and for every other client',
      client: 'other',
      because: { _tag: 'Unreadable' },
      expected: { status: 400, type: json, retryAfter: undefined },
    },
    {
      name: 'a model that no account may use is final for the official CLI',
      client: 'official',
      because: { _tag: 'NoModel', model: O.some('gpt-5.5') },
      expected: { status: 400, type: 'text/plain; charset=utf-8', retryAfter: undefined },
    },
    {
      name: 'and for any other client',
      client: 'other',
      because: { _tag: 'NoModel', model: O.none },
      expected: { status: 400, type: json, retryAfter: undefined },
    },
    {
      name: 'the official CLI shows a 400 as it is',
      client: 'official',
      because: allBarred(),
      expected: { status: 400, type: 'text/plain; charset=utf-8', retryAfter: undefined },
    },
    {
      name: 'other clients get an error of a kind',
      client: 'other',
      because: allBarred(),
      expected: { status: 503, type: json, retryAfter: undefined },
    },
    {
      name: 'a failing backend, for the official CLI',
      client: 'official',
      because: backendFails('http_500'),
      expected: { status: 503, type: json, retryAfter: '2' },
    },
    {
      name: 'a failing backend, for others',
      client: 'other',
      because: backendFails('ECONNREFUSED'),
      expected: { status: 503, type: json, retryAfter: '2' },
    },
  ])('$name', ({ client, because, expected }) => {
    expect(brief(Answer.ofGivingUp(client, noon)(because))).toEqual(expected)
  })

  it('is a usage limit in the words the official CLI knows', () => {
    const { body } = Answer.ofGivingUp('official', noon)(allBarred(noon + hour))
    expect(JSON.parse(body)).toEqual({
      error: {
        type: 'usage_limit_reached',
        code: 'usage_limit_reached',
        message: 'The usage limit has been reached',
        resets_at: noon / second + 3_600,
        resets_in_seconds: 3_600,
      },
    })
  })

  it.each<Answer.Client>(['official', 'host', 'other'])(
    'names the command that helps to %s',
    (client) => {
      const { body } = Answer.ofGivingUp(client, noon)(allBarred())
      expect(body).toContain('codex-multi-auth login')
      expect(body.split('\n')).toHaveLength(1)
    },
  )

  it('names what the backend failed with', () => {
    const { body } = Answer.ofGivingUp('other', noon)(backendFails('server_is_overloaded'))
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'server_is_overloaded' } })
  })
})

const aClient = fc.constantFrom<Answer.Client>('official', 'other')
const aBecause: fc.Arbitrary<Because> = fc.oneof(
  fc
    .tuple(anOption(aroundNoon), fc.boolean())
    .map(([soonest, isLimited]): Because => ({ _tag: 'AllBarred', soonest, isLimited })),
  fc.string().map(backendFails),
)

describe('laws', () => {
  it('never makes the official CLI refresh its token, wait, or fall for a redirect', () => {
    fc.assert(
      fc.property(aBecause, aroundNoon, (because, now) => {
        const answer = Answer.ofGivingUp('official', now)(because)
        expect([400, 429, 503]).toContain(answer.status)
        if (answer.status === 429) expect(header('retry-after', answer)).toBeUndefined()
      }),
    )
  })

  it('never makes a host wait, nor ask again by itself', () => {
    fc.assert(
      fc.property(aBecause, aroundNoon, (because, now) => {
        const answer = Answer.ofGivingUp('host', now)(because)
        expect(answer.status).toBe(400)
        expect(answer.headers.map(([name]) => name)).not.toContain('retry-after')
      }),
    )
  })

  it('gives a JSON error wherever it says JSON', () => {
    fc.assert(
      fc.property(aClient, aBecause, aroundNoon, (client, because, now) => {
        const answer = Answer.ofGivingUp(client, now)(because)
        if (header('content-type', answer) !== 'application/json') return
        const { error } = JSON.parse(answer.body)
        expect([typeof error.code, typeof error.message]).toEqual(['string', 'string'])
      }),
    )
  })

  it('is read as the very limit it tells of', () => {
    const aSpan = fc.integer({ min: 1, max: 31 * day })
    fc.assert(
      fc.property(aClient, aSpan, aroundNoon, (client, span, now) => {
        const answer = Answer.ofGivingUp(client, now)(allBarred(now + span))
        const verdict = Verdict.of(now)({ _tag: 'Status', ...answer })
        const until = verdict._tag === 'Limited' ? verdict.until : NaN
        expect(until).toBeGreaterThanOrEqual(now + span)
        expect(until).toBeLessThanOrEqual(now + span + second)
      }),
    )
  })
})
