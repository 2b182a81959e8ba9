/**
 * What becomes of a request for every way the upstream can fail: with a healthy account next in line,
 * and with all accounts failing alike.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second, type Instant } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../../entrypoints/embed/testing/journal'
import { everyone } from '../../../entrypoints/embed/testing/script'
import {
  ask,
  openEngine,
  triedBy,
  type Answer,
  type Asking,
  type Engine,
} from '../../support/engine'
import { layout, makeWorld, nameOf, personOf, type World } from '../../support/world'

/** `status by name` is that account's own answer, byte for byte; any other is one of ours. */
const answerOf = (engine: Engine, { status, text, end }: Answer): string => {
  const last = engine.attempts.at(-1)
  const cut = end === 'cut' ? ', cut' : ''
  if (last?.status === status && last.text === text && (last.end === 'whole') === (end === 'whole'))
    return `${status} by ${last.name}${cut}`
  if (!text.startsWith('{')) return `${status} ${text}`
  const { error } = JSON.parse(text)
  const seconds = error.resets_in_seconds
  return `${status} ${error.code}${seconds === undefined ? '' : ` in ${seconds} s`}${cut}`
}

const triedIn = ({ attempts }: Engine): string => {
  const tried = attempts.map(({ name }) => name).join(' ')
  const round = 'ada grace barbara'
  const rounds = tried.split(round)
  return rounds.length > 2 && rounds.every((rest) => rest.trim() === '')
    ? `rounds of ${round}`
    : tried
}

/** What holds the accounts back afterwards; `all`, when it is the same for each. */
const aftermath = (world: World, startedAt: Instant): string => {
  const state = RuntimeState.parse(world.text(layout.runtimeState), world.text(layout.quota))
  const { accounts } = world.pool()
  const held = accounts.flatMap((account) => {
    const cooldown = RuntimeState.cooldownOf(Account.key(account))(state)
    const whats = [
      ...(O.isSome(account.invalidation) ? [account.invalidation.value.code] : []),
      ...(cooldown._tag === 'Ready'
        ? []
        : [
            [
              cooldown.why,
              ...(O.isSome(cooldown.window) ? [`(${cooldown.window.value})`] : []),
              `${(cooldown.until - startedAt) / second} s`,
            ].join(' '),
          ]),
    ]
    return whats.map((what) => [nameOf(world, Account.key(account)), what] as const)
  })
  const [first] = held
  return first !== undefined &&
    held.length === accounts.length &&
    held.every(([, what]) => what === first[1])
    ? `all ${first[1]}`
    : held.map((words) => words.join(' ')).join(', ')
}

interface Told {
  readonly answer: string
  readonly tried: string
  readonly after: string
}

