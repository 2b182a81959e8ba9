import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import * as Standing from '../../../core/health/standing'
import * as Terms from '../../../core/routing/terms'
import { select, soonest, type Snapshot } from '../../../core/routing/selection'
import { hour, minute } from '../../../core/time'
import { blameOf, canServe, readingsOf } from '../../support/blame'
import { aSnapshot, noon, quota, ready, snapshotOf } from '../../support/routing'

const chosenKey = (snapshot: Snapshot): string | undefined => {
  const { chosen } = select(snapshot)
  return O.isSome(chosen) ? chosen.value.key : undefined
}

const because = (snapshot: Snapshot): string | undefined => {
  const { chosen } = select(snapshot)
  return O.isSome(chosen) ? chosen.value.because : undefined
}

const cooling = (key: string, until: number) =>
  ready(key, { cooldown: Cooldown.cooling(until, 'rate-limited') })

const reasonTags = new Set(readingsOf(snapshotOf([])).map(({ tag }) => tag))

describe('laws', () => {
  it('never selects an account that cannot serve', () => {
    fc.assert(
      fc.property(aSnapshot, (snapshot) => {
        const key = chosenKey(snapshot)
        expect(key === undefined || canServe(snapshot).includes(key)).toBe(true)
      }),
    )
  })

  it('selects one whenever one can serve', () => {
    fc.assert(
      fc.property(aSnapshot, (snapshot) => {
        expect(chosenKey(snapshot) !== undefined).toBe(canServe(snapshot).length > 0)
      }),
    )
  })

  it('gives every account one line, and the chosen one alone the line that says so', () => {
    fc.assert(
      fc.property(aSnapshot, (snapshot) => {
        const { trace, chosen } = select(snapshot)
        expect(trace.map(({ key }) => key)).toEqual(snapshot.candidates.map(({ key }) => key))
        const lines = trace.filter(({ _tag }) => _tag === 'Chosen').map(({ key }) => key)
        expect(lines).toEqual(O.isSome(chosen) ? [chosen.value.key] : [])
      }),
    )
  })

  it('names as unavailable exactly the accounts that cannot serve', () => {
    fc.assert(
      fc.property(aSnapshot, (snapshot) => {
        const barred = select(snapshot).trace.filter(({ _tag }) => _tag === 'Unavailable')
        const able = canServe(snapshot)
        expect(barred.map(({ key }) => key)).toEqual(
          snapshot.candidates.map(({ key }) => key).filter((key) => !able.includes(key)),
        )
      }),
    )
  })

  it('names the first reason that holds, in the order of blame', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(aSnapshot, (snapshot) => {
        const named = select(snapshot).trace.map((line) =>
          line._tag === 'Unavailable' ? line.reason._tag : undefined,
        )
        expect(named).toEqual(blameOf(snapshot))
        for (const tag of named) if (tag !== undefined) seen.add(tag)
      }),
      { numRuns: 2_000 },
    )
    expect([...seen].sort()).toEqual([...reasonTags].sort())
  })
})

