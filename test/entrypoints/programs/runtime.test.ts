/** The runtime state as several processes observe, write and read it at the same time. */
import fs from 'node:fs'
import path from 'node:path'
import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import { memoryClock } from '../../../adapters/memory/clock'
import { memoryDisk, type Disk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { memoryLock } from '../../../adapters/memory/lock'
import {
  scheduler,
  type Disturb,
  type Scheduler,
  type SimulatedProcess,
} from '../../../adapters/memory/scheduler'
import * as Cooldown from '../../../core/health/cooldown'
import * as Window from '../../../core/quota/window'
import * as Layout from '../../../core/storage/layout'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute, type Millis } from '../../../core/time'
import { openRuntime, type Runtime } from '../../../entrypoints/programs/runtime'

const layout = Layout.of({ home: '/home', codexHome: undefined, ownRoot: '/pool' })
const seeds = Array.from({ length: 50 }, (_, n) => n + 1)

const open = (process: SimulatedProcess, disk: Disk): Runtime =>
  openRuntime(
    {
      files: memoryFileSystem(process, disk),
      lock: memoryLock(process, disk),
      clock: memoryClock(process),
    },
    layout,
  )

interface Shared {
  readonly world: Scheduler
  readonly disk: Disk
  readonly ada: Runtime
  readonly bea: Runtime
  /** Lets time pass for everybody. */
  readonly pass: (span: Millis) => ResultAsync<void, never>
}

const none: Disturb = () => ({ _tag: 'None' })

const shared = (
  seed = 1,
  files: Readonly<Record<string, string>> = {},
  disturb: Disturb = none,
): Shared => {
  const disk = memoryDisk({ [layout.root]: null, ...files })
  const world = scheduler(seed, { disturb })
  const time = memoryClock(world.process('time'))
  const [ada, bea] = [open(world.process('ada'), disk), open(world.process('bea'), disk)]
  return { world, disk, ada, bea, pass: (span) => time.sleep(span) }
}

const cooled = (account: string, until: number): RuntimeState.Observation => ({
  _tag: 'Cooled',
  account,
  at: until - minute,
  cooldown: Cooldown.cooling(until, 'rate-limited'),
})

const quotaSeen = (
  account: string,
  observedAt: number,
  used: number,
): RuntimeState.Observation => ({
  _tag: 'QuotaSeen',
  account,
  snapshot: {
    observedAt,
    source: 'headers',
    plan: O.none,
    windows: [Window.make(5 * hour, used, O.some(observedAt + hour))],
  },
})

const tied = (
  conversation: string,
  account: string,
  servedAt: number,
): RuntimeState.Observation => ({
  _tag: 'Tied',
  conversation,
  tie: { account, servedAt, generation: 0 },
})

const textOn = (disk: Disk, file: string): string => disk.snapshot()[file] ?? ''

const stored = (disk: Disk): RuntimeState.RuntimeState =>
  RuntimeFile.parse(textOn(disk, layout.runtimeState), textOn(disk, layout.quota))

const isCooled = (state: RuntimeState.RuntimeState, account: string): boolean =>
  RuntimeState.cooldownOf(account)(state)._tag === 'Cooling'

it('puts on disk what two processes observe of different accounts at the same time', async () => {
  for (const seed of seeds) {
    const { world, disk, ada, bea } = shared(seed)
    const now = world.now()
    await world.run(async () => {
      ada.observe(cooled('acc-1', now + hour))
      bea.observe(quotaSeen('acc-2', now, 40))
      bea.observe(cooled('acc-3', now + hour))
      ada.observe(tied('thread', 'acc-2', now))
      await Promise.all([ada.flush(), bea.flush()])
    })
    const state = stored(disk)
    expect(Object.keys(state.cooldowns).sort()).toEqual(['acc-1', 'acc-3'])
    expect(Object.keys(state.quotas)).toEqual(['acc-2'])
    expect(state.ties['thread']?.account).toBe('acc-2')
    expect(Object.keys(disk.snapshot()).sort()).toEqual([layout.quota, layout.runtimeState])
  }
})

it('knows at once what it observed itself, and at the next look what another one has written', async () => {
  for (const seed of seeds) {
    const { world, ada, bea, pass } = shared(seed)
    await world.run(async () => {
      expect(isCooled(await bea.current(), 'acc-1')).toBe(false)
      ada.observe(cooled('acc-1', world.now() + hour))
      expect(isCooled(await ada.current(), 'acc-1')).toBe(true)
      await pass(300)
      expect(isCooled(await bea.current(), 'acc-1')).toBe(true)
      bea.observe(cooled('acc-2', world.now() + hour))
      await pass(300)
      expect(isCooled(await ada.current(), 'acc-2')).toBe(true)
    })
  }
})

