import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Circuit from '../../../core/health/circuit'
import * as Cooldown from '../../../core/health/cooldown'
import * as Quota from '../../../core/quota/snapshot'
import * as Window from '../../../core/quota/window'
import * as Affinity from '../../../core/routing/affinity'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { day, hour, minute } from '../../../core/time'
import { aCooldown, aQuota, noon } from '../../support/routing'

const week = (used: number, observedAt = noon): Quota.Snapshot => ({
  observedAt,
  source: 'headers',
  plan: O.none,
  windows: [Window.make(7 * day, used, O.some(noon + day))],
})

const applied = (...observations: ReadonlyArray<RuntimeState.Observation>) =>
  observations.reduce(
    (state, observation) => RuntimeState.apply(observation)(state),
    RuntimeState.empty,
  )

const cooled = (account: string, cooldown: Cooldown.Cooldown): RuntimeState.Observation => ({
  _tag: 'Cooled',
  account,
  cooldown,
})
const seen = (account: string, snapshot: Quota.Snapshot): RuntimeState.Observation => ({
  _tag: 'QuotaSeen',
  account,
  snapshot,
})
const tied = (
  conversation: string,
  account: string,
  servedAt = noon,
): RuntimeState.Observation => ({
  _tag: 'Tied',
  conversation,
  tie: { account, servedAt, generation: 0 },
})

const short = Cooldown.cooling(noon + minute, 'provider')
const long = Cooldown.cooling(noon + hour, 'rate-limited', O.some('weekly'))

/** As it is after it has been to the disk. */
const reread = (state: RuntimeState.RuntimeState, now = noon): RuntimeState.RuntimeState =>
  RuntimeState.parse(RuntimeState.print(state, now), RuntimeState.printQuota(state, ''))

describe('apply', () => {
  it.each([
    { name: 'a first cooldown', given: [short], expected: short },
    { name: 'a longer one', given: [short, long], expected: long },
    { name: 'a shorter one changes nothing', given: [long, short], expected: long },
    { name: 'none', given: [], expected: Cooldown.ready },
  ])('$name', ({ given, expected }) => {
    const state = applied(...given.map((cooldown) => cooled('a', cooldown)))
    expect(RuntimeState.cooldownOf('a')(state)).toEqual(expected)
    expect(RuntimeState.cooldownOf('b')(state)).toEqual(Cooldown.ready)
  })

  it.each([
    { name: 'a first look', given: [week(10)], expected: O.some(week(10)) },
    {
      name: 'a later one',
      given: [week(10), week(20, noon + 1)],
      expected: O.some(week(20, noon + 1)),
    },
    {
      name: 'an earlier one that comes late changes nothing',
      given: [week(20, noon + 1), week(10)],
      expected: O.some(week(20, noon + 1)),
    },
    { name: 'no look', given: [], expected: O.none },
  ])('$name', ({ given, expected }) => {
    const state = applied(...given.map((snapshot) => seen('a', snapshot)))
    expect(RuntimeState.quotaOf('a')(state)).toEqual(expected)
    expect(RuntimeState.quotaOf('b')(state)).toEqual(O.none)
  })

  it('remembers who served a conversation', () => {
    const { ties } = applied(tied('talk', 'a'), tied('talk', 'b', noon + 1))
    expect(
      O.toUndefined(Affinity.tieOf('talk', 0, noon + 1, Affinity.standard)(ties))?.account,
    ).toBe('b')
  })

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for a key as any other', (key) => {
    expect(RuntimeState.cooldownOf(key)(RuntimeState.empty)).toEqual(Cooldown.ready)
    expect(RuntimeState.quotaOf(key)(RuntimeState.empty)).toEqual(O.none)
    const state = applied(cooled(key, long), seen(key, week(10)), tied(key, 'a'))
    expect(RuntimeState.cooldownOf(key)(state)).toEqual(long)
    expect(RuntimeState.quotaOf(key)(state)).toEqual(O.some(week(10)))
    expect(O.isSome(Affinity.tieOf(key, 0, noon, Affinity.standard)(state.ties))).toBe(true)
    expect('until' in {}).toBe(false)
  })
})

const anAccount = fc.constantFrom('acc-1/a', 'acc-1/b', 'acc-2/a')
const aServedAt = fc.integer({ min: noon - 10 * minute, max: noon + 9 * minute })

