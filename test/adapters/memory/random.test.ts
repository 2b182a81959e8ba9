import { memoryRandom } from '../../../adapters/memory/random'
import { scheduler } from '../../../adapters/memory/scheduler'
import { randomContract } from '../../ports/random.contract'

randomContract('memory', () => memoryRandom(scheduler(7).process('main')))

const drawn = (seed: number, process: string) =>
  memoryRandom(scheduler(seed).process(process)).bytes(8).join()

it('draws the same for the same seed and process, and otherwise not', () => {
  expect(drawn(7, 'one')).toBe(drawn(7, 'one'))
  expect(drawn(7, 'one')).not.toBe(drawn(8, 'one'))
  expect(drawn(7, 'one')).not.toBe(drawn(7, 'two'))
})

it('draws anew in a later process of the same name', () => {
  const world = scheduler(7)
  const [first, second] = [world.process('one'), world.process('one')].map((process) =>
    memoryRandom(process).bytes(8).join(),
  )
  expect(first).not.toBe(second)
})
