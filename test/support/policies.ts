import * as fc from 'fast-check'
import * as Policy from '../../core/accounts/policy'

/** Any that the transitions lead to. */
export const aPolicy: fc.Arbitrary<Policy.Policy> = fc
  .record({
    tags: fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 4 }),
    weight: fc.integer({ min: 0, max: 10 }),
    tier: fc.integer({ min: 0, max: 9 }),
    paused: fc.boolean(),
    draining: fc.boolean(),
    note: fc.stringMatching(/^[a-z ]{0,20}$/),
  })
  .map(({ tags, weight, tier, paused, draining, note }) =>
    Policy.tag(tags)(Policy.standard)
      .andThen(Policy.weigh(weight))
      .andThen(Policy.place(tier))
      .andThen(Policy.pause(paused))
      .andThen(Policy.drain(draining))
      .andThen(Policy.annotate(note))
      ._unsafeUnwrap(),
  )
