import { ok, okAsync } from 'neverthrow'
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

it('is taken all the same where a system bars the draft for a moment', async () => {
  let bars = 1
  const world = scheduler(1, {
    disturb: ({ label }) =>
      label.startsWith('files.rename') && (bars -= 1) >= 0
        ? { _tag: 'Fail', code: 'EPERM' }
        : { _tag: 'None' },
  })
  const disk = memoryDisk({ '/home': null })
  const lock = memoryLock(world.process('main'), disk)
  const terms = { waitMax: 0, expiresAfter: 60_000 }
  const taken = await world.run(() => lock.holding('/home/lock', terms, () => okAsync('mine')))
  expect([taken, bars]).toEqual([ok('mine'), -1])
  expect(disk.snapshot()).toEqual({ '/home': null })
})

it('reads the claim of another once, however often it looks', async () => {
  const world = scheduler(1)
  const disk = memoryDisk({ '/home': null })
  const [holder, waiter] = [world.process('holder'), world.process('waiter')]
  const terms = { waitMax: 20_000, expiresAfter: 60_000 }
  const came = await world.run(() =>
    Promise.all([
      memoryLock(holder, disk).holding('/home/lock', terms, () => memoryClock(holder).sleep(5_000)),
      memoryClock(waiter)
        .sleep(100)
        .andThen(() => memoryLock(waiter, disk).holding('/home/lock', terms, () => okAsync('in'))),
    ]),
  )
  expect(came.map((one) => one.isOk())).toEqual([true, true])
  const calls = world.log.filter(({ process }) => process === 'waiter').map(({ label }) => label)
  const times = (start: string): number => calls.filter((label) => label.startsWith(start)).length
  expect(times('files.readdir /home/lock')).toBeGreaterThan(20)
  expect(times('files.read /home/lock')).toBe(1)
})
