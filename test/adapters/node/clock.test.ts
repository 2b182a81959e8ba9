import { nodeClock } from '../../../adapters/node/clock'
import { clockContract } from '../../ports/clock.contract'

clockContract('node', nodeClock)

it('sleeps its whole span also when the event loop was busy before', async () => {
  const clock = nodeClock()
  const before = clock.now()
  while (clock.now() - before < 8) Math.hypot(1, 2)
  const start = clock.now()
  await clock.sleep(10)
  expect(clock.now() - start).toBeGreaterThanOrEqual(10)
})
