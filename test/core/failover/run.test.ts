import * as O from 'fp-ts/Option'
import * as Run from '../../../core/failover/run'
import type { Terms } from '../../../core/failover/terms'
import { minute, second } from '../../../core/time'
import { noon } from '../../support/routing'

const terms: Terms = {
  shortWaitMax: 5 * second,
  longWait: O.none,
  networkCooldown: 6 * second,
  serverCooldown: 4 * second,
  fallbacks: {},
}
const patient: Terms = { ...terms, longWait: O.some({ spanMax: minute, timesMax: 1 }) }
const begun = Run.begin('model', noon - minute)

describe('rested', () => {
  it.each([
    { name: 'a short one', span: 5 * second, given: terms, run: begun, may: true },
    { name: 'a longer one', span: 5 * second + 1, given: terms, run: begun, may: false },
    {
      name: 'short ones longer than one may be',
      span: 3 * second,
      given: terms,
      run: { ...begun, rested: 3 * second },
      may: false,
    },
    { name: 'a long one', span: minute, given: patient, run: begun, may: true },
    { name: 'one too long', span: minute + 1, given: patient, run: begun, may: false },
    {
      name: 'one too many',
      span: minute,
      given: patient,
      run: { ...begun, longRests: 1 },
      may: false,
    },
  ])('allows $name: $may', ({ span, given, run, may }) => {
    expect(O.isSome(Run.rested(span, noon, given)(run))).toBe(may)
  })

  it.each([
    { name: 'short', span: second },
    { name: 'long', span: minute },
  ])('holds no silence before a $name rest against the accounts after it', ({ span }) => {
    const rested = O.toUndefined(Run.rested(span, noon, patient)(begun))
    expect(rested).toMatchObject({ startedAt: noon + span, rounds: 1 })
  })
})

it.each(['constructor', '__proto__', 'gpt-5.4'])(
  'has no stand-in for %s unless it is set',
  (model) => {
    const fallbacks = { 'gpt-5.5': ['gpt-5.4'] }
    expect(Run.withStandIn(model, { ...terms, fallbacks })(begun)).toEqual(O.none)
  },
)