it('does not take an older word for a newer one when it writes while it reads', async () => {
  const { world, disk, bea } = shared()
  const process = world.process('ada')
  const files = memoryFileSystem(process, disk)
  let slowly: Promise<void> | undefined
  const ada = openRuntime(
    {
      lock: memoryLock(process, disk),
      clock: memoryClock(process),
      files: {
        ...files,
        read: (path) => {
          const wait = path === layout.quota ? slowly : undefined
          slowly = wait === undefined ? slowly : undefined
          return ResultAsync.fromSafePromise(wait ?? Promise.resolve()).andThen(() =>
            files.read(path),
          )
        },
      },
    },
    layout,
  )
  await world.run(async () => {
    bea.observe(cooled('acc-1', world.now() + hour))
    await bea.flush()
    let goOn = (): void => undefined
    slowly = new Promise((resolve) => {
      goOn = resolve
    })
    const look = ada.current()
    await world.process('test').call('in the middle', () => undefined, {
      ready: () => slowly === undefined,
    })
    ada.observe(cooled('acc-2', world.now() + hour))
    await ada.flush()
    goOn()
    const seen = await look
    expect([isCooled(seen, 'acc-1'), isCooled(seen, 'acc-2')]).toEqual([true, true])
  })
})

it('keeps the later of two cooldowns and the newer of two quotas, whoever writes last', async () => {
  for (const seed of seeds) {
    const { world, disk, ada, bea } = shared(seed)
    const now = world.now()
    await world.run(async () => {
      ada.observe(cooled('acc-1', now + 2 * hour))
      bea.observe(cooled('acc-1', now + hour))
      ada.observe(quotaSeen('acc-1', now, 10))
      bea.observe(quotaSeen('acc-1', now + minute, 90))
      await Promise.all([ada.flush(), bea.flush()])
    })
    const state = stored(disk)
    expect(RuntimeState.cooldownOf('acc-1')(state)).toMatchObject({ until: now + 2 * hour })
    expect(RuntimeState.quotaOf('acc-1')(state)).toMatchObject({
      value: { observedAt: now + minute },
    })
  }
})

it('takes away what a killed one was just writing, and nothing that others are at', async () => {
  const ofDead = [layout.quota, layout.runtimeState, `${layout.runtime}/77.json`].map(
    (path) => `${path}.77-1.draft`,
  )
  const others = [layout.pool, layout.settings, layout.hostLoad].map((path) => `${path}.77-1.draft`)
  const { world, disk, ada } = shared(
    1,
    Object.fromEntries([...ofDead, ...others].map((path) => [path, 'half'])),
  )
  await world.run(async () => {
    ada.observe(cooled('acc-1', world.now() + hour))
    await ada.flush()
  })
  expect(Object.keys(disk.snapshot()).sort()).toEqual(
    [layout.runtimeState, layout.quota, ...others].sort(),
  )
})

describe('leaves alone', () => {
  const future = '{"version":2,"cooldowns":[["acc-1",1]]}'

  it('a state file of a newer version, and goes on with what it knows itself', async () => {
    const { world, disk, ada, bea } = shared(1, { [layout.runtimeState]: future })
    await world.run(async () => {
      ada.observe(cooled('acc-1', world.now() + hour))
      await ada.flush()
      expect(isCooled(await ada.current(), 'acc-1')).toBe(true)
      expect(isCooled(await bea.current(), 'acc-1')).toBe(false)
    })
    expect(disk.snapshot()).toEqual({ [layout.runtimeState]: future })
  })

  it('a quota file of a newer version, and writes the state beside it', async () => {
    const { world, disk, ada } = shared(1, { [layout.quota]: future })
    await world.run(async () => {
      ada.observe(cooled('acc-1', world.now() + hour))
      ada.observe(quotaSeen('acc-1', world.now(), 10))
      await ada.flush()
    })
    expect(textOn(disk, layout.quota)).toBe(future)
    expect(isCooled(stored(disk), 'acc-1')).toBe(true)
  })

  it('the sections of the quota file that are not ours', async () => {
    const fixture = path.join(__dirname, '../../fixtures/existing-tool/quota-cache.json')
    const before = fs.readFileSync(fixture, 'utf8')
    const { world, disk, ada, bea } = shared(1, { [layout.quota]: before })
    await world.run(async () => {
      ada.observe(quotaSeen('acc-1', world.now(), 10))
      bea.observe(quotaSeen('acc-2', world.now(), 20))
      await Promise.all([ada.flush(), bea.flush()])
    })
    const {
      byAccount,
      series: _,
      ...foreign
    } = JSON.parse(textOn(disk, layout.quota)) as Record<string, object>
    expect(foreign).toEqual(JSON.parse(before))
    expect(Object.keys(byAccount ?? {}).sort()).toEqual(['acc-1', 'acc-2'])
  })
})

