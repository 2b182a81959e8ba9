/** What several processes have on their way, as each of them sees it. */
import * as O from 'fp-ts/Option'
import { memoryClock } from '../../../adapters/memory/clock'
import { memoryDisk, type Disk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { memoryProcess } from '../../../adapters/memory/process'
import {
  scheduler,
  type Disturb,
  type Scheduler,
  type SimulatedProcess,
} from '../../../adapters/memory/scheduler'
import * as Layout from '../../../core/storage/layout'
import * as ProcessFile from '../../../core/storage/process-file'
import { minute, second, type Millis } from '../../../core/time'
import { openLoad, type Load } from '../../../entrypoints/programs/load'
import { ask, openEngine, triedBy } from '../../support/engine'
import * as World from '../../support/world'

const layout = Layout.of({ home: '/home', codexHome: undefined, ownRoot: '/pool' })

interface Shared {
  readonly time: Scheduler
  readonly disk: Disk
  readonly open: (process: SimulatedProcess) => Load
  readonly pass: (span: Millis) => Promise<unknown>
  /** The names of the files that processes have made. */
  readonly files: () => ReadonlyArray<string>
}

const shared = (disturb: Disturb = () => ({ _tag: 'None' })): Shared => {
  const disk = memoryDisk({ [layout.root]: null })
  const time = scheduler(1, { disturb })
  const others = memoryClock(time.process('time'))
  return {
    ...{ time, disk },
    open: (process) =>
      openLoad(
        {
          files: memoryFileSystem(process, disk),
          clock: memoryClock(process),
          process: memoryProcess(process),
        },
        layout,
      ),
    pass: async (span) => others.sleep(span),
    files: () => Object.keys(disk.snapshot()).filter((path) => /\d+\.json$/.test(path)),
  }
}

const counts = async (load: Load): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(await load.others())

it('knows what the others have on their way, and its own apart from it', async () => {
  const { open, pass, time } = shared()
  const [ada, bea, cleo] = [
    open(time.process('ada')),
    open(time.process('bea')),
    open(time.process('cleo')),
  ]
  await time.run(async () => {
    ada.begin('a')
    ada.begin('a')
    bea.begin('b')
    await pass(second)
    const seen = [await counts(ada), await counts(bea), await counts(cleo)]
    expect(seen).toEqual([{ b: 1 }, { a: 2 }, { a: 2, b: 1 }])
    expect(ada.own()).toEqual(new Map([['a', 2]]))
  })
})

it('tells what has ended until its tie can be on the disk, and then leaves nothing there', async () => {
  const { files, open, pass, time } = shared()
  const [ada, bea] = [open(time.process('ada')), open(time.process('bea'))]
  await time.run(async () => {
    const end = ada.begin('a')
    await pass(second)
    end()
    expect(ada.own()).toEqual(new Map())
    await pass(300)
    expect(await counts(bea)).toEqual({ a: 1 })
    await pass(second)
    expect(await counts(bea)).toEqual({})
  })
  expect(files()).toEqual([])
})

it('takes back what it told when it is closed, though the requests never ended', async () => {
  const { files, open, time } = shared()
  const ada = open(time.process('ada'))
  await time.run(async () => {
    ada.begin('a')
    await ada.close()
  })
  expect(files()).toEqual([])
})

it('leaves what its process tells once it is opened anew alone, whatever of the old one ends', async () => {
  const { files, open, pass, time } = shared()
  const ada = time.process('ada')
  const [before, after] = [open(ada), open(ada)]
  await time.run(async () => {
    const end = before.begin('a')
    await before.close()
    after.begin('b')
    end()
    await pass(second)
    expect(await counts(open(time.process('bea')))).toEqual({ b: 1 })
    await after.close()
  })
  expect(files()).toEqual([])
})

it('counts nothing of a process that is dead, and sweeps its file', async () => {
  const { files, open, pass, time } = shared()
  const mortal = time.process('mortal')
  const [dead, ada] = [open(mortal), open(time.process('ada'))]
  await time.run(async () => {
    dead.begin('a')
    await pass(second)
    expect(await counts(ada)).toEqual({ a: 1 })
    mortal.kill()
    expect(await counts(ada)).toEqual({})
  })
  expect(files()).toEqual([])
})

it('counts nothing that is older than any request waits', async () => {
  const { open, pass, time } = shared()
  const [ada, bea] = [open(time.process('ada')), open(time.process('bea'))]
  await time.run(async () => {
    ada.begin('a')
    await pass(11 * minute)
    expect(await counts(bea)).toEqual({})
  })
})

it('takes a burst in two writes, and a crowd that looks in one look', async () => {
  const { open, pass, time } = shared()
  const [ada, bea] = [open(time.process('ada')), open(time.process('bea'))]
  await time.run(async () => {
    for (let n = 0; n < 100; n += 1) ada.begin(`account-${n % 4}`)
    await pass(second)
    await Promise.all(Array.from({ length: 100 }, () => bea.others()))
    expect(await counts(bea)).toMatchObject({ 'account-0': 25, 'account-3': 25 })
  })
  const count = (label: string): number =>
    time.log.filter((step) => step.label.startsWith(label)).length
  expect(count('files.rename')).toBe(2)
  expect(count('files.readdir')).toBe(2)
})

it('costs no request anything where the disk takes no writes', async () => {
  const { files, open, pass, time } = shared(({ label }) =>
    /^files\.(?:open|write|mkdir|rename) /.test(label)
      ? { _tag: 'Fail', code: 'ENOSPC' }
      : { _tag: 'None' },
  )
  const ada = open(time.process('ada'))
  await time.run(async () => {
    const end = ada.begin('a')
    await pass(second)
    expect(ada.own()).toEqual(new Map([['a', 1]]))
    end()
    await pass(second)
    await ada.close()
  })
  expect(files()).toEqual([])
})

describe('in the engine', () => {
  it('starts a conversation away from the account that another process is just asking', async () => {
    const world = await World.makeWorld()
    const [one, other] = [await openEngine(world), await openEngine(world, { name: 'other' })]
    const path = `${World.layout.runtime}/${ProcessFile.nameOf(one.process.identity.pid)}`
    const tokens = world.people.map((person) => person.tokens.accessToken)
    let told = ''
    await world.time.run(async () => {
      const asking = ask(one, { id: 'first', conversation: 'one' })
      await world.time.process('eye').call('asked', () => undefined, {
        ready: () => one.attempts.length > 0 && world.text(path) !== '',
      })
      told = world.text(path)
      await ask(other, { id: 'second', conversation: 'two' })
      await asking
    })
    expect([triedBy(one, 'first'), triedBy(other, 'second')]).toEqual([['ada'], ['grace']])
    const file = ProcessFile.parse(told)
    expect(O.isSome(file) && file.value.inFlight).toEqual({ [World.keyOf(world, 'ada')]: 1 })
    expect(tokens.filter((token) => told.includes(token))).toEqual([])
  })
})
