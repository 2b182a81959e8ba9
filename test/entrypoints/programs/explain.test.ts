import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Policy from '../../../core/accounts/policy'
import * as Cooldown from '../../../core/health/cooldown'
import * as Explanation from '../../../core/insight/explanation'
import * as Reason from '../../../core/insight/reason'
import * as Window from '../../../core/quota/window'
import * as PoliciesFile from '../../../core/storage/policies-file'
import * as PoolFile from '../../../core/storage/pool-file'
import * as ProcessFile from '../../../core/storage/process-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, second, type Instant } from '../../../core/time'
import { explainLast, explainNext } from '../../../entrypoints/programs/explain'
import { openAnnouncer } from '../../../entrypoints/programs/announcer'
import { openWitness } from '../../../entrypoints/programs/witness'
import { ask, openEngine, type Asking, type Engine } from '../../support/engine'
import { modelBody } from '../../support/model-request'
import { keyOf, layout, makeWorld, portsOf, type World } from '../../support/world'

const names = ['ada', 'grace', 'barbara', 'edith', 'hedy'] as const
type Name = (typeof names)[number]
const aName = fc.constantFrom(...names)
const aConversation = fc.constantFrom('one', 'two')
const aModel = fc.constantFrom<string[]>('gpt-5.5', 'gpt-5.4')
jest.setTimeout(60_000)

/** Half a minute off, so that no end falls into the time that asking takes. */
const aSpan = fc.integer({ min: -30, max: 90 }).map((minutes) => minutes * minute + 30 * second)

/** So many times of ten. */
const often = (times: number) => fc.nat(9).map((dice) => dice < times)
const maybe = <A>(value: fc.Arbitrary<A>, times: number) =>
  fc.tuple(value, often(times)).map(([given, isThere]) => (isThere ? given : undefined))
const few = <A>(value: fc.Arbitrary<A>) => fc.array(value, { maxLength: 3 })

const everyone = <A>(value: A): fc.Arbitrary<Array<[Name, A]>> =>
  fc.constant(names.map((name) => [name, value]))

const aPolicy: fc.Arbitrary<Policy.Policy> = fc.record({
  tags: fc.subarray(['work', 'home']),
  weight: fc.constantFrom(1, 1, 0, 5),
  tier: fc.constantFrom(1, 1, 1, 0, 2),
  paused: often(1),
  draining: often(2),
  note: fc.constant(''),
})

/** What has happened to the accounts, and what a person wants of them; times are from the moment of asking. */
const anyLife = fc.record({
  cooled: few(
    fc.tuple(
      aName,
      aSpan,
      fc.constantFrom<Cooldown.Why>('rate-limited', 'provider', 'credential', 'workspace'),
    ),
  ),
  quotas: few(fc.tuple(aName, fc.integer({ min: 0, max: 100 }))),
  ties: few(
    fc.tuple(fc.constantFrom('one', 'two', 'elder'), aName, fc.integer({ min: 0, max: 15 })),
  ),
  failed: few(fc.tuple(aName, fc.constantFrom(1, 3))),
  /** On their way to an account from another process. */
  busy: few(aName),
  pinned: maybe(aName, 2),
  disabled: fc.subarray([...names], { maxLength: 3 }),
  strategy: fc.constantFrom(
    'hybrid',
    'hybrid',
    'sequential',
    'reset-first',
    'round-robin',
    'manual',
  ),
  conversation: maybe(aConversation, 8),
  /** Of the conversation, where there is one. */
  parent: maybe(fc.constantFrom('elder', 'one'), 5),
  model: maybe(aModel, 8),
  lacks: fc.oneof(few(fc.tuple(aName, aModel)), everyone<string>('gpt-5.5')),
  /** Whether another model may stand in. */
  fallback: fc.boolean(),
  policies: fc.array(fc.tuple(aName, aPolicy), { maxLength: 5 }),
  required: maybe(fc.constantFrom('work', 'home'), 2),
  preferred: maybe(fc.constantFrom('work', 'home'), 6),
  /** Conversations that an account has compacted. */
  bound: fc.array(fc.tuple(aConversation, aName), { maxLength: 1 }),
  /** Sign-ins that were taken back, lately or long ago. */
  lost: few(fc.tuple(aName, fc.constantFrom(20 * second, hour))),
  braked: often(5),
})
type Life = typeof anyLife extends fc.Arbitrary<infer L> ? L : never

/** Where nothing keeps anybody out, what ranks accounts shows. */
const calm: Partial<Life> = {
  ...{ cooled: [], failed: [], lacks: [], bound: [], lost: [], disabled: [] },
  required: undefined,
}
const tagged = ({ policies }: Life): Partial<Life> => ({
  ...{ conversation: undefined, preferred: 'work', strategy: 'hybrid' },
  ...{ pinned: undefined, braked: false },
  policies: [...policies, ['hedy', { ...Policy.standard, tags: ['work'] }]],
})
const lostThree: Life['lost'] = names.slice(0, 3).map((name) => [name, 20 * second])