describe('a disk that takes no writes', () => {
  const full = (isFull: () => boolean): Disturb => {
    const isWriting = /^files\.(?:open|write|mkdir|rename) /
    return ({ label }) =>
      isFull() && isWriting.test(label) ? { _tag: 'Fail', code: 'ENOSPC' } : { _tag: 'None' }
  }

  it('costs nothing but the write, which comes with the next observation', async () => {
    let isFull = true
    const { world, disk, ada, bea, pass } = shared(
      1,
      {},
      full(() => isFull),
    )
    await world.run(async () => {
      ada.observe(cooled('acc-1', world.now() + hour))
      await ada.flush()
      await pass(300)
      expect(isCooled(await ada.current(), 'acc-1')).toBe(true)
      expect(disk.snapshot()).toEqual({ [layout.root]: null })
      isFull = false
      ada.observe(cooled('acc-2', world.now() + hour))
      await pass(300)
      const seen = await bea.current()
      expect([isCooled(seen, 'acc-1'), isCooled(seen, 'acc-2')]).toEqual([true, true])
    })
  })

  it('makes it forget the oldest when there are too many, and none that come while it writes', async () => {
    let isFull = true
    const { world, disk, ada } = shared(
      1,
      {},
      full(() => isFull),
    )
    const later = Array.from({ length: 10 }, (_, n) => `later-${n}`)
    await world.run(async () => {
      for (let n = 0; n < 1_010; n += 1) ada.observe(cooled(`acc-${n}`, world.now() + hour))
      await ada.flush()
      isFull = false
      const written = ada.flush()
      const isWriting = (): boolean => {
        const { label = '' } = world.log[world.log.length - 1] ?? {}
        return label.startsWith(`files.write ${layout.quota}`)
      }
      await world.process('test').call('in the middle', () => undefined, { ready: isWriting })
      for (const account of later) ada.observe(cooled(account, world.now() + hour))
      await ada.current()
      await written
      await ada.flush()
    })
    const { cooldowns } = stored(disk)
    expect(later.filter((account) => cooldowns[account] === undefined)).toEqual([])
    expect(cooldowns['acc-9']).toBeUndefined()
    expect(cooldowns['acc-1009']).toBeDefined()
  })
})

it('loses nothing that was flushed, and leaves no lock, when processes die at any step', async () => {
  let killed = 0
  for (const seed of seeds) {
    const deadly: Disturb = ({ process }, throwDice) =>
      process.startsWith('mortal') && throwDice() < 0.02 ? { _tag: 'KillAfter' } : { _tag: 'None' }
    const { world, disk } = shared(seed, {}, deadly)
    const flushed: Array<string> = []
    await world.run(async () => {
      const lives = ['mortal 1', 'mortal 2', 'mortal 3', 'heir'].map((name, number) => {
        const process = world.process(name)
        const runtime = open(process, disk)
        const start = name === 'heir' ? 60_000 : 0
        return process.live(async () => {
          await memoryClock(process).sleep(start)
          for (let n = 0; n < 5; n += 1) {
            runtime.observe(cooled(`acc-${number}-${n}`, world.now() + hour))
            await runtime.flush()
            flushed.push(`acc-${number}-${n}`)
          }
        })
      })
      killed += (await Promise.all(lives)).filter(O.isNone).length
    })
    const { cooldowns } = stored(disk)
    expect(flushed.filter((account) => cooldowns[account] === undefined)).toEqual([])
    const locks = Object.keys(disk.snapshot()).filter((file) =>
      `${file}/`.startsWith(`${layout.runtimeLock}/`),
    )
    expect(locks).toEqual([])
  }
  expect(killed).toBeGreaterThan(seeds.length)
})
