import * as fc from 'fast-check'
import { dice } from '../../../adapters/memory/dice'
import { memoryDisk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { scheduler } from '../../../adapters/memory/scheduler'
import { fileSystemContract } from '../../ports/file-system.contract'

const root = '/home/me'

fileSystemContract('memory', () => {
  const disk = memoryDisk({ [root]: null })
  const files = memoryFileSystem(scheduler(1).process('main'), disk)
  return { files, root, modeOf: disk.modeOf, link: disk.link }
})

/** Replaces `old` by `new` and dies at the given step of it; then what is left is told. */
const dyingReplace = async (
  way: 'replace' | 'replaceVolatile' | 'append',
  dies: 'KillBefore' | 'KillAfter',
  atStep: number,
) => {
  const disk = memoryDisk({ '/pool': 'old' })
  const world = scheduler(atStep, {
    disturb: ({ step }) => ({ _tag: step === atStep ? dies : 'None' }),
  })
  const process = world.process('writer')
  const files = memoryFileSystem(process, disk)
  await world.run(() => process.live(() => files[way]('/pool', 'new!')))
  return { disk, world }
}

const stepsMax = 10

describe('a death in the middle', () => {
  it.each(['replace', 'replaceVolatile'] as const)(
    'of %s leaves the old text or the new',
    async (way) => {
      const seen = new Set<string | null | undefined>()
      for (let step = 0; step < stepsMax; step += 1) {
        for (const dies of ['KillBefore', 'KillAfter'] as const) {
          const { disk } = await dyingReplace(way, dies, step)
          seen.add(disk.snapshot()['/pool'])
        }
      }
      expect([...seen].sort()).toEqual(['new!', 'old'])
    },
  )

  it('of append can leave a part, which is why nothing precious is appended', async () => {
    const { disk } = await dyingReplace('append', 'KillAfter', 1)
    expect(disk.snapshot()['/pool']).toBe('oldne')
  })
})

describe('a power cut', () => {
  it('at any step of replace leaves the old text or the new', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(stepsMax), fc.nat(), async (step, seed) => {
        const { disk } = await dyingReplace('replace', 'KillAfter', step)
        disk.powerCut(dice(seed))
        expect(['old', 'new!']).toContain(disk.snapshot()['/pool'])
      }),
    )
  })

  it('after replace leaves the new text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { disk } = await dyingReplace('replace', 'KillAfter', stepsMax)
        disk.powerCut(dice(seed))
        expect(disk.snapshot()).toEqual({ '/pool': 'new!' })
      }),
    )
  })

  it('after replaceVolatile may lose or tear the text: the twin, which shows that a cut can hurt', async () => {
    const left = new Set<string | null | undefined>()
    for (let seed = 0; seed < 200; seed += 1) {
      const { disk } = await dyingReplace('replaceVolatile', 'KillAfter', stepsMax)
      disk.powerCut(dice(seed))
      left.add(disk.snapshot()['/pool'])
    }
    expect([...left].sort()).toEqual(['', 'n', 'ne', 'new', 'new!', 'old'])
  })
})

it('passes an injected failure on under its code, and replace leaves no draft', async () => {
  const disk = memoryDisk({ '/pool': 'old' })
  const world = scheduler(1, {
    disturb: ({ label }) =>
      label.startsWith('files.write') ? { _tag: 'Fail', code: 'ENOSPC' } : { _tag: 'None' },
  })
  const files = memoryFileSystem(world.process('writer'), disk)
  const result = await files.replace('/pool', 'new')
  expect(result._unsafeUnwrapErr()).toEqual({ _tag: 'FileFault', path: '/pool', code: 'ENOSPC' })
  expect(disk.snapshot()).toEqual({ '/pool': 'old' })
})

describe('a file that another program has for a moment, as on Windows', () => {
  const codes = ['EBUSY', 'EPERM', 'EAGAIN', 'ENOTEMPTY', 'EACCES']
  const steps = [
    'files.rename',
    'files.read',
    'files.unlink',
    'files.open /pool.',
    'files.open /log',
    'files.stat',
    'files.mkdir',
    'files.chmod',
  ]

  const play = async (code: string, step: string, times: number) => {
    const disk = memoryDisk({ '/pool': 'old' })
    let failures = 0
    const world = scheduler(1, {
      disturb: ({ label }) => {
        if (!label.startsWith(step) || failures >= times) return { _tag: 'None' }
        failures += 1
        return { _tag: 'Fail', code }
      },
    })
    const files = memoryFileSystem(world.process('main'), disk)
    const before = world.now()
    const done = await world.run(async () => ({
      rename: await files.replace('/pool', 'new', 0o600),
      append: await files.append('/log', 'line'),
      folder: await files.ensureFolder('/'),
      stamp: await files.stamp('/pool'),
      read: await files.read('/pool'),
      unlink: await files.remove('/pool'),
    }))
    return { done, waited: world.now() - before }
  }

  it.each(codes.flatMap((code) => steps.map((step) => ({ code, step }))))(
    '$code of $step is tried again until it is free',
    async ({ code, step }) => {
      const { done, waited } = await play(code, step, 3)
      expect(Object.values(done).every((one) => one.isOk())).toBe(true)
      expect(done.read._unsafeUnwrap()).toBe('new')
      expect(waited).toBeGreaterThan(0)
    },
  )

  it.each(codes)('%s that does not pass is told within a second', async (code) => {
    const { done, waited } = await play(code, 'files.read', Infinity)
    expect(done.read.isErr()).toBe(true)
    expect(waited).toBeLessThan(1_000)
  })

  it('is not waited for when a folder cannot be forced, as it never can be there', async () => {
    const world = scheduler(1, {
      disturb: ({ label }) =>
        label === 'files.open /' ? { _tag: 'Fail', code: 'EPERM' } : { _tag: 'None' },
    })
    const files = memoryFileSystem(world.process('main'), memoryDisk({ '/pool': 'old' }))
    const before = world.now()
    expect((await world.run(() => files.replace('/pool', 'new'))).isOk()).toBe(true)
    expect(world.now()).toBe(before)
  })

  it('is not waited for where the fault is another', async () => {
    const { done, waited } = await play('EIO', 'files.rename', 1)
    expect(done.rename._unsafeUnwrapErr()).toMatchObject({ code: 'EIO' })
    expect(waited).toBe(0)
  })
})