const observationsOf = (
  account: string,
  conversation: string,
): fc.Arbitrary<RuntimeState.Observation> =>
  fc.oneof(
    aCooldown.map((cooldown) => cooled(account, cooldown)),
    fc
      .tuple(aQuota, fc.integer({ min: 0, max: 3 }))
      .map(([snapshot, later]) => seen(account, { ...snapshot, observedAt: noon + later })),
    aServedAt.map((servedAt) => tied(conversation, account, servedAt)),
    aServedAt.map((at) => ({
      ...{ _tag: 'PlanTold' as const, account },
      plan: { name: 'pro', at },
    })),
  )

const anObservation = fc
  .tuple(anAccount, fc.constantFrom('talk', 'other'))
  .chain(([account, conversation]) => observationsOf(account, conversation))
const aState = fc.array(anObservation, { maxLength: 8 }).map((all) => applied(...all))

describe('laws', () => {
  it('comes to the same in whatever order two accounts are observed', () => {
    const [one, other] = [observationsOf('acc-1/a', 'talk'), observationsOf('acc-2/b', 'other')]
    fc.assert(
      fc.property(aState, one, other, (state, first, second) => {
        const apply = RuntimeState.apply
        expect(apply(second)(apply(first)(state))).toEqual(apply(first)(apply(second)(state)))
      }),
    )
  })

  it('says of every other account what it said before', () => {
    fc.assert(
      fc.property(aState, observationsOf('acc-1/a', 'talk'), (state, observation) => {
        const after = RuntimeState.apply(observation)(state)
        for (const key of ['acc-1/b', 'acc-2/a']) {
          expect(RuntimeState.cooldownOf(key)(after)).toEqual(RuntimeState.cooldownOf(key)(state))
          expect(RuntimeState.quotaOf(key)(after)).toEqual(RuntimeState.quotaOf(key)(state))
        }
      }),
    )
  })

  it('is the same when it is told the same twice', () => {
    fc.assert(
      fc.property(aState, anObservation, (state, observation) => {
        const once = RuntimeState.apply(observation)(state)
        expect(RuntimeState.apply(observation)(once)).toEqual(once)
      }),
    )
  })

  it('takes what it is told into account', () => {
    fc.assert(
      fc.property(aState, aCooldown, aQuota, (state, cooldown, quota) => {
        const plan = O.some({ name: 'free', at: noon + day })
        const snapshot = { ...quota, observedAt: noon + day, plan }
        const told = [cooled('acc-1/a', cooldown), seen('acc-1/a', snapshot)]
        const after = told.reduce((before, one) => RuntimeState.apply(one)(before), state)
        const now = noon - day
        expect(Cooldown.isReady(now)(RuntimeState.cooldownOf('acc-1/a')(after))).toBe(
          Cooldown.isReady(now)(cooldown) &&
            Cooldown.isReady(now)(RuntimeState.cooldownOf('acc-1/a')(state)),
        )
        expect(RuntimeState.quotaOf('acc-1/a')(after)).toEqual(O.some(snapshot))
      }),
    )
  })

  it('comes back from the disk as it was, less what has ended', () => {
    fc.assert(
      fc.property(aState, (state) => {
        const after = reread(state)
        expect([after.ties, after.quotas]).toEqual([state.ties, state.quotas])
        const cooling = Object.entries(state.cooldowns).filter(
          ([, cooldown]) => !Cooldown.isReady(noon)(cooldown),
        )
        expect(after.cooldowns).toEqual(Object.fromEntries(cooling))
      }),
    )
  })

  it('is read from any text whatever', () => {
    const aText = fc.oneof(fc.string(), fc.json(), fc.constant('{"version":1}'))
    fc.assert(
      fc.property(aText, aText, (stateText, quotaText) => {
        expect(RuntimeState.parse(stateText, quotaText)).toEqual(RuntimeState.empty)
      }),
    )
  })
})

