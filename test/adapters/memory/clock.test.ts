import { memoryClock } from '../../../adapters/memory/clock'
import { scheduler } from '../../../adapters/memory/scheduler'
import { clockContract } from '../../ports/clock.contract'

clockContract('memory', () => memoryClock(scheduler(1).process('main')))

it('starts at the given instant and jumps to the end of a sleep', async () => {
  const clock = memoryClock(scheduler(1, { startsAt: 1_000 }).process('main'))
  expect(clock.now()).toBe(1_000)
  await clock.sleep(86_400_000)
  expect(clock.now()).toBe(86_401_000)
})

it('may be set back while a sleep goes on, and the sleep takes no notice', async () => {
  const world = scheduler(1, { startsAt: 1_000 })
  const clock = memoryClock(world.process('main'))
  const sleep = clock.sleep(50)
  world.shiftClock(-500)
  await sleep
  expect(clock.now()).toBe(550)
})
