/** What holds for every request, whatever the accounts, the issuer, the clients and others do. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import { memoryClock } from '../../../adapters/memory/clock'
import type { Step } from '../../../adapters/memory/scheduler'
import * as Pool from '../../../core/accounts/pool'
import * as Headers from '../../../core/request/headers'
import { turnState } from '../../../core/request/upstream'
import { hour, minute, second, type Millis } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import { tokenPath } from '../../../entrypoints/embed/testing/journal'
import { changePool } from '../../../entrypoints/programs/pool'
import { ask, openEngine, type Answer, type Attempt, type Engine } from '../../support/engine'
import { keepOnly, layout, makeWorld, portsOf, type World } from '../../support/world'

interface Case {
  readonly seed: number
  readonly people: ReadonlyArray<Life>
  readonly issuer: ReadonlyArray<Behaviour.Fault>
  readonly conversations: ReadonlyArray<ReadonlyArray<Turn>>
  readonly meddling: ReadonlyArray<Meddling>
}

interface Life {
  readonly isStale: boolean
  readonly usedPercent: number
  /** One a request, and then what the last one did. */
  readonly does: ReadonlyArray<Behaviour.Behaviour>
}

interface Turn {
  readonly wait: Millis
  readonly purpose: 'model' | 'other'
  /** Infinity for a client that stays. */
  readonly staysFor: Millis
}

/** What another program does meanwhile, to the account of that number. */
interface Meddling {
  readonly at: Millis
  readonly what: 'pin' | 'unpin' | 'remove' | 'expire' | 'revoke'
  readonly number: number
}

const names = ['ada', 'grace', 'barbara', 'edith']

const aBehaviour: fc.Arbitrary<Behaviour.Behaviour> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      Behaviour.ok,
      Behaviour.answers({}, second),
      Behaviour.answers({}, 4 * second),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Behaviour.Behaviour>(
      Behaviour.usageLimit(hour),
      Behaviour.usageLimit(3 * second),
      Behaviour.rateLimited(),
      Behaviour.rateLimited(second),
      Behaviour.usageNotIncluded,
      Behaviour.unauthorized('token_expired'),
      Behaviour.unauthorized('token_revoked'),
      Behaviour.deactivatedWorkspace,
      Behaviour.challenge,
      Behaviour.unsupportedCountry,
      Behaviour.contextTooLong,
      Behaviour.serverFault(500),
      Behaviour.serverFault(503, second),
      Behaviour.overloaded,
      Behaviour.reset,
      Behaviour.silence,
      Behaviour.slow(20 * second),
      Behaviour.slow(second, Behaviour.failed('rate_limit_exceeded')),
      Behaviour.noStream(),
      Behaviour.emptyStream,
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom<Behaviour.Place>('start', 'before-output', 'after-output', 2, 8),
        fc.constantFrom<(place: Behaviour.Place) => Behaviour.Behaviour>(
          Behaviour.cut,
          Behaviour.stops,
          Behaviour.stalls,
          (place) => Behaviour.failed('usage_limit_reached', place),
          (place) => Behaviour.failed('server_is_overloaded', place),
          (place) => Behaviour.failed('invalid_prompt', place),
          (place) => Behaviour.errorEvent('server_error', place),
          (place) => Behaviour.incomplete('max_output_tokens', place),
        ),
      )
      .map(([place, ends]) => ends(place)),
  },
)

const aTurn: fc.Arbitrary<Turn> = fc.record({
  wait: fc.constantFrom(0, 0, 500, 2 * second, minute),
  purpose: fc.constantFrom('model', 'model', 'model', 'other'),
  staysFor: fc.constantFrom(Infinity, Infinity, Infinity, 0, 700, 5 * second, 16 * second),
})

