import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryClock } from '../../../adapters/memory/clock'
import { scheduler } from '../../../adapters/memory/scheduler'
import { nodeFileSystem } from '../../../adapters/node/file-system'
import { second } from '../../../core/time'
import { openLive } from '../../../entrypoints/programs/live'

const folder = mkdtempSync(join(tmpdir(), 'live-'))
const path = join(folder, 'file')
afterAll(() => rmSync(folder, { recursive: true }))

/** A reader of a file on the disk by a clock of its own, and how often it has read what follows. */
const openReader = () => {
  const time = scheduler(1)
  const files = nodeFileSystem()
  const counts = { texts: 0, values: 0 }
  const counted = {
    ...files,
    read: (at: string) => {
      counts.texts += 1
      return files.read(at)
    },
  }
  const live = openLive(
    { clock: memoryClock(time.process('reader')), files: counted, stamp: files.stamp },
    [path],
    () => {
      counts.values += 1
      return files.read(path)
    },
  )
  return {
    counts,
    look: () => live().unwrapOr('nothing'),
    pass: time.shiftClock,
    /** In place, as within one tick of the disk's clock. */
    write: (text: string) => {
      writeFileSync(path, text)
      utimesSync(path, new Date(time.now()), new Date(time.now()))
    },
  }
}

beforeEach(() => rmSync(path, { force: true }))

it.each([200, 3 * second])(
  'sees %i ms later an edit in place that leaves the stamp as it was',
  async (later) => {
    const { look, pass, write } = openReader()
    write('one')
    expect(await look()).toBe('one')
    write('two')
    pass(later)
    expect(await look()).toBe('two')
  },
)

it('looks into a young file now and then, once more when it is old, and reads what follows once', async () => {
  const { counts, look, pass, write } = openReader()
  write('one')
  await look()
  await look()
  expect(counts).toEqual({ texts: 1, values: 1 })
  pass(200)
  await look()
  await look()
  expect(counts).toEqual({ texts: 2, values: 1 })
  pass(3 * second)
  await look()
  await look()
  await look()
  expect(counts).toEqual({ texts: 3, values: 1 })
  write('two')
  expect(await look()).toBe('two')
  expect(counts.values).toBe(2)
})

it('asks again for what was refused', async () => {
  const { look, write } = openReader()
  expect(await look()).toBe('nothing')
  write('one')
  expect(await look()).toBe('one')
})