describe('order of decisions', () => {
  const warm = O.some({ account: 'b', servedAt: noon - minute, generation: 0 })
  const cold = O.some({ account: 'b', servedAt: noon - 11 * minute, generation: 0 })
  const pair = [ready('a', { quota: quota(0) }), ready('b', { quota: quota(50) })]

  it.each<{ name: string; given: Snapshot; key: string | undefined; why: string | undefined }>([
    { name: 'most head-room', given: snapshotOf(pair), key: 'a', why: 'hybrid' },
    {
      name: 'a warm conversation stays',
      given: snapshotOf(pair, { tie: warm }),
      key: 'b',
      why: 'warm-conversation',
    },
    { name: 'a cold one moves', given: snapshotOf(pair, { tie: cold }), key: 'a', why: 'hybrid' },
    {
      name: 'a cold tie breaks a draw',
      given: snapshotOf([ready('a'), ready('b')], { tie: cold }),
      key: 'b',
      why: 'hybrid',
    },
    {
      name: 'a warm conversation leaves an account that cannot serve',
      given: snapshotOf([ready('a'), cooling('b', noon + hour)], { tie: warm }),
      key: 'a',
      why: 'hybrid',
    },
    {
      name: 'the pin goes before a warm conversation',
      given: snapshotOf(pair, { tie: warm, pinned: O.some('a') }),
      key: 'a',
      why: 'pinned',
    },
    {
      name: 'a pin that cannot serve lets the request move on',
      given: snapshotOf([cooling('a', noon + hour), ready('b')], { pinned: O.some('a') }),
      key: 'b',
      why: 'hybrid',
    },
    {
      name: 'strict goes before all',
      given: snapshotOf(pair, { strict: O.some('b'), pinned: O.some('a') }),
      key: 'b',
      why: 'strict',
    },
    ...[
      { name: 'pinned', given: { pinned: O.some('b') } },
      { name: 'warm', given: { tie: warm } },
      {
        name: 'the last that answered',
        given: { latest: warm, terms: { ...Terms.standard, minRotationInterval: hour } },
      },
    ].map(({ name, given }) => ({
      name: `strict is said to be strict, ${name} or not`,
      given: snapshotOf(pair, { ...given, strict: O.some('b') }),
      key: 'b',
      why: 'strict',
    })),
    {
      name: 'strict is never routed round',
      given: snapshotOf([ready('a'), cooling('b', noon + hour)], { strict: O.some('b') }),
      key: undefined,
      why: undefined,
    },
    {
      name: 'manual is strict on the active account',
      given: snapshotOf(pair, { strategy: 'manual', active: O.some('b') }),
      key: 'b',
      why: 'strict',
    },
    {
      name: 'sequential stays on the active account, whatever is left',
      given: snapshotOf(pair, { strategy: 'sequential', active: O.some('b') }),
      key: 'b',
      why: 'sequential',
    },
    {
      name: 'sequential goes on to the next in the pool',
      given: snapshotOf([ready('a'), cooling('b', noon + hour), ready('c')], {
        strategy: 'sequential',
        active: O.some('b'),
      }),
      key: 'c',
      why: 'sequential',
    },
    {
      name: 'sequential comes round to the first',
      given: snapshotOf([ready('a'), cooling('b', noon + hour)], {
        strategy: 'sequential',
        active: O.some('b'),
      }),
      key: 'a',
      why: 'sequential',
    },
    {
      name: 'live conversations share an account’s head-room',
      given: snapshotOf([ready('a', { live: 2 }), ready('b', { live: 1 })]),
      key: 'b',
      why: 'hybrid',
    },
    {
      name: 'a tenth of a large plan is more than half of a small one',
      given: snapshotOf([
        ready('a', { plan: O.some('plus'), quota: quota(50) }),
        ready('b', { plan: O.some('pro'), quota: quota(90, 90) }),
      ]),
      key: 'b',
      why: 'hybrid',
    },
    {
      name: 'an account in its reserve comes last, however large its plan',
      given: snapshotOf([
        ready('a', { plan: O.some('pro'), quota: quota(96) }),
        ready('b', { plan: O.some('plus'), quota: quota(94) }),
      ]),
      key: 'b',
      why: 'hybrid',
    },
    {
      name: 'an account in its reserve still serves when it is the only one',
      given: snapshotOf([ready('a', { quota: quota(99) })]),
      key: 'a',
      why: 'hybrid',
    },
    {
      name: 'unknown counts as half full',
      given: snapshotOf([ready('a'), ready('b', { quota: quota(49) })]),
      key: 'b',
      why: 'hybrid',
    },
    {
      name: 'unknown is more than nearly spent',
      given: snapshotOf([ready('a', { quota: quota(51) }), ready('b')]),
      key: 'b',
      why: 'hybrid',
    },
    { name: 'nobody', given: snapshotOf([]), key: undefined, why: undefined },
  ])('$name', ({ given, key, why }) => {
    expect([chosenKey(given), because(given)]).toEqual([key, why])
  })
})