/** What is so whatever the upstream does. */
const expectInOrder = ({ network, upstream }: World, engine: Engine): void => {
  expect(upstream.journal.violations()).toEqual([])
  expect(engine.attempts.filter(({ end }) => end === 'open')).toEqual([])
  expect(network.exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
}

const run = async (
  world: World,
  asking: Asking = {},
): Promise<Told & { readonly took: number; readonly headAfter: number }> => {
  const engine = await openEngine(world)
  const startedAt = world.time.now()
  const answer = await world.time.run(() => ask(engine, asking))
  await world.time.run(() => engine.close())
  expectInOrder(world, engine)
  return {
    answer: answerOf(engine, answer),
    tried: triedIn(engine),
    after: aftermath(world, startedAt),
    took: (answer.endAt - startedAt) / second,
    headAfter: (answer.headAt - startedAt) / second,
  }
}

type Row = readonly [answer: string, tried: string, after: string]

const told = ([answer, tried, after]: Row): Told => ({ answer, tried, after })

/** The request moves on, and `after` is why. */
const moved = (after: string): Row => ['200 by grace', 'ada grace', after]
/** All in turn, then one answer of ours. */
const none = (answer: string, after: string): Row => [answer, 'ada grace barbara', after]
const backendFails = (code: string): Row => [`503 ${code}`, 'rounds of ada grace barbara', '']
/** The client gets it from the first account, as it is. */
const passed = (answer: string): Row => [answer, 'ada', '']

const providerFault: Row = moved('ada provider 4 s')

interface Case {
  readonly name: string
  readonly does: Behaviour.Behaviour
  /** When only ada does it. */
  readonly one: Row
  readonly all: Row
}

const statuses: ReadonlyArray<Case> = [
  {
    name: '429 usage limit',
    does: Behaviour.usageLimit(hour),
    one: moved('ada rate-limited (five-hour) 3600 s'),
    all: none('429 usage_limit_reached in 3600 s', 'all rate-limited (five-hour) 3600 s'),
  },
  {
    name: '429 usage not included',
    does: Behaviour.usageNotIncluded,
    one: moved('ada workspace 900 s'),
    all: none('429 usage_limit_reached in 900 s', 'all workspace 900 s'),
  },
  {
    name: '429 without a hint',
    does: Behaviour.rateLimited(),
    one: moved('ada rate-limited 60 s'),
    all: none('429 usage_limit_reached in 60 s', 'all rate-limited 60 s'),
  },
  {
    name: '429 with retry-after',
    does: Behaviour.rateLimited(2 * minute),
    one: moved('ada rate-limited 120 s'),
    all: none('429 usage_limit_reached in 120 s', 'all rate-limited 120 s'),
  },
  {
    name: '404 usage limit',
    does: Behaviour.usageLimitNotFound,
    one: moved('ada rate-limited 60 s'),
    all: none('429 usage_limit_reached in 60 s', 'all rate-limited 60 s'),
  },
  {
    name: '401 token expired, also after a refresh',
    does: Behaviour.unauthorized('token_expired'),
    one: ['200 by grace', 'ada ada grace', 'ada credential 30 s'],
    // Two renewals are two seconds apart.
    all: [
      '429 usage_limit_reached in 26 s',
      'ada ada grace grace barbara barbara',
      'ada credential 30 s, grace credential 32 s, barbara credential 34 s',
    ],
  },
  ...(['token_invalidated', 'token_revoked', 'account_deactivated'] as const).map((code): Case => ({
    name: `401 ${code}`,
    does: Behaviour.unauthorized(code),
    one: moved(`ada ${code}`),
    all: none('429 usage_limit_reached in 60 s', `all ${code}`),
  })),
  {
    name: '402 deactivated workspace',
    does: Behaviour.deactivatedWorkspace,
    one: moved('ada workspace 900 s'),
    all: none('429 usage_limit_reached in 900 s', 'all workspace 900 s'),
  },
  {
    name: '403 bot check',
    does: Behaviour.challenge,
    one: providerFault,
    all: backendFails('http_403'),
  },
  {
    name: '403 unsupported country',
    does: Behaviour.unsupportedCountry,
    one: passed('403 by ada'),
    all: passed('403 by ada'),
  },
  {
    name: '400 too long a context',
    does: Behaviour.contextTooLong,
    one: passed('400 by ada'),
    all: passed('400 by ada'),
  },
  ...[500, 502].map((status): Case => ({
    name: `${status}`,
    does: Behaviour.serverFault(status),
    one: providerFault,
    all: backendFails(`http_${status}`),
  })),
  {
    name: '503 with retry-after',
    does: Behaviour.serverFault(503, second),
    one: providerFault,
    all: backendFails('http_503'),
  },
  {
    name: '503 overloaded',
    does: Behaviour.overloaded,
    one: providerFault,
    all: backendFails('http_503'),
  },
  {
    name: 'a reset',
    does: Behaviour.reset,
    one: moved('ada provider 6 s'),
    all: backendFails('ECONNRESET'),
  },
  {
    name: 'a page in place of a stream',
    does: Behaviour.noStream('<html>Sign in to the network</html>', 'text/html'),
    one: providerFault,
    all: backendFails('no_stream'),
  },
]

const heads: ReadonlyArray<Case> = [
  ...['usage_limit_reached', 'rate_limit_exceeded', 'insufficient_quota'].map((code): Case => ({
    name: `failed with ${code}`,
    does: Behaviour.failed(code),
    one: moved('ada rate-limited 60 s'),
    all: none('429 usage_limit_reached in 60 s', 'all rate-limited 60 s'),
  })),
  ...['server_is_overloaded', 'slow_down', 'server_error'].map((code): Case => ({
    name: `failed with ${code}`,
    does: Behaviour.failed(code),
    one: providerFault,
    all: backendFails(code),
  })),
  {
    name: 'failed with what is wrong with the request',
    does: Behaviour.failed('context_length_exceeded'),
    one: passed('200 by ada'),
    all: passed('200 by ada'),
  },
  {
    name: 'an error as its first event',
    does: Behaviour.errorEvent('usage_limit_reached', 'start'),
    one: moved('ada rate-limited 60 s'),
    all: none('429 usage_limit_reached in 60 s', 'all rate-limited 60 s'),
  },
  {
    name: 'an error before its output',
    does: Behaviour.errorEvent('server_error'),
    one: providerFault,
    all: backendFails('server_error'),
  },
  {
    name: 'cut before its first event',
    does: Behaviour.cut('start'),
    one: providerFault,
    all: backendFails('stream_empty'),
  },
  {
    name: 'cut before its output',
    does: Behaviour.cut('before-output'),
    one: providerFault,
    all: backendFails('stream_cut'),
  },
  {
    name: 'empty',
    does: Behaviour.emptyStream,
    one: providerFault,
    all: backendFails('stream_empty'),
  },
  {
    name: 'at its end before its output',
    does: Behaviour.stops('before-output'),
    one: providerFault,
    all: backendFails('stream_cut'),
  },
]

/** What comes after the commit point, or shows something by itself, stays with its account. */
const final: ReadonlyArray<Case> = [
  { name: 'good', does: Behaviour.ok, answer: '200 by ada' },
  { name: 'a tool call', does: Behaviour.calls('shell', { command: 'ls' }), answer: '200 by ada' },
  { name: 'slow to begin', does: Behaviour.slow(100 * second), answer: '200 by ada' },
  { name: 'incomplete', does: Behaviour.incomplete(), answer: '200 by ada' },
  {
    name: 'incomplete without output',
    does: Behaviour.incomplete('content_filter', 'before-output'),
    answer: '200 by ada',
  },
  { name: 'cut after output', does: Behaviour.cut('after-output'), answer: '200 by ada, cut' },
  { name: 'at its end after output', does: Behaviour.stops('after-output'), answer: '200 by ada' },
  {
    name: 'failed after output',
    does: Behaviour.failed('usage_limit_reached', 'after-output'),
    answer: '200 by ada',
  },
  {
    name: 'an error after output',
    does: Behaviour.errorEvent('server_is_overloaded', 'after-output'),
    answer: '200 by ada',
  },
].map(({ name, does, answer }) => ({ name, does, one: passed(answer), all: passed(answer) }))

describe.each([
  { what: 'an answer that is', cases: statuses },
  { what: 'a 200 stream that is', cases: heads },
  { what: 'an answer that stays:', cases: final },
])('$what', ({ cases }) => {
  it.each(cases)('$name, with a healthy account next in line', async ({ does, one }) => {
    const world = await makeWorld()
    world.upstream.always(personOf(world, 'ada').account.key, does)
    expect(await run(world)).toMatchObject(told(one))
  })

  it.each(cases)('$name, from all accounts', async ({ does, all }) => {
    const world = await makeWorld()
    world.upstream.always(everyone, does)
    expect(await run(world)).toMatchObject(told(all))
  })
})

describe('a silence', () => {
  it('is waited for as long as a model may think, then another account is asked', async () => {
    const world = await makeWorld()
    world.upstream.always(personOf(world, 'ada').account.key, Behaviour.silence)
    expect(await run(world)).toMatchObject({ answer: '200 by grace', took: 290, headAfter: 290 })
  })

  it('of all accounts ends', async () => {
    const world = await makeWorld()
    world.upstream.always(everyone, Behaviour.silence)
    expect(await run(world)).toMatchObject({
      ...{ answer: '503 timed_out_first-byte', after: '' },
    })
  })

  it.each([
    { name: 'at once', does: Behaviour.stalls('start') },
    { name: 'after two events', does: Behaviour.stalls(2) },
  ])(
    'in the head of a stream, $name, is handed on after 15 seconds and cut when nothing more comes',
    async ({ does }) => {
      const world = await makeWorld()
      world.upstream.always(personOf(world, 'ada').account.key, does)
      const told = await run(world)
      expect(told).toMatchObject({
        answer: '200 by ada, cut',
        tried: 'ada',
        headAfter: 15,
        took: 290,
      })
    },
  )

  it('after output is cut when it lasts, and stays with its account', async () => {
    const world = await makeWorld()
    world.upstream.always(personOf(world, 'ada').account.key, Behaviour.stalls('after-output'))
    const told = await run(world)
    expect(told).toMatchObject({ answer: '200 by ada, cut', tried: 'ada', headAfter: 0, took: 290 })
  })
})

describe('an access token', () => {
  it('that is refused is renewed once, on the same account', async () => {
    const world = await makeWorld()
    world.upstream.refuseAccess(personOf(world, 'ada').account.key, 'token_expired')
    expect(await run(world)).toMatchObject({ answer: '200 by ada', tried: 'ada ada', after: '' })
    expect(world.upstream.journal.refreshes()).toHaveLength(1)
  })

  it('that has ended is renewed before it is sent', async () => {
    const world = await makeWorld({ stale: ['ada', 'grace', 'barbara'] })
    expect(await run(world)).toMatchObject({ answer: '200 by ada', tried: 'ada', after: '' })
    expect(world.upstream.journal.refreshes()).toHaveLength(1)
  })

  it.each([
    'refresh_token_expired',
    'refresh_token_reused',
    'refresh_token_invalidated',
    'invalid_grant',
  ] as const)('that cannot be renewed (%s) costs the sign-in', async (code) => {
    const world = await makeWorld({ stale: ['ada'] })
    world.upstream.refuseRefresh(personOf(world, 'ada').account.key, code)
    const engine = await openEngine(world)
    const answer = await world.time.run(() => ask(engine))
    expect(answerOf(engine, answer)).toBe('200 by grace')
    expect([triedIn(engine), aftermath(world, 0)]).toEqual(['grace', `ada ${code}`])
  })

  it('is renewed at the next try when the issuer fails first', async () => {
    const world = await makeWorld({ stale: ['ada'] })
    world.upstream.fail(tokenPath, [Behaviour.serverFault(500), Behaviour.serverFault(503)])
    expect(await run(world)).toMatchObject({ answer: '200 by ada', tried: 'ada', after: '' })
  })

  it.each([
    { name: 'fails', fault: Behaviour.serverFault(500) },
    { name: 'breaks', fault: Behaviour.reset },
    { name: 'is silent', fault: Behaviour.silence },
    { name: 'is too busy', fault: Behaviour.rateLimited(second) },
  ])('is kept when the issuer always $name, and another account asked', async ({ fault }) => {
    const world = await makeWorld({ stale: ['ada'] })
    world.upstream.fail(tokenPath, [fault, fault, fault])
    const told = await run(world)
    expect(told).toMatchObject({ answer: '200 by grace', tried: 'grace', after: '' })
    expect(told.took).toBeLessThanOrEqual(120)
  })

  it('of every account lost ends in one plain line that says what to do', async () => {
    const world = await makeWorld({ stale: ['ada', 'grace', 'barbara'] })
    for (const { account } of world.people)
      world.upstream.refuseRefresh(account.key, 'invalid_grant')
    const { answer, tried, after } = await run(world)
    expect(answer).toMatch(/^400 No account can serve.*codex-multi-auth login$/)
    expect([tried, after]).toEqual(['', 'all invalid_grant'])
  })
})

describe('a request that is no model request', () => {
  const path = '/wham/usage'
  const usage = `/backend-api${path}`
  const other: Asking = { purpose: 'other', path }

  it.each<{ name: string; fault: Behaviour.Fault; expected: Row }>([
    { name: 'a 404', fault: Behaviour.usageLimitNotFound, expected: passed('404 by ada') },
    { name: 'a 403', fault: Behaviour.challenge, expected: passed('403 by ada') },
    { name: 'a 429', fault: Behaviour.rateLimited(), expected: passed('429 by ada') },
    { name: 'a 500', fault: Behaviour.serverFault(500), expected: passed('500 by ada') },
    {
      name: 'a refused token, renewed',
      fault: Behaviour.unauthorized('token_expired'),
      expected: ['200 by ada', 'ada ada', ''],
    },
    {
      name: 'a lost sign-in, and the next account',
      fault: Behaviour.unauthorized('token_revoked'),
      expected: moved('ada token_revoked'),
    },
    { name: 'no answer', fault: Behaviour.reset, expected: passed('503 no_answer') },
    { name: 'a silence', fault: Behaviour.silence, expected: passed('503 no_answer') },
  ])('gets $name', async ({ fault, expected }) => {
    const world = await makeWorld()
    world.upstream.fail(usage, [fault])
    expect(await run(world, other)).toMatchObject(told(expected))
  })

  it('never gets a 401, whoever is refused', async () => {
    const world = await makeWorld()
    const refusals = Array.from({ length: 20 }, () => Behaviour.unauthorized('token_expired'))
    world.upstream.fail(usage, refusals)
    const { answer } = await run(world, other)
    expect(answer).toBe('429 usage_limit_reached in 26 s')
  })

  it('weighs nothing while it is under way', async () => {
    const world = await makeWorld()
    world.upstream.fail(usage, [Behaviour.silence, Behaviour.silence])
    const engine = await openEngine(world)
    await world.time.run(async () => {
      const underWay = Promise.all([ask(engine, other), ask(engine, other)])
      await engine.process.call('wait', () => undefined, { after: second })
      await ask(engine, { id: 'of-a-model' })
      await underWay
    })
    expect(triedBy(engine, 'of-a-model')).toEqual(['ada'])
  })
})
