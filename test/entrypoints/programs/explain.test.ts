import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Cooldown from '../../../core/health/cooldown'
import * as Explanation from '../../../core/insight/explanation'
import * as Window from '../../../core/quota/window'
import * as PoolFile from '../../../core/storage/pool-file'
import * as ProcessFile from '../../../core/storage/process-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second, type Instant } from '../../../core/time'
import { explainLast, explainNext } from '../../../entrypoints/programs/explain'
import { openAnnouncer } from '../../../entrypoints/programs/announcer'
import { openWitness } from '../../../entrypoints/programs/witness'
import { ask, openEngine } from '../../support/engine'
import { keyOf, layout, makeWorld, portsOf, type World } from '../../support/world'

const names = ['ada', 'grace', 'barbara'] as const
const aName = fc.constantFrom(...names)
jest.setTimeout(60_000)

/** Half a minute off, so that no end falls into the time that asking takes. */
const aSpan = fc.integer({ min: -30, max: 90 }).map((minutes) => minutes * minute + 30 * second)

/** What has happened to the accounts; times are from the moment of asking. */
const aLife = fc.record({
  cooled: fc.array(
    fc.tuple(aName, aSpan, fc.constantFrom<Cooldown.Why>('rate-limited', 'provider')),
    { maxLength: 3 },
  ),
  quotas: fc.array(fc.tuple(aName, fc.integer({ min: 0, max: 100 })), { maxLength: 3 }),
  ties: fc.array(fc.tuple(fc.constantFrom('one', 'two'), aName, fc.integer({ min: 0, max: 15 })), {
    maxLength: 3,
  }),
  failed: fc.array(aName, { maxLength: 4 }),
  /** On their way to an account from another process. */
  busy: fc.array(aName, { maxLength: 3 }),
  pinned: fc.option(aName, { nil: undefined, freq: 1 }),
  disabled: fc.subarray([...names], { maxLength: 3 }),
  strategy: fc.constantFrom('hybrid', 'sequential', 'reset-first', 'round-robin', 'manual'),
  conversation: fc.option(fc.constantFrom('one', 'two'), { nil: undefined, freq: 6 }),
})
type Life = typeof aLife extends fc.Arbitrary<infer L> ? L : never

const lived = (world: World, life: Life, now: Instant): RuntimeState.RuntimeState =>
  RuntimeState.applyAll([
    ...life.cooled.map(([name, span, why]) => ({
      ...{ _tag: 'Cooled' as const, account: keyOf(world, name) },
      cooldown: Cooldown.cooling(now + span, why),
    })),
    ...life.quotas.map(([name, used]) => ({
      ...{ _tag: 'QuotaSeen' as const, account: keyOf(world, name) },
      snapshot: {
        ...{ observedAt: now, source: 'headers' as const, plan: O.none },
        windows: [Window.make(5 * hour, used, O.some(now + hour))],
      },
    })),
    ...life.failed.map((name, index) => ({
      ...{ _tag: 'Failed' as const, account: keyOf(world, name), fault: 'provider' as const },
      ...{ at: now - 5 * second + index, among: names.length },
    })),
    ...life.ties.map(([conversation, name, ago]) => ({
      ...{ _tag: 'Tied' as const, conversation },
      tie: { account: keyOf(world, name), servedAt: now - ago * minute - 30_000, generation: 9 },
    })),
  ])(RuntimeState.empty)

const settle = (world: World, life: Life): void => {
  const now = world.time.now()
  const state = lived(world, life, now)
  const pool = world.pool()
  const off = life.disabled.map((name) => keyOf(world, name))
  const accounts = pool.accounts.map((account) => ({
    ...account,
    enabled: !off.includes(Account.key(account)),
  }))
  const pinned = life.pinned === undefined ? O.none : O.some(keyOf(world, life.pinned))
  world.write(layout.pool, PoolFile.print({ ...pool, accounts, pinned }))
  world.write(layout.runtimeState, RuntimeFile.print(state, now))
  world.write(layout.quota, RuntimeFile.printQuota(state, ''))
  const { identity } = world.time.process('busy')
  const busy = life.busy.map((name) =>
    ProcessFile.of(identity, now, new Map([[keyOf(world, name), 1]])),
  )
  world.write(
    `${layout.runtime}/${ProcessFile.nameOf(identity.pid)}`,
    ProcessFile.print(ProcessFile.of(identity, now, ProcessFile.total(busy))),
  )
}

