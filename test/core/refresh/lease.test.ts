import * as fc from 'fast-check'
import * as Lease from '../../../core/refresh/lease'

const claim: Lease.Claim = {
  owner: { pid: 17, startedAt: 'boot.1' },
  nonce: 'a1',
  expiresAt: 10_000,
}

const aClaim: fc.Arbitrary<Lease.Claim> = fc.record({
  owner: fc.record({ pid: fc.nat(), startedAt: fc.string() }),
  nonce: fc.string(),
  expiresAt: fc.integer(),
})

describe('judge', () => {
  it.each([
    { name: 'holds before its time is over', now: 9_999, isAlive: true, expected: 'Held' },
    { name: 'has expired at its instant', now: 10_000, isAlive: true, expected: 'Expired' },
    { name: 'ends with its owner, early or late', now: 1, isAlive: false, expected: 'OwnerDead' },
    { name: 'calls a dead owner dead first', now: 20_000, isAlive: false, expected: 'OwnerDead' },
  ])('$name', ({ now, isAlive, expected }) => {
    expect(Lease.judge(now, isAlive)(claim)).toBe(expected)
  })

  it('never passes over a living owner whose claim still stands', () => {
    fc.assert(
      fc.property(aClaim, fc.integer(), (any, now) => {
        if (Lease.standsFor(now, 0)(any)) expect(Lease.judge(now, true)(any)).toBe('Held')
      }),
    )
  })

  it('confirms for a span only what nobody could judge expired within it', () => {
    fc.assert(
      fc.property(aClaim, fc.integer(), fc.nat(), fc.nat(), (any, now, span, part) => {
        fc.pre(part <= span)
        if (!Lease.standsFor(now, span)(any)) return
        expect(Lease.judge(now + part, true)(any)).toBe('Held')
      }),
    )
  })
})

describe('judgeUnreadable', () => {
  it.each([
    { name: 'holds while it may be in the writing', modifiedAt: 9_001, expected: 'Held' },
    { name: 'is dead a second later', modifiedAt: 9_000, expected: 'OwnerDead' },
    { name: 'holds when the clock is set back a little', modifiedAt: 10_999, expected: 'Held' },
    { name: 'is dead when it comes from far ahead', modifiedAt: 99_000, expected: 'OwnerDead' },
  ])('$name', ({ modifiedAt, expected }) => {
    expect(Lease.judgeUnreadable(10_000)(modifiedAt)).toBe(expected)
  })
})

describe('polling', () => {
  it('begins soon and settles at 100 ms', () => {
    const spans = Array.from({ length: 12 }).reduce<ReadonlyArray<number>>(
      (all) => [...all, Lease.nextPoll(all[all.length - 1] ?? 0)],
      [Lease.firstPoll],
    )
    expect(spans[0]).toBe(2)
    expect(spans.slice(1).every((span, n) => span >= (spans[n] ?? 0))).toBe(true)
    expect(spans[spans.length - 1]).toBe(100)
  })
})

describe('the stored form', () => {
  it('survives a round trip', () => {
    fc.assert(
      fc.property(aClaim, (any) => {
        expect(Lease.parse(Lease.print(any))._unsafeUnwrap()).toEqual(any)
      }),
    )
  })

  it.each(['', '{', 'null', '{"owner":{"pid":1},"nonce":"a","expiresAt":1}', '"text"'])(
    'is malformed as %j',
    (text) => {
      expect(Lease.parse(text)._unsafeUnwrapErr()._tag).toBe('Malformed')
    },
  )
})
