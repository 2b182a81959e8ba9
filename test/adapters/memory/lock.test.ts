import { memoryClock } from '../../../adapters/memory/clock'
import { memoryDisk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { memoryLock } from '../../../adapters/memory/lock'
import { scheduler } from '../../../adapters/memory/scheduler'
import { lockContract } from '../../ports/lock.contract'

lockContract('memory', () => {
  const world = scheduler(1)
  const disk = memoryDisk({ '/home': null })
  const process = world.process('main')
  const dead = world.process('dead')
  dead.kill()
  return {
    lock: memoryLock(process, disk),
    files: memoryFileSystem(process, disk),
    clock: memoryClock(process),
    path: '/home/lock',
    living: world.process('other').identity,
    dead: dead.identity,
    age: async () => {
      await memoryClock(process).sleep(2_000)
    },
  }
})