const aCase: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(),
  people: fc.array(
    fc.record({
      isStale: fc.nat({ max: 3 }).map((draw) => draw === 0),
      usedPercent: fc.constantFrom(0, 50, 97),
      does: fc.array(aBehaviour, { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: names.length },
  ),
  issuer: fc.array(
    fc.constantFrom<Behaviour.Fault>(
      Behaviour.serverFault(500),
      Behaviour.reset,
      Behaviour.delayed(second),
      Behaviour.silence,
    ),
    { maxLength: 2 },
  ),
  conversations: fc.array(fc.array(aTurn, { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  }),
  meddling: fc.array(
    fc.record({
      at: fc.constantFrom(0, 300, second, 3 * second, 20 * second),
      what: fc.constantFrom('pin', 'unpin', 'remove', 'expire', 'revoke'),
      number: fc.nat({ max: names.length - 1 }),
    }),
    { maxLength: 3 },
  ),
})

interface Told {
  readonly id: string
  readonly turn: Turn
  readonly answer: Answer
}

interface Run {
  readonly world: World
  readonly attempts: ReadonlyArray<Attempt>
  readonly answers: ReadonlyArray<Told>
  readonly log: ReadonlyArray<Step>
}

const worldOf = async ({ people, seed, issuer }: Case): Promise<World> => {
  const stale = names.filter((_, index) => people[index]?.isStale === true)
  const world = await makeWorld({ seed, names: names.slice(0, people.length), stale })
  people.forEach(({ does, usedPercent }, index) => {
    const key = world.people[index]?.account.key ?? ''
    world.upstream.setQuota(key, { windows: [{ usedPercent, costPercent: 1 }, {}] })
    world.upstream.script(key, does)
    world.upstream.always(key, does.at(-1) ?? Behaviour.ok)
  })
  world.upstream.fail(tokenPath, issuer)
  return world
}

/** The account may be gone by then. */
const changing = (change: ResultAsync<Pool.Pool, unknown>): Promise<void> =>
  change.match(
    () => undefined,
    () => undefined,
  )

const meddle = async (world: World, { at, number, what }: Meddling): Promise<void> => {
  const ports = portsOf(world, world.time.process('another program'))
  await ports.clock.sleep(at)
  const person = world.people[number]
  if (person === undefined) return
  const { key } = person.account
  switch (what) {
    case 'pin':
      return changing(changePool(ports, layout)(Pool.pin(key)))
    case 'unpin':
      return changing(changePool(ports, layout)((pool) => Pool.pin(key)(pool).map(Pool.unpin)))
    case 'remove': {
      const others = world.people.filter((other) => other !== person)
      return keepOnly(
        world,
        others.map(({ name }) => name),
      )
    }
    case 'expire':
      return world.upstream.refuseAccess(key, 'token_expired')
    case 'revoke':
      return world.upstream.refuseAccess(key, 'token_revoked')
  }
}

/** One client after the other asks; each sends back the turn state it has got, as the official CLI does. */
const converse = async (
  engine: Engine,
  conversation: string,
  turns: ReadonlyArray<Turn>,
  answers: Array<Told>,
): Promise<void> => {
  const process = engine.world.time.process('client')
  const clock = memoryClock(process)
  let headers: Headers.Headers = []
  for (const [index, turn] of turns.entries()) {
    await clock.sleep(turn.wait)
    const leaving = new AbortController()
    if (turn.staysFor < Infinity)
      void clock.sleep(turn.staysFor, { lazy: true }).map(() => leaving.abort())
    const id = `${conversation} ${index}`
    const path = turn.purpose === 'model' ? '/codex/responses' : '/wham/usage'
    const asking = { id, conversation, headers, path, purpose: turn.purpose, gone: leaving.signal }
    const answer = await ask(engine, asking)
    answers.push({ id, turn, answer })
    const state = Headers.get(turnState)(answer.headers)
    if (O.isSome(state)) headers = [[turnState, state.value]]
  }
}

const run = async (given: Case): Promise<Run> => {
  const world = await worldOf(given)
  // Renewals apart from each other would be a wait like a lock's.
  const environment = { CODEX_AUTH_REFRESH_SPACING_MS: '0' }
  const engines = [
    await openEngine(world, { environment }),
    await openEngine(world, { name: 'second engine', environment }),
  ]
  const answers: Array<Told> = []
  await world.time.run(() =>
    Promise.all([
      ...given.meddling.map((meddling) => meddle(world, meddling)),
      ...given.conversations.map((turns, index) => {
        const engine = engines[index % 2]
        return engine === undefined
          ? undefined
          : converse(engine, `thread-${index}`, turns, answers)
      }),
    ]),
  )
  await world.time.run(() => Promise.all(engines.map(({ close }) => close())))
  return {
    ...{ world, answers, log: world.time.log },
    attempts: engines.flatMap(({ attempts }) => attempts),
  }
}

const shows =
  /"type":"response\.(output_text|reasoning_summary_text|function_call_arguments)\.delta"/

const holds = (given: Case, { answers, attempts, world }: Run): void => {
  expect(answers).toHaveLength(given.conversations.flat().length)
  for (const { id, turn, answer } of answers) {
    const tried = attempts.filter(({ request }) => request === id)
    const last = tried.at(-1)
    // A 401 concerns an account, and a redirect would lead past us: neither is the client's business.
    expect([200, 400, 403, 429, 499, 500, 503]).toContain(answer.status)
    if (answer.status === 499) expect(turn.staysFor).toBeLessThan(Infinity)
    // A refresh once begun is seen to its end; beside that nothing outlives its client but a lock's wait.
    if (given.issuer.length === 0)
      expect(answer.endAt - answer.startedAt).toBeLessThan(turn.staysFor + second)
    // What the client got is the start of what one account said, and of the last that was asked.
    if (answer.status === 200) expect(last?.text.startsWith(answer.text)).toBe(true)
    // What any account said before showed nothing.
    expect(tried.slice(0, -1).filter(({ text }) => shows.test(text))).toEqual([])
    if (last !== undefined && shows.test(last.text)) expect(answer.status).toBe(200)
  }
  expect(world.upstream.journal.violations()).toEqual([])
  expect(attempts.filter(({ end }) => end === 'open')).toEqual([])
  const { exchanges } = world.network
  expect(exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
}

it('a request ends with one account’s answer, whole or cut, or with one of ours', async () => {
  await fc.assert(
    fc.asyncProperty(aCase, async (given) => {
      holds(given, await run(given))
    }),
    { numRuns: 200 },
  )
}, 60_000)

it('the same seed gives the same log', async () => {
  await fc.assert(
    fc.asyncProperty(aCase, async (given) => {
      const [once, again] = [await run(given), await run(given)]
      expect(again.log).toEqual(once.log)
      expect(again.answers).toEqual(once.answers)
    }),
    { numRuns: 15 },
  )
}, 60_000)
