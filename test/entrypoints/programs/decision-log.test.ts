import type { Disturb } from '../../../adapters/memory/scheduler'
import { openDecisionLog } from '../../../entrypoints/programs/decision-log'
import { layout, makeWorld, portsOf, type World } from '../../support/world'

const openIn = (world: World, name = 'log') => {
  const ports = portsOf(world, world.time.process(name))
  return { ...openDecisionLog(ports, layout), ports }
}

const numbersIn = (world: World, path = layout.decisions): ReadonlyArray<number> =>
  world
    .text(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).number)

const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, n) => n)

const failing =
  (what: RegExp): Disturb =>
  ({ label }) =>
    what.test(label) ? { _tag: 'Fail', code: 'ENOSPC' } : { _tag: 'None' }

it('writes lines with their time, in order, a batch a time', async () => {
  const world = await makeWorld()
  const log = openIn(world)
  for (const number of upTo(20)) log.add({ number })
  await world.time.run(() => log.ports.clock.sleep(1_000))
  expect(numbersIn(world)).toEqual(upTo(20))
  expect(world.text(layout.decisions)).toMatch(/^{"at":"2025-11-01T00:00:00\.000Z","number":0}\n/)
  const writes = world.time.log.filter(({ label }) => label.startsWith('files.open'))
  expect(writes).toHaveLength(1)
  expect(world.disk.modeOf(layout.decisions)).toBe(0o600)
})

it('has written everything when a flush has ended, what is under way included', async () => {
  const world = await makeWorld()
  const log = openIn(world)
  log.add({ number: 0 })
  await world.time.run(async () => {
    const first = log.flush()
    log.add({ number: 1 })
    const second = log.flush()
    const third = log.flush()
    await third
    expect(numbersIn(world)).toEqual([0, 1])
    await Promise.all([first, second])
  })
  expect(numbersIn(world)).toEqual([0, 1])
})

it('keeps two files of at most 1 MB, the newest lines in the first', async () => {
  const world = await makeWorld()
  const log = openIn(world)
  const filler = 'x'.repeat(950)
  const old = `${layout.decisions}.1`
  for (let batch = 0; batch < 40; batch += 1) {
    for (const number of upTo(90)) log.add({ number: batch * 90 + number, filler })
    await world.time.run(() => log.flush())
    for (const path of [layout.decisions, old])
      expect(world.text(path).length).toBeLessThanOrEqual(1_000_000)
  }
  const kept = [...numbersIn(world, old), ...numbersIn(world)]
  expect(kept.length).toBeGreaterThan(1_000)
  expect(kept).toEqual(upTo(3_600).slice(-kept.length))
  const files = Object.keys(world.disk.snapshot()).filter((path) => path.startsWith(layout.logs))
  expect(files).toHaveLength(2)
})

it('keeps to 1 MB where one batch is larger, in bytes and not in characters', async () => {
  const world = await makeWorld()
  const log = openIn(world)
  const filler = '\u20ac'.repeat(1_000)
  for (const number of upTo(900)) log.add({ number, filler })
  await world.time.run(() => log.flush())
  const kept = numbersIn(world)
  expect(Buffer.byteLength(world.text(layout.decisions))).toBeLessThanOrEqual(1_000_000)
  expect(kept.length).toBeGreaterThan(300)
  expect(kept).toEqual(upTo(900).slice(-kept.length))
})

it.each([
  { name: 'folder', what: /files\.mkdir/ },
  { name: 'file', what: /files\.open/ },
  { name: 'text', what: /files\.write/ },
  { name: 'look', what: /files\.stat .*decisions/ },
])('costs the lines alone on a disk that takes no $name', async ({ what }) => {
  let isFull = true
  const world = await makeWorld({
    disturb: (call, dice) => (isFull ? failing(what)(call, dice) : { _tag: 'None' }),
  })
  const log = openIn(world)
  log.add({ number: 0 })
  expect((await world.time.run(() => log.flush())).isOk()).toBe(true)
  isFull = false
  log.add({ number: 1 })
  await world.time.run(() => log.flush())
  expect(numbersIn(world)).toEqual([1])
})

it('holds a bounded number of lines while the disk takes none', async () => {
  const world = await makeWorld()
  const log = openIn(world)
  for (const number of upTo(1_500)) log.add({ number })
  await world.time.run(() => log.flush())
  expect(numbersIn(world)).toEqual(upTo(1_500).slice(500))
})