const child: Partial<Life> = { conversation: 'two', parent: 'elder', ties: [['elder', 'hedy', 2]] }

const aLife: fc.Arbitrary<Life> = fc.oneof(
  { weight: 3, arbitrary: anyLife },
  {
    weight: 1,
    arbitrary: anyLife.map((life): Life => ({
      ...life,
      ...calm,
      ...tagged(life),
    })),
  },
  { weight: 1, arbitrary: anyLife.map((life): Life => ({ ...life, ...calm, ...child })) },
  { weight: 1, arbitrary: anyLife.map((life): Life => ({ ...life, ...calm, lost: lostThree })) },
)

const lived = (world: World, life: Life, now: Instant): RuntimeState.RuntimeState =>
  RuntimeState.applyAll([
    ...life.cooled.map(([name, span, why]) => ({
      ...{ _tag: 'Cooled' as const, account: keyOf(world, name), at: now },
      cooldown: Cooldown.cooling(now + span, why),
    })),
    ...life.quotas.map(([name, used]) => ({
      ...{ _tag: 'QuotaSeen' as const, account: keyOf(world, name) },
      snapshot: {
        ...{ observedAt: now, source: 'headers' as const, plan: O.none },
        windows: [Window.make(5 * hour, used, O.some(now + hour))],
      },
    })),
    ...life.failed.flatMap(([name, times]) =>
      Array.from({ length: times }, (_, index) => ({
        ...{ _tag: 'Failed' as const, account: keyOf(world, name), fault: 'provider' as const },
        ...{ at: now - 5 * second + index, among: names.length },
      })),
    ),
    ...life.ties.map(([conversation, name, ago]) => ({
      ...{ _tag: 'Tied' as const, conversation },
      tie: { account: keyOf(world, name), servedAt: now - ago * minute - 30_000, generation: 9 },
    })),
    ...life.lacks.map(([name, model]) => ({
      ...{ _tag: 'ModelRefused' as const, account: keyOf(world, name), model, at: now - minute },
    })),
    ...life.bound.map(([id, name]) => ({
      ...{ _tag: 'Bound' as const, id },
      binding: { account: keyOf(world, name), kind: 'compaction' as const, at: now - hour },
    })),
  ])(RuntimeState.empty)

const pooled = (world: World, life: Life, now: Instant) => {
  const off = life.disabled.map((name) => keyOf(world, name))
  const lost = new Map(life.lost.map(([name, ago]) => [keyOf(world, name), now - ago]))
  const pool = world.pool()
  const accounts = pool.accounts.map((account) => {
    const key = Account.key(account)
    const at = lost.get(key)
    const invalidation = at === undefined ? O.none : O.some({ at, code: 'token_revoked' })
    return { ...account, enabled: !off.includes(key), invalidation }
  })
  const pinned = life.pinned === undefined ? O.none : O.some(keyOf(world, life.pinned))
  return { ...pool, accounts, pinned }
}

const settle = (world: World, life: Life): void => {
  const now = world.time.now()
  const state = lived(world, life, now)
  const policies = life.policies.map(([name, policy]) => [keyOf(world, name), policy])
  world.write(layout.pool, PoolFile.print(pooled(world, life, now)))
  world.write(layout.policies, PoliciesFile.print(Object.fromEntries(policies))('{}'))
  world.write(layout.runtimeState, RuntimeFile.print(state, now))
  world.write(layout.quota, RuntimeFile.printQuota(state, ''))
  const chain = { unsupportedCodexFallbackChain: { 'gpt-5.5': ['gpt-5.4'] } }
  world.write(layout.settings, JSON.stringify({ version: 1, pluginConfig: chain }))
  const { identity } = world.time.process('busy')
  const busy = life.busy.map((name) =>
    ProcessFile.of(identity, now, new Map([[keyOf(world, name), 1]])),
  )
  world.write(
    `${layout.runtime}/${ProcessFile.nameOf(identity.pid)}`,
    ProcessFile.print(ProcessFile.of(identity, now, ProcessFile.total(busy))),
  )
}

const environmentOf = ({ braked, fallback, preferred, required, strategy }: Life) => ({
  CODEX_AUTH_SCHEDULING_STRATEGY: strategy,
  CODEX_AUTH_FALLBACK_UNSUPPORTED_MODEL: fallback ? '1' : '0',
  CODEX_AUTH_MIN_ROTATION_INTERVAL_MS: braked ? '600000' : '0',
  CODEX_AUTH_PREFERRED_TAGS: preferred ?? '',
  CODEX_AUTH_REQUIRED_TAGS: required ?? '',
})

