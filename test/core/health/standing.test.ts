import * as fc from 'fast-check'
import * as Circuit from '../../../core/health/circuit'
import * as Standing from '../../../core/health/standing'
import * as Score from '../../../core/health/score'
import * as TokenBucket from '../../../core/health/token-bucket'
import { decode } from '../../../core/result'
import { hour, minute, second, type Instant } from '../../../core/time'
import { aroundNoon, aStanding, noon } from '../../support/routing'

const own: Standing.Blame = { isOwn: true, mayEject: true }

const failedOnce = (at: Instant = noon) => Standing.failed(at, 'provider', own)(Standing.fresh)

describe('the score', () => {
  const after = (standing: Standing.Standing, now: Instant = noon) =>
    Score.pointsAt(now)(standing.score)

  it.each([
    { name: 'is full at first', given: Standing.fresh, points: 100 },
    { name: 'loses 20 by a failure', given: failedOnce(), points: 80 },
    {
      name: 'loses 10 by a limit',
      given: Standing.failed(noon, 'limit', own)(Standing.fresh),
      points: 90,
    },
    { name: 'gains 1 by an answer', given: Standing.served(noon)(failedOnce()), points: 81 },
    {
      name: 'loses nothing in a burst',
      given: Standing.failed(noon, 'provider', { isOwn: false, mayEject: true })(Standing.fresh),
      points: 100,
    },
  ])('$name', ({ given, points }) => {
    expect(after(given)).toBe(points)
  })

  it('gains 2 an hour by itself, up to 100', () => {
    expect(after(failedOnce(), noon + hour)).toBe(82)
    expect(after(failedOnce(), noon + 100 * hour)).toBe(100)
    expect(after(failedOnce(), noon - hour)).toBe(80)
  })
})

describe('the token bucket', () => {
  const tokens = (standing: Standing.Standing, now: Instant = noon) =>
    TokenBucket.tokensAt(now)(standing.bucket)
  const sent = Standing.sent(noon)(Standing.fresh)

  it('holds 50, gives one a request and gets 6 a minute', () => {
    expect(tokens(Standing.fresh)).toBe(50)
    expect(tokens(sent)).toBe(49)
    expect(tokens(sent, noon + 5 * second)).toBe(49.5)
    expect(tokens(sent, noon + minute)).toBe(50)
  })

  it('gets the token of a request back that fails within 90 s, and no other', () => {
    const drained = { ...sent, bucket: { tokens: 10, at: noon } }
    const failing = (at: Instant) => Standing.failed(at, 'provider', own)(drained)
    expect(tokens(failing(noon), noon)).toBe(11)
    expect(tokens(failing(noon + 90 * second), noon + 90 * second)).toBe(20)
    expect(tokens(failing(noon + 91 * second), noon + 91 * second)).toBeCloseTo(19.1)
  })

  it('loses 10 more by a limit', () => {
    expect(tokens(Standing.failed(noon, 'limit', own)(sent))).toBe(39)
  })

  it('never owes a token, and loses none to a clock that is set back', () => {
    const drained = { ...sent, bucket: { tokens: 5, at: noon } }
    expect(tokens(Standing.failed(noon, 'limit', own)(drained))).toBe(0)
    expect(tokens(drained, noon - hour)).toBe(5)
  })
})

describe('blame', () => {
  const failing = (at: Instant) => failedOnce(at)
  const refused = Standing.failed(noon, 'credential', own)(Standing.fresh)
  const ejected: Standing.Standing = {
    ...Standing.fresh,
    circuit: { _tag: 'Open', until: noon + 20 * second },
  }

  it.each([
    { name: 'one of three', others: {}, among: 3, isOwn: true },
    { name: 'the second of three', others: { b: failing(noon) }, among: 3, isOwn: true },
    {
      name: 'the third of three within 10 s is nobody’s',
      others: { b: failing(noon), c: failing(noon - 9 * second) },
      among: 3,
      isOwn: false,
    },
    {
      name: 'the third, but not within 10 s',
      others: { b: failing(noon), c: failing(noon - 10 * second) },
      among: 3,
      isOwn: true,
    },
    {
      name: 'the third, where the backend failed for none of the others',
      others: { b: refused, c: refused },
      among: 3,
      isOwn: true,
    },
    { name: 'both of two is nobody’s', others: { b: failing(noon) }, among: 2, isOwn: false },
    {
      name: 'its own earlier one is no other',
      others: { a: failing(noon) },
      among: 2,
      isOwn: true,
    },
  ])('$name', ({ others, among, isOwn }) => {
    expect(Standing.blame(noon, 'a', among, others).isOwn).toBe(isOwn)
  })

  it.each([
    { name: 'the only one', others: {}, among: 1, mayEject: true },
    { name: 'the first of four', others: {}, among: 4, mayEject: true },
    { name: 'the second of four', others: { b: ejected }, among: 4, mayEject: true },
    { name: 'no third of four', others: { b: ejected, c: ejected }, among: 4, mayEject: false },
    { name: 'no second of three', others: { b: ejected }, among: 3, mayEject: false },
  ])('may eject $name', ({ others, among, mayEject }) => {
    expect(Standing.blame(noon, 'a', among, others).mayEject).toBe(mayEject)
  })
})

it('remembers its last turn, also where an earlier one is told later', () => {
  const took = Standing.tookTurn(noon)(Standing.fresh)
  expect(Standing.tookTurn(noon - 1)(took).turnAt).toBe(noon)
  expect(Standing.tookTurn(noon + 1)(took).turnAt).toBe(noon + 1)
})

it('forgets a turn by a clock that was ahead', () => {
  const took = Standing.tookTurn(noon + hour)(Standing.fresh)
  expect(Standing.lastTurn(noon)(took)).toBe(0)
  expect(Standing.tookTurn(noon)(took).turnAt).toBe(noon)
})

describe('laws', () => {
  it('favours every account a little and none more than a fresh one', () => {
    fc.assert(
      fc.property(aStanding, aroundNoon, (standing, now) => {
        const favour = Standing.favour(now)(standing)
        expect(favour).toBeGreaterThan(0.5)
        expect(favour).toBeLessThanOrEqual(1)
      }),
    )
    expect(Standing.favour(noon)(Standing.fresh)).toBe(1)
  })

  it('favours no account more for having failed, and none less for having answered', () => {
    fc.assert(
      fc.property(aStanding, (standing) => {
        const favour = Standing.favour(noon)
        const drained = { ...standing, bucket: { tokens: 20, at: noon - 100 * minute } }
        const failed = Standing.failed(noon, 'provider', own)(drained)
        const served = Standing.served(noon)(standing)
        expect(favour(failed)).toBeLessThanOrEqual(favour(drained))
        expect(favour(served)).toBeGreaterThanOrEqual(favour(standing))
      }),
    )
  })

  it('comes back with time alone', () => {
    fc.assert(
      fc.property(aStanding, fc.nat(hour), (standing, span) => {
        const later = noon + 24 * hour + span
        expect(Standing.favour(later)(standing)).toBeGreaterThanOrEqual(
          Standing.favour(noon + 24 * hour)(standing),
        )
        expect(Circuit.isOpen(later + 24 * hour)(standing.circuit)).toBe(false)
      }),
    )
  })

  it('comes back from its stored form as it was', () => {
    fc.assert(
      fc.property(aStanding, (standing) => {
        const read = decode(Standing.storedForm)(JSON.parse(JSON.stringify(standing)))
        expect(read._unsafeUnwrap()).toEqual(standing)
      }),
    )
  })
})
