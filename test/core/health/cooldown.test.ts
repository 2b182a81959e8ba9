import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Cooldown from '../../../core/health/cooldown'
import { decode } from '../../../core/result'
import { day, hour, minute } from '../../../core/time'
import { aCooldown, aroundNoon, noon } from '../../support/routing'

const short = Cooldown.cooling(noon + minute, 'rate-limited')
const long = Cooldown.cooling(noon + hour, 'rate-limited', O.some('weekly'))
const rest = Cooldown.cooling(noon + 30 * minute, 'provider')

const longestOf: Readonly<Record<Cooldown.Why, number>> = {
  'rate-limited': 32 * day,
  credential: hour,
  workspace: day,
  provider: hour,
}

describe('extend', () => {
  it.each([
    {
      name: 'nothing by nothing',
      before: Cooldown.ready,
      by: Cooldown.ready,
      after: Cooldown.ready,
    },
    { name: 'nothing by a cooldown', before: Cooldown.ready, by: short, after: short },
    { name: 'a cooldown by nothing', before: short, by: Cooldown.ready, after: short },
    { name: 'a short one by a long one', before: short, by: long, after: long },
    { name: 'a long one by a short one', before: long, by: short, after: long },
    {
      name: 'one by another that ends at once with it: the first keeps its reason',
      before: short,
      by: Cooldown.cooling(noon + minute, 'workspace'),
      after: short,
    },
    { name: 'a rest by a shorter refusal', before: rest, by: short, after: short },
    { name: 'a refusal by a longer rest', before: short, by: rest, after: short },
    {
      name: 'a refusal that has ended by a rest',
      before: Cooldown.cooling(noon, 'rate-limited'),
      by: rest,
      after: rest,
    },
    {
      name: 'one that the clock has run ahead of by a shorter one',
      before: Cooldown.cooling(noon + 40 * day, 'rate-limited'),
      by: short,
      after: short,
    },
  ])('$name', ({ before, by, after }) => {
    expect(Cooldown.extend(noon, by)(before)).toEqual(after)
  })

  it('is associative', () => {
    fc.assert(
      fc.property(aCooldown, aCooldown, aCooldown, (a, b, c) => {
        const left = Cooldown.extend(noon, c)(Cooldown.extend(noon, b)(a))
        const right = Cooldown.extend(noon, Cooldown.extend(noon, c)(b))(a)
        expect(left).toEqual(right)
      }),
    )
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(aCooldown, aCooldown, (a, b) => {
        expect(Cooldown.extend(noon, a)(a)).toEqual(a)
        const once = Cooldown.extend(noon, b)(a)
        expect(Cooldown.extend(noon, b)(once)).toEqual(once)
      }),
    )
  })

  it('never shortens: who is out by either is out by both', () => {
    fc.assert(
      fc.property(aCooldown, aCooldown, aroundNoon, (one, other, now) => {
        const isReady = Cooldown.isReady(now)
        const [a, b] = [Cooldown.clamped(now)(one), Cooldown.clamped(now)(other)]
        expect(isReady(Cooldown.extend(now, b)(a))).toBe(isReady(a) && isReady(b))
      }),
    )
  })

  it('lets a refusal bar for as long as it did, whatever comes to it', () => {
    fc.assert(
      fc.property(aCooldown, aCooldown, (a, b) => {
        if (a._tag === 'Ready' || a.why === 'provider' || Cooldown.isReady(noon)(a)) return
        for (const extended of [Cooldown.extend(noon, b)(a), Cooldown.extend(noon, a)(b)]) {
          if (extended._tag === 'Ready') throw new Error('nothing holds any more')
          expect(extended.why).not.toBe('provider')
          expect(extended.until).toBeGreaterThanOrEqual(a.until)
        }
      }),
    )
  })

  it('makes nothing up: the outcome is one of the two', () => {
    fc.assert(
      fc.property(aCooldown, aCooldown, (a, b) => {
        expect([a, b]).toContain(Cooldown.extend(noon, b)(a))
      }),
    )
  })
})

describe('isReady', () => {
  it.each([
    { name: 'a moment before its end', now: noon + minute - 1, expected: false },
    { name: 'at its end', now: noon + minute, expected: true },
    { name: 'long after', now: noon + hour, expected: true },
  ])('$name', ({ now, expected }) => {
    expect(Cooldown.isReady(now)(short)).toBe(expected)
  })

  it('never outlives what its cause may last, and is not made longer by that', () => {
    fc.assert(
      fc.property(aCooldown, aroundNoon, (given, now) => {
        const clamped = Cooldown.clamped(now)(given)
        const longest = given._tag === 'Ready' ? 0 : longestOf[given.why]
        expect(Cooldown.isReady(now + longest)(clamped)).toBe(true)
        expect(Cooldown.outlasts(given)(clamped)).toBe(false)
      }),
    )
  })

  it('holds of one that was set while the clock was ahead of all it may last', () => {
    fc.assert(
      fc.property(aCooldown, aroundNoon, (given, now) => {
        if (given._tag === 'Ready' || Cooldown.isReady(now)(given)) return
        expect(given.until).toBeGreaterThan(now)
        expect(given.until).toBeLessThanOrEqual(now + longestOf[given.why])
      }),
    )
    const set = Cooldown.cooling(noon + hour, 'credential')
    expect([noon, noon - 1].map((now) => Cooldown.isReady(now)(set))).toEqual([false, true])
  })

  it.each(['rate-limited', 'credential', 'workspace', 'provider'] as const)(
    'lets one for %s last as long as that may, and no moment longer',
    (why) => {
      const end = noon + longestOf[why]
      const clamped = (until: number) => Cooldown.clamped(noon)(Cooldown.cooling(until, why))
      expect([end, end + 1].map(clamped)).toEqual([
        Cooldown.cooling(end, why),
        Cooldown.cooling(end, why),
      ])
    },
  )

  it('holds of one that never cooled at any time', () => {
    expect([-Infinity, 0, noon].map((now) => Cooldown.isReady(now)(Cooldown.ready))).toEqual([
      true,
      true,
      true,
    ])
  })
})

describe('the stored form', () => {
  it('brings a cooldown back as it was, and has none for one that is ready', () => {
    fc.assert(
      fc.property(aCooldown, (cooldown) => {
        const stored = O.toUndefined(Cooldown.toStored(cooldown))
        if (stored === undefined) return expect(cooldown).toEqual(Cooldown.ready)
        const read = decode(Cooldown.storedForm)(JSON.parse(JSON.stringify(stored)))
        return expect(read.map(Cooldown.ofStored)._unsafeUnwrap()).toEqual(cooldown)
      }),
    )
  })

  it('names until when, why and which window', () => {
    expect(Cooldown.toStored(long)).toEqual(
      O.some({ until: noon + hour, why: 'rate-limited', window: 'weekly' }),
    )
  })

  it.each([
    { name: 'no instant', stored: { why: 'provider' } },
    { name: 'a reason nobody knows', stored: { until: noon, why: 'mood' } },
    { name: 'a window nobody knows', stored: { until: noon, why: 'provider', window: 'daily' } },
  ])('$name is malformed', ({ stored }) => {
    expect(decode(Cooldown.storedForm)(stored).isErr()).toBe(true)
  })
})