const nextIn = async (world: World, life: Life) => {
  const ports = portsOf(world, world.time.process('why'))
  const question = {
    conversation: O.fromNullable(life.conversation),
    parent: O.fromNullable(life.parent),
    model: O.fromNullable(life.model),
  }
  const explained = await world.time.run(() =>
    explainNext(ports, layout, environmentOf(life))(question),
  )
  return explained._unsafeUnwrap().explanation
}

const { model: _, ...ofNoModel } = modelBody

const askedAs = ({ conversation, model, parent }: Life): Asking => ({
  ...(conversation === undefined ? {} : { conversation }),
  ...(parent === undefined ? {} : { parent }),
  body: model === undefined ? ofNoModel : { ...ofNoModel, model },
})

const outcomes = (rows: ReadonlyArray<Explanation.Row>) =>
  rows.map(({ accountId, because, outcome, until }) => ({ accountId, because, outcome, until }))

/** What a request meets before anything is sent or waited for. */
const firstIn = ({ decisions }: Engine) => {
  const at = decisions[0]?.[2]
  const [, selection] = decisions.filter((decision) => decision[2] === at).at(-1) ?? []
  if (selection === undefined) throw new Error('nothing was decided')
  return selection
}

/** The same life but for one thing that has no word of its own in an explanation. */
const without: Readonly<Record<string, (life: Life) => Life>> = {
  'a weight': (life) => withPolicies(life, { weight: 1 }),
  'a tier': (life) => withPolicies(life, { tier: 1 }),
  'a preferred tag': (life) => ({ ...life, preferred: undefined }),
  'a parent': (life) => ({ ...life, parent: undefined }),
  'a stand-in': (life) => ({ ...life, fallback: false }),
  'a loss': (life) => ({ ...life, lost: life.lost.map(([name]) => [name, hour]) }),
}
const withPolicies = (life: Life, given: Partial<Policy.Policy>): Life => ({
  ...life,
  policies: life.policies.map(([name, policy]) => [name, { ...policy, ...given }]),
})

/** Those of them, of some, that the decision would be another without. */
const decisive = async (
  life: Life,
  rows: ReadonlyArray<Explanation.Row>,
  some: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for (const what of some) {
    const other = without[what]?.(life) ?? life
    if (JSON.stringify(other) === JSON.stringify(life)) continue
    const world = await makeWorld({ names })
    settle(world, other)
    const told = outcomes((await nextIn(world, other)).rows)
    if (JSON.stringify(told) !== JSON.stringify(outcomes(rows))) found.push(what)
  }
  return found
}

const becauses = [
  ...['bound', 'strict', 'pinned', 'warm-conversation', 'rotation-brake'],
  ...['hybrid', 'sequential', 'reset-first', 'round-robin'],
]
/** Nobody is set aside here, and nothing was tried before. */
const reasons = Reason.names.filter((name) => !['flagged', 'already-tried'].includes(name))

it('says what the next request does: the same trace, and the account that gets the request', async () => {
  const met = new Map<string, number>()
  const meet = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1)
  await fc.assert(
    fc.asyncProperty(aLife, async (life) => {
      const world = await makeWorld({ names })
      settle(world, life)
      const explanation = await nextIn(world, life)
      const engine = await openEngine(world, { environment: environmentOf(life) })
      await world.time.run(() => ask(engine, askedAs(life)))
      expect(outcomes(explanation.rows)).toEqual(
        outcomes(Explanation.rowsOf(world.time.now(), world.pool())(firstIn(engine))),
      )
      explanation.rows.forEach(({ outcome }) => meet(outcome))
      const chosen = Explanation.chosenOf(explanation)
      meet(O.isSome(chosen) ? `by ${O.toUndefined(chosen.value.because)}` : 'nobody')
      const unmet = Object.keys(without).filter((what) => !met.has(`by ${what}`))
      for (const what of await decisive(life, explanation.rows, unmet)) meet(`by ${what}`)
      if (O.isNone(chosen)) return expect(engine.attempts).toEqual([])
      const account = Explanation.accountOf(chosen.value)(world.pool())
      expect(O.map(Account.key)(account)).toEqual(
        O.some(keyOf(world, engine.attempts[0]?.name ?? '')),
      )
    }),
    { numRuns: 400 },
  )
  const asked = [
    ...['nobody', 'chosen', 'not-preferred', ...reasons],
    ...[...becauses, ...Object.keys(without)].map((what) => `by ${what}`),
  ]
  expect(asked.filter((what) => !met.has(what))).toEqual([])
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
