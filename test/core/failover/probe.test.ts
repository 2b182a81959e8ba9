import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import type * as Machine from '../../../core/failover/machine'
import * as Probe from '../../../core/failover/probe'
import type { Refusal } from '../../../core/failover/verdict'
import * as Selection from '../../../core/routing/selection'
import { hour } from '../../../core/time'
import { aWorld, noon, ready, worldOf } from '../../support/routing'

const refused = (status: number, error: object): Refusal => ({
  ...{ _tag: 'Status', status, headers: [] },
  body: JSON.stringify({ error }),
})
const resets = { resets_at: (noon + hour) / 1_000 }
const limit = refused(429, { type: 'usage_limit_reached', ...resets })
const revoked = refused(401, { code: 'token_revoked' })

const refusals: ReadonlyArray<{
  readonly name: string
  readonly refusal: Refusal
  readonly outcome: Probe.Outcome['_tag']
  readonly lessons: ReadonlyArray<Machine.Lesson['_tag']>
}> = [
  { name: 'a limit', refusal: limit, outcome: 'Limited', lessons: ['CoolDown'] },
  { name: 'a lost sign-in', refusal: revoked, outcome: 'SignInLost', lessons: ['LoseSignIn'] },
  {
    name: 'a refused token',
    refusal: refused(401, { code: 'token_expired' }),
    outcome: 'TokenRefused',
    lessons: [],
  },
  {
    name: 'a workspace that may not',
    refusal: refused(402, {}),
    outcome: 'Barred',
    lessons: ['CoolDown'],
  },
  {
    name: 'a model that is not in the plan',
    refusal: refused(400, { code: 'model_not_supported_with_chatgpt_account' }),
    outcome: 'ModelRefused',
    lessons: ['RefuseModel'],
  },
  { name: 'a bad request', refusal: refused(400, {}), outcome: 'RequestRefused', lessons: [] },
  { name: 'a fault', refusal: refused(500, {}), outcome: 'BackendFailed', lessons: [] },
  {
    name: 'silence',
    refusal: { _tag: 'NoAnswer', code: 'timed_out', whose: 'network' },
    outcome: 'BackendFailed',
    lessons: [],
  },
]

const world = worldOf([ready('a'), ready('b')], { model: O.some('gpt-5.5') })
const moment = { at: noon, draw: 0.5, world }

it.each(refusals)('$name is learnt from as a request learns', ({ lessons, outcome, refusal }) => {
  expect(Probe.outcomeOf(noon)(refusal)._tag).toBe(outcome)
  const learnt = Probe.lessons('a', moment, refusal)
  expect(learnt.map(({ _tag }) => _tag)).toEqual(lessons)
  for (const { account } of learnt) expect(account).toBe('a')
})

it('teaches nothing of another account, whatever the world is like', () => {
  const aRefusal = fc.constantFrom(...refusals.map(({ refusal }) => refusal))
  fc.assert(
    fc.property(aWorld, aRefusal, fc.nat({ max: 7 }), (anyWorld, refusal, index) => {
      const account = `account-${index}`
      const learnt = Probe.lessons(account, { at: noon, draw: 0, world: anyWorld }, refusal)
      for (const lesson of learnt) expect(lesson.account).toBe(account)
    }),
  )
})

const losses = [noon - 3_000, noon - 2_000, noon - 1_000]

it.each([
  { name: 'nobody who can serve', given: ready('a'), expected: undefined },
  {
    name: 'who is disabled',
    given: ready('a', { enabled: false }),
    expected: { _tag: 'Disabled' },
  },
  {
    name: 'a fresh one after three lost sign-ins',
    given: ready('a'),
    signInsLost: losses,
    expected: { _tag: 'HeldBack' },
  },
  {
    name: 'nobody who is in use then',
    given: ready('a', { live: 1 }),
    signInsLost: losses,
    expected: undefined,
  },
])('leaves alone $name', ({ expected, given, signInsLost = [] }) => {
  const reason = O.toUndefined(
    Probe.skipped('a', { at: noon, world: worldOf([given], { signInsLost }) }),
  )
  if (expected === undefined) expect(reason).toBeUndefined()
  else expect(reason).toMatchObject(expected)
})

it('asks an account just where a strict request would go to it, but for the brake', () => {
  fc.assert(
    fc.property(aWorld, fc.nat({ max: 7 }), (anyWorld, index) => {
      const account = `account-${index}`
      fc.pre(anyWorld.candidates.some(({ key }) => key === account))
      const calm = {
        ...{ ...anyWorld, signInsLost: [], bound: O.none, tie: O.none, latest: O.none },
        ...{ pinned: O.none, strict: O.some(account) },
      }
      const { chosen } = Selection.select({ ...calm, now: noon, tried: [] })
      const skipped = Probe.skipped(account, { at: noon, world: calm })
      expect(O.isNone(skipped)).toBe(O.isSome(chosen))
    }),
  )
})

const served: Probe.Outcome = { _tag: 'Served' }
const lost: Probe.Outcome = { _tag: 'SignInLost', code: 'token_revoked' }
const unsigned: Probe.Outcome = {
  ...{ _tag: 'Skipped', reason: { _tag: 'NeedsSignIn', code: 'token_revoked' } },
}
const disabled: Probe.Outcome = { _tag: 'Skipped', reason: { _tag: 'Disabled' } }
const limited: Probe.Outcome = { _tag: 'Limited', until: noon + hour, window: O.none }
const ended: Probe.Outcome = { _tag: 'TokenEnded' }

it.each<{ name: string; outcomes: ReadonlyArray<Probe.Outcome>; expected: Probe.Sum }>([
  { name: 'one that serves', outcomes: [limited, lost, served], expected: 'serving' },
  { name: 'a token that has ended', outcomes: [limited, ended], expected: 'serving' },
  { name: 'limits', outcomes: [limited, lost], expected: 'none' },
  { name: 'sign-ins alone', outcomes: [lost, unsigned, disabled], expected: 'needs-sign-in' },
  { name: 'those taken out of service', outcomes: [disabled], expected: 'none' },
  { name: 'nobody', outcomes: [], expected: 'needs-sign-in' },
])('the sum of $name', ({ expected, outcomes }) => {
  expect(Probe.sum(outcomes)).toBe(expected)
})

it('says when who was asked, or left alone, is back', () => {
  const cooling: Probe.Outcome = {
    ...{ _tag: 'Skipped', reason: { _tag: 'Cooling', why: 'provider', until: noon + 1 } },
  }
  expect([limited, cooling, served, disabled].map(Probe.backAt)).toEqual([
    ...[O.some(noon + hour), O.some(noon + 1), O.none, O.none],
  ])
})
