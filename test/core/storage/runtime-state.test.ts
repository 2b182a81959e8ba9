import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Circuit from '../../../core/health/circuit'
import * as Cooldown from '../../../core/health/cooldown'
import * as Standing from '../../../core/health/standing'
import * as Affinity from '../../../core/routing/affinity'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { day, hour, minute } from '../../../core/time'
import { aCooldown, aQuota, noon } from '../../support/routing'
import {
  anObservation,
  applied,
  aState,
  cooled,
  observationsOf,
  reread,
  seen,
  tied,
  week,
} from '../../support/runtime-states'

const short = Cooldown.cooling(noon + minute, 'provider')
const long = Cooldown.cooling(noon + hour, 'rate-limited', O.some('weekly'))

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
        const cooldownIn = RuntimeState.cooldownOf('acc-1/a')
        expect(cooldownIn(after)).toEqual(Cooldown.extend(noon, cooldown)(cooldownIn(state)))
        expect(RuntimeState.quotaOf('acc-1/a')(after)).toEqual(O.some(snapshot))
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

it('forgets the limits of some accounts, and that their rows were asked of none', () => {
  const broken: Standing.Standing = {
    ...{ ...Standing.fresh, failedAt: noon },
    circuit: { _tag: 'Open', until: noon + minute },
  }
  const state = {
    ...applied(
      ...['a', 'b'].flatMap((key): ReadonlyArray<RuntimeState.Observation> => [
        cooled(key, long),
        seen(key, week(10)),
        { _tag: 'ModelRefused', account: key, model: 'gpt-5.5', at: noon },
      ]),
    ),
    standings: { a: broken, b: broken },
    seeded: { b: noon - hour },
  }
  const { cooldowns, lacks, quotas, seeded, standings } = RuntimeState.withoutLimits(
    ['a'],
    noon,
  )(state)
  expect([cooldowns, quotas, lacks].map(Object.keys)).toEqual([['b'], ['b'], ['b']])
  expect(standings).toEqual({ a: { ...broken, circuit: Circuit.closed }, b: broken })
  expect(seeded).toEqual({ a: noon, b: noon - hour })
})

it('remembers as many conversations as it is told to', () => {
  const memory = { span: hour, tiesMax: 1 }
  const tiedIn = (conversation: string, servedAt: number): RuntimeState.Observation => ({
    _tag: 'Tied',
    conversation,
    tie: { account: 'a', servedAt, generation: 0 },
    memory,
  })
  const { ties } = applied(tiedIn('talk', noon), tiedIn('other', noon + 1))
  expect(Object.keys(ties)).toEqual(['other'])
})

describe('a cooldown that was looked at again', () => {
  const [shorter, longer] = [hour, 2 * hour].map((span) =>
    Cooldown.cooling(noon + span, 'rate-limited'),
  )
  const recheck = (now: Cooldown.Cooldown) =>
    RuntimeState.cooldownOf('a')(
      RuntimeState.applyAll([
        { _tag: 'Cooled', account: 'a', cooldown: now, at: noon },
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
