import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as AttemptBudget from '../../../core/failover/attempt-budget'
import * as ErrorBody from '../../../core/failover/error-body'
import * as Machine from '../../../core/failover/machine'
import { begin } from '../../../core/failover/run'
import type * as Moment from '../../../core/failover/moment'
import type { Refusal } from '../../../core/failover/verdict'
import * as Cooldown from '../../../core/health/cooldown'
import { hour, minute, second, type Instant, type Millis } from '../../../core/time'
import { aWorld, noon, ready, worldOf } from '../../support/routing'

/** What an account does with each request that reaches it. */
type Behaviour = ReadonlyArray<Refusal | 'answers'>

const status = (code: number, error: string, headers: Record<string, string> = {}): Refusal => ({
  _tag: 'Status',
  status: code,
  headers: Object.entries(headers),
  body: JSON.stringify({ error: { code: error } }),
})
const inStream = (code: string): Refusal => ({
  _tag: 'InStream',
  headers: [],
  failure: { ...ErrorBody.none, code },
})
const limited = status(429, 'usage_limit_reached')
const unauthorized = status(401, 'token_expired')
const revoked = status(401, 'token_revoked')
const unpaid = status(402, 'deactivated_workspace')
const forbidden = status(403, '')
const broken: Refusal = { _tag: 'NoAnswer', code: 'ECONNRESET', whose: 'network' }
const unreachable: Refusal = { _tag: 'NoAnswer', code: 'ENOTFOUND', whose: 'host' }
/** Limited for a second. */
const brief = status(429, 'rate_limited', { 'retry-after': '1' })
const unsupported: Refusal = {
  _tag: 'Status',
  status: 400,
  headers: [],
  body: JSON.stringify({
    detail: "The 'gpt-5.5' model is not supported when using Codex with a ChatGPT account.",
  }),
}
const faulty = status(500, '')
const foreignReasoning = status(400, 'invalid_encrypted_content')
const badRequest = status(400, 'context_length_exceeded')

const aRefusal = fc.constantFrom(
  limited,
  unauthorized,
  revoked,
  unpaid,
  forbidden,
  broken,
  unreachable,
  brief,
  unsupported,
  faulty,
  status(503, 'server_is_overloaded', { 'retry-after': '1' }),
  inStream('usage_limit_reached'),
  inStream('server_is_overloaded'),
  inStream(''),
)

const aBehaviour: fc.Arbitrary<Behaviour> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: aRefusal },
    { weight: 1, arbitrary: fc.constant('answers' as const) },
  ),
  { maxLength: 4 },
)

interface Run {
  readonly effects: ReadonlyArray<Machine.Effect>
  readonly events: ReadonlyArray<Machine.Event>
  /** Who was sent to, and what came back. */
  readonly sends: ReadonlyArray<
    readonly [account: string, answer: Refusal | 'answers', at: Instant]
  >
  readonly state: Machine.State
  readonly ended: boolean
}

/** A plain interpreter: performs the effects against scripted accounts and feeds back what happened. */
const drive = (
  start: Moment.World,
  behaviours: Readonly<Record<string, Behaviour>>,
  refreshes: Machine.Happening & { readonly _tag: 'Refreshed' } = {
    _tag: 'Refreshed',
    outcome: 'fresh',
  },
  draw = 0.5,
): Run => {
  let world = start
  let at = noon
  let state = Machine.idle
  let happening: Machine.Happening = { _tag: 'Requested', purpose: 'model' }
  const sends: Array<readonly [string, Refusal | 'answers', Instant]> = []
  const effects: Array<Machine.Effect> = []
  const events: Array<Machine.Event> = []
  for (let turn = 0; turn < 10_000; turn += 1) {
    const event = { ...happening, at, draw, world }
    events.push(event)
    const [next, out] = Machine.step(state, event)
    state = next
    effects.push(...out)
    for (const effect of out) {
      if (effect._tag === 'CoolDown')
        world = {
          ...world,
          candidates: world.candidates.map((candidate) =>
            candidate.key === effect.account
              ? { ...candidate, cooldown: Cooldown.extend(at, effect.cooldown)(candidate.cooldown) }
              : candidate,
          ),
        }
      if (effect._tag === 'LoseSignIn')
        world = {
          ...world,
          signInsLost: [...world.signInsLost, at],
          candidates: world.candidates.map((candidate) =>
            candidate.key === effect.account
              ? { ...candidate, invalidation: O.some({ at, code: effect.code }) }
              : candidate,
          ),
        }
    }
    const act = out[out.length - 1]
    if (act?._tag === 'Send') {
      const before = sends.filter(([account]) => account === act.account).length
      const answer = behaviours[act.account]?.[before] ?? 'answers'
      sends.push([act.account, answer, at])
      happening = answer === 'answers' ? { _tag: 'Answered' } : { _tag: 'Refused', refusal: answer }
    } else if (act?._tag === 'Refresh') happening = refreshes
    else if (act?._tag === 'Pause') {
      at += act.span
      happening = { _tag: 'Paused' }
    } else
      return {
        effects,
        events,
        sends,
        state,
        ended: state._tag === 'Done' || state._tag === 'Streaming',
      }
  }
  return { effects, events, sends, state, ended: false }
}

