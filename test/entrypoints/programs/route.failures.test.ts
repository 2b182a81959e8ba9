/**
 * What becomes of a request when the upstream is silent, when a token is not good, and when it asks no
 * model. Every other way to fail is a row of the failure matrix (test/support/failure-matrix.ts).
 */
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { second, type Instant } from '../../../core/time'
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

const triedIn = ({ attempts }: Engine): string => attempts.map(({ name }) => name).join(' ')

/** What holds the accounts back afterwards; `all`, when it is the same for each. */
const aftermath = (world: World, startedAt: Instant): string => {
  const state = RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))
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
/** The client gets it from the first account, as it is. */
const passed = (answer: string): Row => [answer, 'ada', '']

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
