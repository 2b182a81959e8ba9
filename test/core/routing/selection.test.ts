import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import * as Eligibility from '../../../core/routing/eligibility'
import { select, soonest, type Snapshot } from '../../../core/routing/selection'
import { hour, minute } from '../../../core/time'
import { aSnapshot, noon, quota, ready, snapshotOf } from '../../support/routing'

const chosenKey = (snapshot: Snapshot): string | undefined => {
  const { chosen } = select(snapshot)
  return O.isSome(chosen) ? chosen.value.key : undefined
}

const because = (snapshot: Snapshot): string | undefined => {
  const { chosen } = select(snapshot)
  return O.isSome(chosen) ? chosen.value.because : undefined
}

/** What a plain reading of the rules says can be chosen at all. */
const canServe = (snapshot: Snapshot): ReadonlyArray<string> => {
  const strict =
    O.isNone(snapshot.strict) && snapshot.strategy === 'manual' ? snapshot.active : snapshot.strict
  return snapshot.candidates
    .filter((candidate) => O.isNone(Eligibility.unavailable(snapshot.now)(candidate)))
    .filter(({ key }) => !snapshot.tried.includes(key))
    .filter(({ key }) => O.isNone(strict) || strict.value === key)
    .map(({ key }) => key)
}

const cooling = (key: string, until: number) =>
  ready(key, { cooldown: Cooldown.cooling(until, 'rate-limited') })

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

  it('does not change its choice when an account that cannot serve is added', () => {
    fc.assert(
      fc.property(aSnapshot, (snapshot) => {
        const more = {
          ...snapshot,
          candidates: [...snapshot.candidates, ready('more', { enabled: false })],
        }
        expect(chosenKey(more)).toBe(chosenKey(snapshot))
      }),
    )
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
