import * as fc from 'fast-check'
import * as AttemptBudget from '../../../core/failover/attempt-budget'
import * as Backoff from '../../../core/failover/backoff'
import { second } from '../../../core/time'

const accounts = fc.integer({ min: 0, max: 10_000 })

it('lets every account be tried in every round, and once more after a refresh', () => {
  fc.assert(
    fc.property(accounts, (count) => {
      const { roundsMax, sendsMax } = AttemptBudget.of(count)
      expect(sendsMax).toBeGreaterThanOrEqual(count * (1 + roundsMax) + count)
      expect(roundsMax).toBeGreaterThan(0)
    }),
  )
})

it('grows with the accounts, and with nothing else', () => {
  fc.assert(
    fc.property(accounts, (count) => {
      const [less, more] = [AttemptBudget.of(count), AttemptBudget.of(count + 1)]
      expect(more.sendsMax).toBeGreaterThan(less.sendsMax)
      expect({ ...more, sendsMax: 0 }).toEqual({ ...less, sendsMax: 0 })
    }),
  )
})

it('waits through a hiccup, not an outage', () => {
  const { roundsMax, waitedMax } = AttemptBudget.of(3)
  expect(waitedMax).toBe(2 * second)
  // The mean of that many waits is far longer, so the rounds do not end the waiting by chance.
  const mean = Array.from({ length: roundsMax }, (_, round) => Backoff.wait(round + 1, 0, 0.5))
  expect(mean.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(4 * waitedMax)
})
