import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Policy from '../../../core/accounts/policy'
import * as Account from '../../../core/accounts/account'
import * as Cooldown from '../../../core/health/cooldown'
import * as Snapshot from '../../../core/quota/snapshot'
import * as Eligibility from '../../../core/routing/eligibility'
import { hour } from '../../../core/time'
import { aCandidate, aroundNoon, noon, quota, ready } from '../../support/routing'
import { accountOf } from '../../support/tokens'

const until = noon + hour
const cooling = Cooldown.cooling(until, 'credential')
const limited = Cooldown.cooling(until, 'rate-limited', O.some('weekly'))
const invalidation = O.some({ at: noon, code: 'token_revoked' })

const reasonOf = (given: Partial<Eligibility.Candidate>) =>
  O.toUndefined(Eligibility.unavailable(noon, [])(ready('a', given)))

describe('the first reason', () => {
  it.each<{ name: string; given: Partial<Eligibility.Candidate>; expected: object | undefined }>([
    { name: 'none', given: {}, expected: undefined },
    { name: 'disabled', given: { enabled: false }, expected: { _tag: 'Disabled' } },
    {
      name: 'needs a sign-in',
      given: { invalidation },
      expected: { _tag: 'NeedsSignIn', code: 'token_revoked' },
    },
    {
      name: 'rate limited, with the window',
      given: { cooldown: limited },
      expected: { _tag: 'RateLimited', window: O.some('weekly'), until },
    },
    {
      name: 'cooling, with why',
      given: { cooldown: cooling },
      expected: { _tag: 'Cooling', why: 'credential', until },
    },
    {
      name: 'a rest after faults is none: it serves where nobody else can',
      given: { cooldown: Cooldown.cooling(until, 'provider') },
      expected: undefined,
    },
    {
      name: 'disabled goes before all, as the person wills it',
      given: { enabled: false, invalidation, cooldown: limited },
      expected: { _tag: 'Disabled' },
    },
    {
      name: 'a sign-in goes before what time mends',
      given: { invalidation, cooldown: limited },
      expected: { _tag: 'NeedsSignIn', code: 'token_revoked' },
    },
    {
      name: 'a pause goes before what time mends',
      given: { paused: true, cooldown: limited },
      expected: { _tag: 'Paused' },
    },
    {
      name: 'draining is none: it keeps what it has',
      given: { draining: true },
      expected: undefined,
    },
    {
      name: 'a cooldown that has ended is none',
      given: { cooldown: Cooldown.cooling(noon, 'rate-limited') },
      expected: undefined,
    },
    {
      name: 'a spent quota alone is none: the backend has the last word',
      given: { quota: quota(100, 100) },
      expected: undefined,
    },
  ])('$name', ({ given, expected }) => {
    expect(reasonOf(given)).toEqual(expected)
  })

  it('ends by itself where time mends it', () => {
    const reasons = [
      { enabled: false },
      { invalidation },
      { cooldown: limited },
      { cooldown: cooling },
    ].map(reasonOf)
    const ends = reasons.map((reason) => reason && O.toUndefined(Eligibility.endsAt(reason)))
    expect(ends).toEqual([undefined, undefined, until, until])
    expect(Eligibility.endsAt({ _tag: 'AlreadyTried' })).toEqual(O.none)
    expect(Eligibility.endsAt({ _tag: 'NotAskedFor' })).toEqual(O.none)
  })
})

const restsAfterFaults = ({ cooldown }: Eligibility.Candidate): boolean =>
  cooldown._tag === 'Cooling' && cooldown.why === 'provider'

describe('laws', () => {
  const anyone = fc
    .tuple(aCandidate, fc.boolean(), fc.boolean())
    .map(([candidate, enabled, paused]) => ({ ...candidate, enabled, paused }))

  it('names a reason exactly when something stands in the way', () => {
    fc.assert(
      fc.property(anyone, aroundNoon, (candidate, now) => {
        const isFree =
          candidate.enabled &&
          !candidate.paused &&
          O.isNone(candidate.invalidation) &&
          (Cooldown.isReady(now)(candidate.cooldown) || restsAfterFaults(candidate))
        expect(O.isNone(Eligibility.unavailable(now, [])(candidate))).toBe(isFree)
      }),
    )
  })

  it('lets an account serve at the instant at which its reason ends', () => {
    fc.assert(
      fc.property(anyone, aroundNoon, (candidate, now) => {
        const reason = Eligibility.unavailable(now, [])(candidate)
        const end = O.isSome(reason) ? Eligibility.endsAt(reason.value) : O.none
        if (O.isNone(end)) return
        expect(end.value).toBeGreaterThan(now)
        expect(Eligibility.unavailable(end.value, [])(candidate)).toEqual(O.none)
        expect(O.isSome(Eligibility.unavailable(end.value - 1, [])(candidate))).toBe(true)
      }),
    )
  })
})

it('sees an account as the pool has it', () => {
  const account = accountOf({ accountId: 'acc-1', userId: 'user-a', plan: 'team' })
  const lost = Account.invalidated({ at: noon, code: 'token_revoked' })({
    ...account,
    enabled: false,
  })
  const seen = { cooldown: limited, quota: quota(20), live: 3, paused: true }
  expect(Eligibility.candidate(lost, seen)).toEqual({
    key: 'acc-1/user-a',
    enabled: false,
    invalidation,
    plan: O.some('team'),
    ...Policy.standard,
    ...Eligibility.unseen,
    ...seen,
  })
})

it('takes its plan from the newest word', () => {
  const account = accountOf({ accountId: 'acc-1', plan: 'plus' }, noon)
  const planSeen = (at: number): O.Option<string> => {
    const told = Snapshot.withPlan({ name: 'pro', at })(quota(10))
    return Eligibility.candidate(account, { quota: O.some(told) }).plan
  }
  expect([planSeen(noon + 1), planSeen(noon - 1)]).toEqual([O.some('pro'), O.some('plus')])
})