describe('how an account does', () => {
  const failed = (account: string, at: number, among = 4): RuntimeState.Observation => ({
    _tag: 'Failed',
    account,
    at,
    fault: 'provider',
    among,
  })
  const isOut = (account: string, state: RuntimeState.RuntimeState, now = noon + 2) =>
    Circuit.isOpen(now)(RuntimeState.standingOf(account)(state).circuit)
  const thrice = (account: string, from: number) =>
    [0, 1, 2].map((at) => failed(account, from + at))

  it('opens its circuit at the third failure, and closes it with an answer', () => {
    const state = applied(...thrice('a', noon))
    expect([isOut('a', state), isOut('b', state)]).toEqual([true, false])
    const served = RuntimeState.apply({ _tag: 'Served', account: 'a', at: noon + 2 })(state)
    expect(isOut('a', served)).toBe(false)
  })

  it('has at most half of a pool out', () => {
    const all = ['a', 'b', 'c', 'd'].flatMap((key, place) => thrice(key, noon + place * 11_000))
    const now = noon + 3 * 11_000 + 2
    const state = applied(...all)
    // The third came while two were out; the first was back when the fourth did.
    const out = ['a', 'b', 'c', 'd'].filter((key) => isOut(key, state, now))
    expect(out).toEqual(['b', 'd'])
  })

  it('is held against nobody when three fail at once', () => {
    const state = applied(failed('a', noon), failed('b', noon), ...thrice('c', noon))
    expect(isOut('c', state)).toBe(false)
  })

  it('remembers the models and the bindings of each, through the disk', () => {
    const binding = { account: 'a', kind: 'compaction', at: noon } as const
    const state = applied(
      failed('a', noon),
      { _tag: 'Sent', account: 'a', at: noon },
      { _tag: 'ModelRefused', account: 'a', model: 'gpt-5.5', at: noon },
      { _tag: 'Bound', id: 'talk', binding },
      tied('talk', 'b'),
    )
    expect(RuntimeState.lacksOf('a')(state)).toEqual({ 'gpt-5.5': noon + 30 * minute })
    expect(RuntimeState.standingOf('b')(state).turnAt).toBe(noon)
    expect(reread(state)).toEqual(state)
    const { bindings, lacks, standings } = RuntimeState.forget('a')(state)
    expect([bindings, lacks, Object.keys(standings)]).toEqual([{}, {}, ['b']])
  })

  it('is news when it fails, when it recovers, and else once a second', () => {
    const served = (at: number): RuntimeState.Observation => ({ _tag: 'Served', account: 'a', at })
    const sent = applied({ _tag: 'Sent', account: 'a', at: noon })
    const isNews = (one: RuntimeState.Observation, state: RuntimeState.RuntimeState) =>
      RuntimeState.isNews(one)(state)
    expect(isNews(failed('a', noon), sent)).toBe(true)
    expect(isNews(served(noon + 999), sent)).toBe(false)
    expect(isNews(served(noon + 1_000), sent)).toBe(true)
    expect(isNews(served(noon), applied(failed('a', noon)))).toBe(true)
  })
})

describe('print', () => {
  it('leaves out cooldowns that have ended', () => {
    const state = applied(cooled('a', short), cooled('b', long))
    const stored = (now: number) =>
      Object.keys(JSON.parse(RuntimeState.print(state, now)).cooldowns)
    expect([stored(noon), stored(noon + minute), stored(noon + hour)]).toEqual([
      ['a', 'b'],
      ['b'],
      [],
    ])
  })
})

describe('a damaged text', () => {
  const whole = applied(cooled('a', long), tied('talk', 'a'), seen('a', week(10)))
  const stateText = RuntimeState.print(whole, noon)
  const quotaText = RuntimeState.printQuota(whole, '')

  it('is told from a whole one', () => {
    expect(RuntimeState.parse(stateText, quotaText)).toEqual(whole)
  })

  it.each([
    { name: 'nothing', text: '' },
    { name: 'half of it', text: stateText.slice(0, 40) },
    { name: 'null', text: 'null' },
    { name: 'a list', text: '[]' },
    { name: 'no version', text: '{"cooldowns":{},"ties":{}}' },
    { name: 'a newer version', text: stateText.replace('"version":1', '"version":2') },
    { name: 'no ties', text: '{"version":1,"cooldowns":{}}' },
    { name: 'an instant in letters', text: stateText.replace(String(noon + hour), '"soon"') },
  ])('$name counts as an empty one, and the other is read', ({ text }) => {
    expect(RuntimeState.parse(text, quotaText)).toEqual({
      ...RuntimeState.empty,
      quotas: whole.quotas,
    })
  })

  it.each([
    { name: 'nothing', text: '' },
    { name: 'half of it', text: quotaText.slice(0, 40) },
    { name: 'a newer version', text: quotaText.replace('"version":1', '"version":2') },
    {
      name: 'a window without a length',
      text: quotaText.replace('"windowMinutes":10080', '"x":1'),
    },
  ])('$name counts as an empty quota, and the state is read', ({ text }) => {
    expect(RuntimeState.parse(stateText, text)).toEqual({ ...whole, quotas: {} })
  })
})