const environmentOf = ({ strategy }: Life) => ({ CODEX_AUTH_SCHEDULING_STRATEGY: strategy })

const nextIn = async (world: World, life: Life) => {
  const ports = portsOf(world, world.time.process('why'))
  const question = { conversation: O.fromNullable(life.conversation), model: O.none }
  const explained = await world.time.run(() =>
    explainNext(ports, layout, environmentOf(life))(question),
  )
  return explained._unsafeUnwrap().explanation
}

const outcomes = (rows: ReadonlyArray<Explanation.Row>) =>
  rows.map(({ accountId, because, outcome, until }) => ({ accountId, because, outcome, until }))

it('says what the next request does: the same trace, and the account that gets the request', async () => {
  const seen = { chosen: 0, none: 0, tied: 0 }
  await fc.assert(
    fc.asyncProperty(aLife, async (life) => {
      const world = await makeWorld()
      settle(world, life)
      const explanation = await nextIn(world, life)
      const engine = await openEngine(world, { environment: environmentOf(life) })
      const { conversation } = life
      await world.time.run(() => ask(engine, conversation === undefined ? {} : { conversation }))
      const [first] = engine.decisions
      if (first === undefined) throw new Error('nothing was decided')
      expect(outcomes(explanation.rows)).toEqual(
        outcomes(Explanation.rowsOf(world.time.now(), world.pool())(first[1])),
      )
      const chosen = Explanation.chosenOf(explanation)
      if (O.isNone(chosen)) {
        seen.none += 1
        expect(engine.attempts).toEqual([])
        return
      }
      seen.chosen += 1
      if (O.isSome(chosen.value.because) && chosen.value.because.value === 'warm-conversation')
        seen.tied += 1
      const account = Explanation.accountOf(chosen.value)(world.pool())
      expect(O.map(Account.key)(account)).toEqual(
        O.some(keyOf(world, engine.attempts[0]?.name ?? '')),
      )
    }),
    { numRuns: 60 },
  )
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
})

it('remembers the last decision as the request met it, by conversation too', async () => {
  const world = await makeWorld()
  const process = world.time.process('door')
  const ports = portsOf(world, process)
  const witness = openWitness(
    ports,
    layout,
    openAnnouncer(() => undefined, false, false),
  )
  const engine = await openEngine(world)
  const router = { ...engine.router, witness: witness.ofRequests }
  const served = { ...engine, router }
  await world.time.run(async () => {
    await ask(served, { conversation: 'one' })
    await ask(served, { conversation: 'two' })
    await ask(served, { conversation: 'ada@mail.test' })
    await witness.close()
  })
  const last = (conversation: O.Option<string>) =>
    world.time.run(() =>
      explainLast(ports, layout)({ conversation, model: O.none }).unwrapOr(O.none),
    )
  const one = await last(O.some('one'))
  const newest = await last(O.none)
  expect(O.isSome(one) && one.value.rows).toMatchObject([
    { number: 1, outcome: 'chosen', because: O.some('hybrid') },
    { number: 2, outcome: 'not-preferred' },
    { number: 3, outcome: 'not-preferred' },
  ])
  expect(O.isSome(newest) && newest.value.conversation).toEqual(O.none)
  expect(await last(O.some('never'))).toEqual(O.none)
  expect(world.text(layout.decisions)).not.toContain('@')
})

it('looks into the older log where the newer has none, and passes over lines that were cut', async () => {
  const world = await makeWorld()
  const line = (conversation: string): string =>
    `${JSON.stringify({ at: '2025-11-01T00:00:00.000Z', event: 'decided', conversation, trace: [] })}\n`
  world.write(layout.decisions, `${line('new')}${line('ambient:1')}{"at":"2025-11-01T`)
  world.write(`${layout.decisions}.1`, line('old'))
  const ports = portsOf(world, world.time.process('why'))
  const at = (conversation?: string) =>
    world.time.run(() =>
      explainLast(
        ports,
        layout,
      )({ conversation: O.fromNullable(conversation), model: O.none }).unwrapOr(O.none),
    )
  expect(O.isSome(await at('old'))).toBe(true)
  expect(O.isSome(await at('new'))).toBe(true)
  expect(O.isSome(await at('other'))).toBe(false)
  expect(await at()).toMatchObject(O.some({ conversation: O.some('new') }))
})