const aRun = fc
  .tuple(
    aWorld,
    fc.array(aBehaviour, { minLength: 9, maxLength: 9 }),
    fc.constantFrom<'fresh' | 'refused' | 'failed'>('fresh', 'refused', 'failed'),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
  )
  .map(([world, behaviours, outcome, draw]) => {
    const byKey = Object.fromEntries(behaviours.map((row, index) => [`account-${index}`, row]))
    return { world, outcome, run: drive(world, byKey, { _tag: 'Refreshed', outcome }, draw) }
  })

const isLimit = (answer: Refusal | 'answers'): boolean =>
  answer === limited ||
  answer === brief ||
  (answer !== 'answers' &&
    answer._tag === 'InStream' &&
    answer.failure.code === 'usage_limit_reached')

/** How long an account that answers so is left alone by the request. */
const leftAlone = (answer: Refusal | 'answers'): Millis => {
  if (answer === revoked || answer === unpaid || answer === forbidden) return Infinity
  if (isLimit(answer)) return answer === brief ? second : minute
  return 0
}

describe('laws', () => {
  it('ends, within its budget', () => {
    fc.assert(
      fc.property(aRun, ({ world, run }) => {
        expect(run.ended).toBe(true)
        expect(run.sends.length).toBeLessThanOrEqual(
          AttemptBudget.of(world.candidates.length).sendsMax,
        )
      }),
    )
  })

  it('never sends again on an account before its limit has ended, nor after 402, 403 or an invalidation', () => {
    fc.assert(
      fc.property(aRun, ({ run }) => {
        run.sends.forEach(([account, answer, at], index) => {
          const again = run.sends.slice(index + 1).find(([later]) => later === account)
          if (again !== undefined) expect(again[2] - at).toBeGreaterThanOrEqual(leftAlone(answer))
        })
      }),
    )
  })

  it('waits for accounts no longer than it may', () => {
    fc.assert(
      fc.property(aRun, ({ world, run }) => {
        const { longWait, shortWaitMax } = world.failover
        const rests = run.effects.flatMap((effect) =>
          effect._tag === 'Pause' && O.isSome(effect.back) ? [effect.span] : [],
        )
        const longest = O.isSome(longWait) ? longWait.value.spanMax : 0
        expect(Math.max(0, ...rests)).toBeLessThanOrEqual(Math.max(shortWaitMax, longest))
        if (O.isNone(longWait))
          expect(rests.reduce((sum, span) => sum + span, 0)).toBeLessThanOrEqual(shortWaitMax)
      }),
    )
  })

  it('blames nobody for what this host cannot do', () => {
    fc.assert(
      fc.property(aRun, ({ run }) => {
        const onlyHost = run.sends.every(
          ([, answer]) => answer === 'answers' || answer === unreachable,
        )
        fc.pre(onlyHost)
        expect(run.effects.filter(({ _tag }) => _tag === 'CoolDown')).toEqual([])
      }),
    )
  })

  it('never sends again on an account that answered a second 401', () => {
    fc.assert(
      fc.property(aRun, ({ run }) => {
        for (const [account] of run.sends) {
          const answers = run.sends.filter(([key]) => key === account).map(([, answer]) => answer)
          const second = answers.findIndex(
            (answer, index) =>
              answer === unauthorized && answers.slice(0, index).includes(unauthorized),
          )
          expect(second < 0 || second === answers.length - 1).toBe(true)
        }
      }),
    )
  })

  it('refreshes an account once, and again only where the issuer failed, in a later round', () => {
    fc.assert(
      fc.property(aRun, ({ run, outcome }) => {
        const rounds = [[] as Array<string>]
        for (const effect of run.effects) {
          if (effect._tag === 'Refresh') rounds.at(-1)?.push(effect.account)
          if (effect._tag === 'Pause' && outcome === 'failed') rounds.push([])
        }
        for (const round of rounds) expect(new Set(round).size).toBe(round.length)
      }),
    )
  })

  it('does nothing more for the request once its answer is handed on', () => {
    const everyKind: ReadonlyArray<Machine.Happening> = [
      { _tag: 'Requested', purpose: 'model' },
      { _tag: 'Requested', purpose: 'other' },
      { _tag: 'Refreshed', outcome: 'fresh' },
      { _tag: 'Refreshed', outcome: 'refused' },
      { _tag: 'Refreshed', outcome: 'failed' },
      ...[limited, unauthorized, revoked, unpaid, broken, faulty, badRequest, foreignReasoning].map(
        (refusal): Machine.Happening => ({ _tag: 'Refused', refusal }),
      ),
      { _tag: 'Answered' },
      { _tag: 'Paused' },
      { _tag: 'StreamEnded' },
      { _tag: 'ClientGone' },
    ]
    const someEvents = fc.shuffledSubarray([...everyKind], {
      minLength: everyKind.length,
      maxLength: everyKind.length,
    })
    fc.assert(
      fc.property(someEvents, aRun, (happenings, { run }) => {
        fc.pre(run.state._tag === 'Streaming')
        let state: Machine.State = run.state
        for (const happening of happenings) {
          const event = { ...happening, at: noon, draw: 0.5, world: worldOf([ready('fresh')]) }
          const [next, effects] = Machine.step(state, event)
          const notes: ReadonlyArray<string> =
            state._tag === 'Streaming' ? ['Tie', 'CoolDown', 'LoseSignIn'] : []
          expect(effects.filter(({ _tag }) => !notes.includes(_tag))).toEqual([])
          expect(['Streaming', 'Done']).toContain(next._tag)
          state = next
        }
        expect(state).toEqual({ _tag: 'Done' })
      }),
    )
  })

  it.each([
    {
      ...{ name: 'a limit', refusal: inStream('usage_limit_reached') },
      learns: {
        _tag: 'CoolDown',
        account: 'fresh',
        cooldown: Cooldown.cooling(noon + minute, 'rate-limited'),
      },
    },
    {
      ...{ name: 'a lost sign-in', refusal: inStream('token_revoked') },
      learns: { _tag: 'LoseSignIn', account: 'fresh', code: 'token_revoked' },
    },
    { name: 'no fault of the backend', refusal: inStream('server_error'), learns: undefined },
    { name: 'no fault of the request', refusal: inStream('invalid_prompt'), learns: undefined },
  ])('learns $name from what comes after the commit point', ({ learns, refusal }) => {
    const run = begin('model', noon)
    const state: Machine.State = {
      ...{ _tag: 'Streaming', run, account: ready('fresh').key, isRefused: false },
    }
    const moment = { at: noon, draw: 0.5, world: worldOf([ready('fresh'), ready('other')]) }
    const event = { ...moment, _tag: 'Refused', refusal } as const
    const told: Machine.State = { ...state, isRefused: true }
    expect(Machine.step(state, event)).toEqual([told, learns === undefined ? [] : [learns]])
    // An `error` event and the end of its stream may both tell of it.
    expect(Machine.step(told, event)).toEqual([told, []])
  })

  it('commits once somebody answers, and only then', () => {
    fc.assert(
      fc.property(aRun, ({ run }) => {
        const answered = run.sends.some(([, answer]) => answer === 'answers')
        expect(run.effects.some(({ _tag }) => _tag === 'Commit')).toBe(answered)
      }),
    )
  })

  it('gives the same effects when a log of events is replayed', () => {
    fc.assert(
      fc.property(aRun, ({ run }) => {
        let state = Machine.idle
        const effects = run.events.flatMap((event) => {
          const [next, out] = Machine.step(state, event)
          state = next
          return out
        })
        expect(effects).toEqual(run.effects)
      }),
    )
  })

  it('is moved by nothing once it is done', () => {
    fc.assert(
      fc.property(aRun, ({ run }) => {
        for (const event of run.events)
          expect(Machine.step({ _tag: 'Done' }, event)).toEqual([{ _tag: 'Done' }, []])
      }),
    )
  })

  it('leaves no account that could serve untried when it says that none can', () => {
    fc.assert(
      fc.property(aRun, ({ world, run }) => {
        const gaveUp = run.effects.some(
          (effect) => effect._tag === 'GiveUp' && effect.because._tag === 'AllBarred',
        )
        const lost = run.effects.filter(({ _tag }) => _tag === 'LoseSignIn').length
        const isFree =
          O.isNone(world.strict) && O.isNone(world.bound) && world.strategy !== 'manual'
        if (!gaveUp || !isFree || world.signInsLost.length + lost >= 3) return
        const touched = run.effects.flatMap((effect) =>
          effect._tag === 'Send' || effect._tag === 'Refresh' ? [effect.account] : [],
        )
        const { requiredTags } = world.terms
        const able = world.candidates.filter(
          ({ cooldown, draining, enabled, invalidation, lacks, paused, tags }) =>
            enabled &&
            !paused &&
            (requiredTags.length === 0 || tags.some((tag) => requiredTags.includes(tag))) &&
            !draining &&
            O.isNone(invalidation) &&
            Cooldown.isReady(noon)(cooldown) &&
            (O.isNone(world.model) || Object.keys(lacks).length === 0),
        )
        expect(able.map(({ key }) => key).filter((key) => !touched.includes(key))).toEqual([])
      }),
    )
  })
})