it('tells the soonest instant at which an account comes back by itself', () => {
  const selection = select(
    snapshotOf([
      cooling('a', noon + 2 * hour),
      cooling('b', noon + hour),
      ready('c', { enabled: false }),
    ]),
  )
  expect(soonest(selection)).toEqual(O.some(noon + hour))
})

it('tells no such instant when only a person can help', () => {
  expect(soonest(select(snapshotOf([ready('a', { enabled: false })])))).toEqual(O.none)
})

describe('what is put off', () => {
  const nearlySpent = ready('a', { quota: quota(97) })
  const broken = (key: string) =>
    ready(key, {
      standing: { ...Standing.fresh, circuit: { _tag: 'Open', until: noon + 20_000 } },
    })
  const resting = (key: string) =>
    ready(key, { cooldown: Cooldown.cooling(noon + 6_000, 'provider') })
  const tags = (snapshot: Snapshot) =>
    select(snapshot).trace.map((line) =>
      line._tag === 'Unavailable' ? line.reason._tag : line._tag,
    )
  const warm = O.some({ account: 'a', servedAt: noon - minute, generation: 0 })

  it.each<{ name: string; given: Snapshot; expected: ReadonlyArray<string> }>([
    {
      name: 'a nearly spent account waits for when it is needed',
      given: snapshotOf([nearlySpent, ready('b', { quota: quota(90), live: 9 })]),
      expected: ['QuotaDeferred', 'Chosen'],
    },
    {
      name: 'and serves when it is the last',
      given: snapshotOf([nearlySpent, cooling('b', noon + hour)]),
      expected: ['Chosen', 'RateLimited'],
    },
    {
      name: 'and when the others have refused this request',
      given: snapshotOf([nearlySpent, ready('b')], { tried: ['b'] }),
      expected: ['Chosen', 'AlreadyTried'],
    },
    {
      name: 'and keeps a warm conversation',
      given: snapshotOf([nearlySpent, ready('b')], { tie: warm }),
      expected: ['Chosen', 'NotPreferred'],
    },
    {
      name: 'and the person who switched to it',
      given: snapshotOf([nearlySpent, ready('b')], { pinned: O.some('a') }),
      expected: ['Chosen', 'NotPreferred'],
    },
    {
      name: 'not where nothing is put off',
      given: snapshotOf([nearlySpent, cooling('b', noon + hour)], {
        terms: { ...Terms.standard, deferral: O.none },
      }),
      expected: ['Chosen', 'RateLimited'],
    },
    {
      name: 'an open circuit keeps an account out',
      given: snapshotOf([broken('a'), ready('b', { quota: quota(90) })]),
      expected: ['CircuitOpen', 'Chosen'],
    },
    {
      name: 'but never the last one',
      given: snapshotOf([broken('a'), broken('b')], { tried: ['a'] }),
      expected: ['AlreadyTried', 'Chosen'],
    },
    {
      name: 'so does a rest after faults',
      given: snapshotOf([resting('a'), ready('b', { quota: quota(90) })]),
      expected: ['Cooling', 'Chosen'],
    },
    {
      name: 'which never keeps out the last one either',
      given: snapshotOf([resting('a'), cooling('b', noon + hour)]),
      expected: ['Chosen', 'RateLimited'],
    },
    {
      name: 'a nearly spent account goes before one that rests after faults',
      given: snapshotOf([resting('b'), nearlySpent]),
      expected: ['Cooling', 'Chosen'],
    },
    {
      name: 'a nearly spent account goes before a broken one',
      given: snapshotOf([broken('b'), nearlySpent]),
      expected: ['CircuitOpen', 'Chosen'],
    },
    {
      name: 'a model that an account lacks sends the request on',
      given: snapshotOf(
        [ready('a', { lacks: { 'gpt-5.5': noon + minute } }), ready('b', { quota: quota(90) })],
        { model: O.some('gpt-5.5') },
      ),
      expected: ['ModelNotEntitled', 'Chosen'],
    },
    {
      name: 'and no other model',
      given: snapshotOf([ready('a', { lacks: { 'gpt-5.5': noon + minute } })], {
        model: O.some('gpt-5.4'),
      }),
      expected: ['Chosen'],
    },
    {
      name: 'a draining account keeps its warm conversations',
      given: snapshotOf([ready('a', { draining: true }), ready('b')], { tie: warm }),
      expected: ['Chosen', 'NotPreferred'],
    },
    {
      name: 'and gets no new ones, even when it is the last',
      given: snapshotOf([ready('a', { draining: true }), cooling('b', noon + hour)]),
      expected: ['Draining', 'RateLimited'],
    },
    {
      name: 'a paused account serves nobody',
      given: snapshotOf([ready('a', { paused: true }), ready('b')], { tie: warm }),
      expected: ['Paused', 'Chosen'],
    },
    {
      name: 'of accounts with tags only those serve that the person asks for',
      given: snapshotOf([ready('a', { tags: ['home'] }), ready('b', { tags: ['work'] })], {
        tie: warm,
        terms: { ...Terms.standard, requiredTags: ['work'] },
      }),
      expected: ['OffPolicy', 'Chosen'],
    },
    {
      name: 'what is bound goes to its account and nowhere else',
      given: snapshotOf([cooling('a', noon + hour), ready('b')], {
        bound: O.some({ account: 'a', kind: 'compaction', at: noon }),
        pinned: O.some('b'),
      }),
      expected: ['RateLimited', 'BoundElsewhere'],
    },
    {
      name: 'after a lost sign-in a request goes where somebody is served already',
      given: snapshotOf([ready('a'), ready('b', { quota: quota(80), live: 3 })], {
        signInsLost: [noon],
      }),
      expected: ['NotPreferred', 'Chosen'],
    },
    {
      name: 'or where one is just being asked, so that never two are tried at once',
      given: snapshotOf([ready('a'), ready('b', { quota: quota(80), inFlight: 1 })], {
        signInsLost: [noon, noon],
      }),
      expected: ['NotPreferred', 'Chosen'],
    },
    {
      name: 'and to a fresh one where nobody is served',
      given: snapshotOf([ready('a'), ready('b', { quota: quota(80) })], {
        signInsLost: [noon, noon],
      }),
      expected: ['Chosen', 'NotPreferred'],
    },
    {
      name: 'after three no fresh account is asked',
      given: snapshotOf([ready('a', { inFlight: 1 }), ready('b', { quota: quota(80), live: 3 })], {
        signInsLost: [noon, noon, noon],
      }),
      expected: ['HeldBack', 'Chosen'],
    },
    {
      name: 'not even the last one',
      given: snapshotOf([ready('a'), cooling('b', noon + hour)], {
        signInsLost: [noon, noon, noon],
      }),
      expected: ['HeldBack', 'RateLimited'],
    },
    {
      name: 'unless the person asks for it',
      given: snapshotOf([ready('a'), ready('b')], {
        signInsLost: [noon, noon, noon],
        pinned: O.some('b'),
      }),
      expected: ['HeldBack', 'Chosen'],
    },
    {
      name: 'or the conversation is at home there',
      given: snapshotOf([ready('a'), ready('b')], { signInsLost: [noon, noon, noon], tie: warm }),
      expected: ['Chosen', 'HeldBack'],
    },
    {
      name: 'while the brake holds, the account of the last answer goes on',
      given: snapshotOf([ready('a', { quota: quota(90) }), ready('b')], {
        latest: warm,
        terms: { ...Terms.standard, minRotationInterval: 2 * minute },
      }),
      expected: ['Chosen', 'NotPreferred'],
    },
    {
      name: 'and no longer',
      given: snapshotOf([ready('a', { quota: quota(90) }), ready('b')], {
        latest: warm,
        terms: { ...Terms.standard, minRotationInterval: minute },
      }),
      expected: ['NotPreferred', 'Chosen'],
    },
  ])('$name', ({ given, expected }) => {
    expect(tags(given)).toEqual(expected)
  })
})
