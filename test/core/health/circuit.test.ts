import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Circuit from '../../../core/health/circuit'
import { minute, second, type Instant } from '../../../core/time'
import { noon } from '../../support/routing'

type Step = (circuit: Circuit.Circuit) => Circuit.Circuit

const after = (...steps: ReadonlyArray<Step>): Circuit.Circuit =>
  steps.reduce<Circuit.Circuit>((circuit, step) => step(circuit), Circuit.closed)

const fails = (at: Instant, mayOpen = true): Step => Circuit.failed(at, mayOpen)
const thrice = [fails(noon - 2), fails(noon - 1), fails(noon)]

const heldUntil = (now: Instant, circuit: Circuit.Circuit): number | undefined =>
  O.toUndefined(Circuit.heldUntil(now)(circuit))

describe('a circuit', () => {
  it('keeps no more failures than open it, however long it may not', () => {
    const closed = after(...[4, 3, 2, 1].map((ago) => fails(noon - ago, false)))
    expect(closed).toEqual({ _tag: 'Closed', failures: [noon - 3, noon - 2, noon - 1] })
  })

  it.each([
    { name: 'is closed at first', given: after(), now: noon, until: undefined },
    {
      name: 'stays closed at the second failure',
      given: after(fails(noon - 1), fails(noon)),
      now: noon,
      until: undefined,
    },
    {
      name: 'opens at the third for 30 s',
      given: after(...thrice),
      now: noon,
      until: noon + 30 * second,
    },
    {
      name: 'stays closed when the first is a minute ago',
      given: after(fails(noon - minute), fails(noon - 1), fails(noon)),
      now: noon,
      until: undefined,
    },
    {
      name: 'stays closed when too many others are out',
      given: after(fails(noon - 2), fails(noon - 1), fails(noon, false)),
      now: noon,
      until: undefined,
    },
    {
      name: 'lets one in after 30 s',
      given: after(...thrice),
      now: noon + 30 * second,
      until: undefined,
    },
    {
      name: 'and no second while that one is under way',
      given: after(...thrice, Circuit.sent(noon + 30 * second)),
      now: noon + 40 * second,
      until: noon + 90 * second,
    },
    {
      name: 'lets another in when nothing is heard of it for a minute',
      given: after(...thrice, Circuit.sent(noon + 30 * second)),
      now: noon + 90 * second,
      until: undefined,
    },
    {
      name: 'opens again when it fails',
      given: after(...thrice, Circuit.sent(noon + 30 * second), fails(noon + 31 * second)),
      now: noon + 31 * second,
      until: noon + 61 * second,
    },
    {
      name: 'opens again without a failure counted anew',
      given: after(...thrice, fails(noon + 31 * second)),
      now: noon + 31 * second,
      until: noon + 61 * second,
    },
    {
      name: 'is not held longer by a request that went out before it opened',
      given: after(...thrice, fails(noon + 10 * second)),
      now: noon + 10 * second,
      until: noon + 30 * second,
    },
    {
      name: 'holds nobody by a clock that was far ahead',
      given: after(...thrice),
      now: noon - 10 * minute,
      until: undefined,
    },
  ])('$name', ({ given, now, until }) => {
    expect(heldUntil(now, given)).toBe(until)
  })

  it('holds nobody for more than a minute, whatever happens', () => {
    const aStep: fc.Arbitrary<Step> = fc
      .tuple(fc.nat(5 * minute), fc.constantFrom('sent', 'failed', 'capped'))
      .map(([span, what]) =>
        what === 'sent' ? Circuit.sent(noon + span) : fails(noon + span, what === 'failed'),
      )
    fc.assert(
      fc.property(fc.array(aStep), fc.nat(5 * minute), (steps, span) => {
        const until = heldUntil(noon + span, after(...steps))
        expect(until ?? noon).toBeLessThanOrEqual(noon + span + minute)
      }),
    )
  })
})