describe('what each refusal leads to', () => {
  const three = worldOf([ready('a'), ready('b'), ready('c')])
  const tags = (run: Run): ReadonlyArray<string> =>
    run.effects.flatMap((effect) => {
      switch (effect._tag) {
        case 'Decided':
        case 'Tie':
          return []
        case 'Pause':
          return [`Pause ${effect.span}`]
        case 'GiveUp':
          return [`GiveUp ${effect.because._tag}`]
        case 'PassOn':
        case 'DropReasoning':
          return [effect._tag]
        case 'UseModel':
          return [`UseModel ${effect.model}`]
        default:
          return [`${effect._tag} ${effect.account}`]
      }
    })

  it.each<{
    name: string
    world?: Moment.World
    refreshes?: 'fresh' | 'failed'
    given: Readonly<Record<string, Behaviour>>
    expected: ReadonlyArray<string>
  }>([
    { name: 'an answer is handed on', given: {}, expected: ['Send a', 'Commit a'] },
    {
      name: 'a limit moves the request on',
      given: { a: [limited] },
      expected: ['Send a', 'CoolDown a', 'Send b', 'Commit b'],
    },
    {
      name: 'a limit inside a 200 stream does too',
      given: { a: [inStream('usage_limit_reached')] },
      expected: ['Send a', 'CoolDown a', 'Send b', 'Commit b'],
    },
    {
      name: 'a 401 is refreshed once, on the same account',
      given: { a: [unauthorized] },
      expected: ['Send a', 'Refresh a', 'Send a', 'Commit a'],
    },
    {
      name: 'a second 401 moves the request on',
      given: { a: [unauthorized, unauthorized] },
      expected: ['Send a', 'Refresh a', 'Send a', 'CoolDown a', 'Send b', 'Commit b'],
    },
    {
      name: 'a token about to end is renewed before it is sent',
      world: { ...three, stale: new Set(['a']) },
      given: {},
      expected: ['Refresh a', 'Send a', 'Commit a'],
    },
    {
      name: 'a lost sign-in is marked, and the next account waited for a second',
      given: { a: [revoked] },
      expected: ['Send a', 'LoseSignIn a', 'Pause 1000', 'Send b', 'Commit b'],
    },
    {
      name: 'a second lies between a lost sign-in and the next fresh account, whoever lost it',
      world: { ...three, signInsLost: [noon - 400] },
      given: {},
      expected: ['Pause 600', 'Send a', 'Commit a'],
    },
    {
      name: 'the third sign-in lost within a minute ends the trying',
      world: { ...three, signInsLost: [noon - 9_000, noon - 8_000] },
      given: { a: [revoked] },
      expected: ['Send a', 'LoseSignIn a', 'GiveUp AllBarred'],
    },
    {
      name: 'a backend fault is blamed on an account once another one answers',
      given: { a: [faulty] },
      expected: ['Send a', 'Send b', 'CoolDown a', 'Commit b'],
    },
    {
      name: 'a fault of all accounts is waited out and blamed on none',
      given: { a: [faulty], b: [broken], c: [inStream('server_error')] },
      expected: ['Send a', 'Send b', 'Send c', 'Pause 125', 'Send a', 'Commit a'],
    },
    {
      name: 'a short limit of all accounts is waited out',
      given: { a: [brief], b: [brief], c: [brief, brief] },
      expected: [
        'Send a',
        'CoolDown a',
        'Send b',
        'CoolDown b',
        'Send c',
        'CoolDown c',
        'Pause 1000',
        'Send a',
        'Commit a',
      ],
    },
    {
      name: 'a longer one is waited out where the person wants it',
      world: {
        ...three,
        failover: {
          ...three.failover,
          longWait: O.some({ spanMax: Infinity, timesMax: Infinity }),
        },
      },
      given: { a: [limited], b: [limited], c: [limited] },
      expected: [
        'Send a',
        'CoolDown a',
        'Send b',
        'CoolDown b',
        'Send c',
        'CoolDown c',
        'Pause 60000',
        'Send a',
        'Commit a',
      ],
    },
    {
      name: 'one that is longer than the person waits is not',
      world: {
        ...three,
        failover: { ...three.failover, longWait: O.some({ spanMax: 59_999, timesMax: 1 }) },
        strict: O.some('a'),
      },
      given: { a: [limited] },
      expected: ['Send a', 'CoolDown a', 'GiveUp AllBarred'],
    },
    {
      name: 'one that has refused the request for good is not waited for',
      world: {
        ...three,
        failover: { ...three.failover, longWait: O.some({ spanMax: hour, timesMax: 9 }) },
        strict: O.some('a'),
      },
      given: { a: [unpaid] },
      expected: ['Send a', 'CoolDown a', 'GiveUp AllBarred'],
    },
    {
      name: 'a fault of this host is blamed on nobody, even where another account answers',
      given: { a: [unreachable] },
      expected: ['Send a', 'Send b', 'Commit b'],
    },
    {
      name: 'a model that one account may not use is asked of the next',
      world: { ...three, model: O.some('gpt-5.5') },
      given: { a: [unsupported] },
      expected: ['Send a', 'RefuseModel a', 'Send b', 'Commit b'],
    },
    {
      name: 'a model that no account may use is not exchanged',
      world: { ...three, model: O.some('gpt-5.5') },
      given: { a: [unsupported], b: [unsupported], c: [unsupported] },
      expected: [
        'Send a',
        'RefuseModel a',
        'Send b',
        'RefuseModel b',
        'Send c',
        'RefuseModel c',
        'GiveUp NoModel',
      ],
    },
    {
      name: 'nor one without a name',
      given: { a: [unsupported], b: [unsupported], c: [unsupported] },
      expected: ['Send a', 'Send b', 'Send c', 'GiveUp NoModel'],
    },
    {
      name: 'nor one that each is known not to have',
      world: worldOf([ready('a', { lacks: { 'gpt-5.5': noon + minute } })], {
        model: O.some('gpt-5.5'),
      }),
      given: {},
      expected: ['GiveUp NoModel'],
    },
    {
      name: 'but for the chain that the person has set',
      world: {
        ...three,
        strict: O.some('a'),
        model: O.some('gpt-5.5'),
        failover: { ...three.failover, fallbacks: { 'gpt-5.5': ['gpt-5.4', 'gpt-5.3'] } },
      },
      given: { a: [unsupported, unsupported] },
      expected: [
        'Send a',
        'RefuseModel a',
        'UseModel gpt-5.4',
        'Send a',
        'RefuseModel a',
        'UseModel gpt-5.3',
        'Send a',
        'Commit a',
      ],
    },
    {
      name: 'an account that is limited may be able to use it when it is back',
      world: { ...three, model: O.some('gpt-5.5') },
      given: { a: [unsupported], b: [limited], c: [unsupported] },
      expected: [
        'Send a',
        'RefuseModel a',
        'Send b',
        'CoolDown b',
        'Send c',
        'RefuseModel c',
        'GiveUp AllBarred',
      ],
    },
    {
      name: 'what is wrong with the request goes to the client',
      given: { a: [badRequest] },
      expected: ['Send a', 'PassOn'],
    },
    {
      name: 'reasoning that another account encrypted is dropped, once',
      given: { a: [foreignReasoning] },
      expected: ['Send a', 'DropReasoning', 'Send a', 'Commit a'],
    },
    {
      name: 'what still cannot be read then is another account’s, which is found and bound to',
      given: { a: [foreignReasoning, foreignReasoning], b: [foreignReasoning] },
      expected: [
        ...['Send a', 'DropReasoning', 'Send a', 'Send b', 'Send c', 'Bind c', 'Commit c'],
      ],
    },
    {
      name: 'what nobody can read has a clear end',
      given: {
        a: Array(9).fill(foreignReasoning),
        b: Array(9).fill(foreignReasoning),
        c: Array(9).fill(foreignReasoning),
      },
      expected: [...['Send a', 'DropReasoning', 'Send a', 'Send b', 'Send c', 'GiveUp Unreadable']],
    },
    {
      name: 'so has what an account can read that is not here',
      world: { ...three, bound: O.some({ account: 'd', kind: 'compaction', at: noon }) },
      given: {},
      expected: ['GiveUp Unreadable'],
    },
    {
      name: 'what only a limited account may be able to read waits for that one',
      given: { a: [limited], b: [foreignReasoning, foreignReasoning], c: [foreignReasoning] },
      expected: [
        ...['Send a', 'CoolDown a', 'Send b', 'DropReasoning', 'Send b', 'Send c'],
        'GiveUp AllBarred',
      ],
    },
    {
      name: 'a token that was refused is not sent again while the issuer fails',
      world: { ...three, strict: O.some('a') },
      refreshes: 'failed',
      given: { a: [unauthorized] },
      expected: ['Send a', 'Refresh a', 'Pause 125', 'Refresh a', 'Pause 250'],
    },
    {
      name: 'an issuer that fails for a moment bars nobody',
      world: { ...three, stale: new Set(['a', 'b', 'c']) },
      refreshes: 'failed',
      given: {},
      expected: ['Refresh a', 'Refresh b', 'Refresh c', 'Pause 125'],
    },
    {
      name: 'all limited',
      given: { a: [limited], b: [limited], c: [limited] },
      expected: [
        'Send a',
        'CoolDown a',
        'Send b',
        'CoolDown b',
        'Send c',
        'CoolDown c',
        'GiveUp AllBarred',
      ],
    },
    {
      name: 'an account that comes back in a moment is waited for',
      world: worldOf([
        ready('a', { cooldown: Cooldown.cooling(noon + 2 * second, 'credential') }),
        ready('b', { cooldown: Cooldown.cooling(noon + hour, 'rate-limited') }),
      ]),
      given: {},
      expected: ['Pause 2000', 'Send a', 'Commit a'],
    },
    {
      name: 'one that rests after faults is asked at once where nobody else is left',
      world: worldOf([
        ready('a', { cooldown: Cooldown.cooling(noon + 6 * second, 'provider') }),
        ready('b', { cooldown: Cooldown.cooling(noon + hour, 'rate-limited') }),
      ]),
      given: {},
      expected: ['Send a', 'Commit a'],
    },
    {
      name: 'one that comes back later is not',
      world: worldOf([ready('a', { cooldown: Cooldown.cooling(noon + minute, 'rate-limited') })]),
      given: {},
      expected: ['GiveUp AllBarred'],
    },
    {
      name: 'a strict account’s refusal is reported, not routed round',
      world: { ...three, strict: O.some('b') },
      given: { b: [limited] },
      expected: ['Send b', 'CoolDown b', 'GiveUp AllBarred'],
    },
  ])('$name', ({ world, refreshes = 'fresh', given, expected }) => {
    const run = drive(world ?? three, given, { _tag: 'Refreshed', outcome: refreshes })
    expect(tags(run).slice(0, expected.length)).toEqual(expected)
    if (refreshes === 'fresh') expect(tags(run).length).toBe(expected.length)
  })

  it('gives a backend that never recovers up, in bounded time', () => {
    const always: Behaviour = Array.from({ length: 100 }, () => faulty)
    const run = drive(three, { a: always, b: always, c: always })
    expect(tags(run).at(-1)).toBe('GiveUp BackendFails')
    const waited = run.effects.flatMap((effect) => (effect._tag === 'Pause' ? [effect.span] : []))
    expect(waited.reduce((sum, span) => sum + span, 0)).toBeLessThan(15 * second)
  })

  it('concerns itself with the credential alone when the request is no model request', () => {
    const step = (refusal: Refusal): string | undefined => {
      const moment = { at: noon, draw: 0, world: three }
      const [sending] = Machine.step(Machine.idle, {
        _tag: 'Requested',
        purpose: 'other',
        ...moment,
      })
      return Machine.step(sending, { _tag: 'Refused', refusal, ...moment })[1].at(-1)?._tag
    }
    expect([limited, faulty, forbidden, unauthorized, revoked].map(step)).toEqual([
      'PassOn',
      'PassOn',
      'PassOn',
      'Refresh',
      'Pause',
    ])
  })

  it('ties the conversation anew when the stream ends, as its cache is warm from then on', () => {
    const { state } = drive(three, {})
    const ended = { _tag: 'StreamEnded', at: noon, draw: 0, world: three } as const
    expect(Machine.step(state, ended)).toEqual([{ _tag: 'Done' }, [{ _tag: 'Tie', account: 'a' }]])
  })

  it('tells who may not use the model in the decision that comes after', () => {
    const world = { ...three, model: O.some('gpt-5.5') }
    const { effects } = drive(world, { a: [unsupported] })
    const reasons = effects.flatMap((effect) =>
      effect._tag === 'Decided'
        ? effect.selection.trace.map((line) =>
            line._tag === 'Unavailable' ? line.reason._tag : line._tag,
          )
        : [],
    )
    expect(reasons).toEqual([
      ...['Chosen', 'NotPreferred', 'NotPreferred'],
      ...['ModelNotEntitled', 'Chosen', 'NotPreferred'],
    ])
  })

  it.each([
    { name: 'a limit', a: limited, b: unpaid, isLimited: true },
    { name: 'limits', a: limited, b: limited, isLimited: true },
    { name: 'no limit', a: unpaid, b: unpaid, isLimited: false },
  ])('says in the end whether it was $name', ({ a, b, isLimited }) => {
    const { effects } = drive(worldOf([ready('a'), ready('b')]), { a: [a], b: [b] })
    expect(effects.at(-1)).toMatchObject({ _tag: 'GiveUp', because: { isLimited } })
  })

  it.each([
    { name: 'the brake', back: noon + 2 * second, soonest: noon + 51 * second },
    { name: 'the other account', back: noon + hour, soonest: noon + hour },
  ])('waits after the third sign-in lost for $name, as that ends last', ({ back, soonest }) => {
    const cooling = ready('b', { cooldown: Cooldown.cooling(back, 'rate-limited') })
    const signInsLost = [noon - 9 * second, noon - 8 * second]
    const { effects } = drive(worldOf([ready('a'), cooling], { signInsLost }), { a: [revoked] })
    expect(effects.at(-1)).toEqual({
      _tag: 'GiveUp',
      because: { _tag: 'AllBarred', soonest: O.some(soonest), isLimited: false },
    })
  })

  it.each([
    { name: 'limited', refusal: limited, sends: ['a', 'b', 'c'] },
    { name: 'barred', refusal: unpaid, sends: ['a', 'b', 'c'] },
    { name: 'signed out', refusal: revoked, sends: ['a', 'b', 'c'] },
    { name: 'refused twice', refusal: unauthorized, sends: ['a', 'a', 'b', 'c'] },
  ])('asks one that was $name no more, though the world shows it free', ({ refusal, sends }) => {
    const refused: Machine.Happening = { _tag: 'Refused', refusal }
    const happenings: ReadonlyArray<Machine.Happening> = [
      { _tag: 'Requested', purpose: 'model' },
      refused,
      { _tag: 'Paused' },
      { _tag: 'Refreshed', outcome: 'fresh' },
      ...(refusal === unauthorized ? [refused] : []),
      { _tag: 'Refused', refusal: limited },
    ]
    let state = Machine.idle
    const sent = happenings.flatMap((happening) => {
      const [next, effects] = Machine.step(state, { ...happening, at: noon, draw: 0, world: three })
      state = next
      return effects.flatMap((effect) => (effect._tag === 'Send' ? [effect.account] : []))
    })
    expect(sent).toEqual(sends)
  })

  it('drops the request when the client has gone', () => {
    const moment = { at: noon, draw: 0, world: three }
    const [sending] = Machine.step(Machine.idle, { _tag: 'Requested', purpose: 'model', ...moment })
    expect(Machine.step(sending, { _tag: 'ClientGone', ...moment })).toEqual([{ _tag: 'Done' }, []])
  })
})