describe('the quota file', () => {
  const fixture = readFileSync(
    join(__dirname, '../../fixtures/existing-tool/quota-cache.json'),
    'utf8',
  )
  const state = applied(seen('acc-1/a', week(10)))

  it('keeps what the existing tool has written', () => {
    const after = JSON.parse(RuntimeState.printQuota(state, fixture))
    const { byAccount, series, ...rest } = after
    expect(rest).toEqual(JSON.parse(fixture))
    expect(series).toEqual({ 'acc-1/a': { 10080: [[noon, 10]] } })
    expect(byAccount).toEqual({
      'acc-1/a': {
        updatedAt: noon,
        source: 'headers',
        windows: [{ usedPercent: 10, windowMinutes: 10_080, resetAtMs: noon + day }],
      },
    })
  })

  it('holds the plan that was told, and when', () => {
    const told = applied(
      seen('acc-1/a', week(10)),
      { _tag: 'PlanTold', account: 'acc-1/a', plan: { name: 'pro', at: noon } },
      { _tag: 'PlanTold', account: 'acc-2/b', plan: { name: 'free', at: noon - 1 } },
    )
    const text = RuntimeState.printQuota(told, '')
    expect(JSON.parse(text).byAccount).toMatchObject({
      'acc-1/a': { planType: 'pro', planToldAt: noon, windows: [{ usedPercent: 10 }] },
      'acc-2/b': { planType: 'free', planToldAt: noon - 1, windows: [] },
    })
    expect(RuntimeState.parse('', text).quotas).toEqual(told.quotas)
  })

  it('has the sections of the existing tool when it is new', () => {
    expect(JSON.parse(RuntimeState.printQuota(state, ''))).toMatchObject({
      version: 1,
      byAccountId: {},
      byEmail: {},
    })
  })

  it('keeps fields nobody knows', () => {
    const before = JSON.stringify({ ...JSON.parse(fixture), weather: 'fine' })
    expect(JSON.parse(RuntimeState.printQuota(state, before))).toMatchObject({ weather: 'fine' })
  })

  it('keeps the sections of the existing tool when ours is damaged', () => {
    const before = JSON.stringify({ ...JSON.parse(fixture), byAccount: { 'acc-1/a': 'nonsense' } })
    const after = RuntimeState.printQuota(state, before)
    expect(JSON.parse(after)).toMatchObject(JSON.parse(fixture))
    expect(RuntimeState.parse('', after).quotas).toEqual(state.quotas)
  })

  it('is left as it is when it comes from a newer version', () => {
    const newer = JSON.stringify({ version: 2, byAccount: { 'acc-1/a': { seenAt: 7 } } })
    expect(RuntimeState.printQuota(state, newer)).toBe(newer)
  })
})

describe('a text from the future', () => {
  it.each([
    { text: '{"version":2,"cooldowns":[]}', expected: true },
    { text: '{"version":1.5}', expected: true },
    { text: '{"version":1,"cooldowns":{},"ties":{}}', expected: false },
    { text: '{"version":0}', expected: false },
    { text: '{"version":"2"}', expected: false },
    { text: '{}', expected: false },
    { text: '', expected: false },
    { text: '{"version":2', expected: false },
  ])('$text: $expected', ({ text, expected }) => {
    expect(RuntimeState.isFromTheFuture(text)).toBe(expected)
  })
})

describe('a cooldown that was looked at again', () => {
  const [shorter, longer] = [hour, 2 * hour].map((span) =>
    Cooldown.cooling(noon + span, 'rate-limited'),
  )
  const recheck = (now: Cooldown.Cooldown) =>
    RuntimeState.cooldownOf('a')(
      RuntimeState.applyAll([
        { _tag: 'Cooled', account: 'a', cooldown: now },
        {
          ...{ _tag: 'Rechecked', account: 'a', left: Cooldown.ready },
          before: shorter ?? Cooldown.ready,
        },
      ])(RuntimeState.empty),
    )

  it('is over when nothing is left of it, unless a longer one came meanwhile', () => {
    expect(recheck(shorter ?? Cooldown.ready)).toEqual(Cooldown.ready)
    expect(recheck(longer ?? Cooldown.ready)).toEqual(longer)
  })
})
