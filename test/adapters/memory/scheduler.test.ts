import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { scheduler, type Disturb, type SimulatedProcess } from '../../../adapters/memory/scheduler'

/** Several processes that each make some calls; tells in which order they came. */
const race = async (seed: number): Promise<ReadonlyArray<string>> => {
  const world = scheduler(seed)
  const order: Array<string> = []
  await world.run(() =>
    Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const process = world.process(name)
        for (let n = 0; n < 4; n += 1) await process.call('step', () => order.push(`${name}${n}`))
      }),
    ),
  )
  return order
}

describe('order', () => {
  it('is the same for the same seed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        expect(await race(seed)).toEqual(await race(seed))
      }),
    )
  })

  it('differs between seeds, and keeps the calls of each process in order', async () => {
    const orders = await Promise.all(Array.from({ length: 30 }, (_, seed) => race(seed)))
    expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(20)
    for (const order of orders) {
      expect(order.filter((step) => step.startsWith('a'))).toEqual(['a0', 'a1', 'a2', 'a3'])
    }
  })

  it('lets all that follows from a step happen before the next', async () => {
    const world = scheduler(1)
    const [one, two] = [world.process('one'), world.process('two')]
    let inside = 0
    const careful = async (process: SimulatedProcess) => {
      await process.call('enter', () => undefined)
      inside += 1
      for (let n = 0; n < 50; n += 1) await Promise.resolve()
      expect(inside).toBe(1)
      inside -= 1
    }
    await world.run(() => Promise.all([careful(one), careful(two)]))
  })
})

describe('time', () => {
  const sleep = (process: SimulatedProcess, span: number, isLazy = false) =>
    process.call('sleep', process.now, { after: span, isLazy })

  it('stands still while a step is possible, and then jumps to the next moment waited for', async () => {
    const world = scheduler(1, { startsAt: 0 })
    const process = world.process('one')
    const seen: Array<number> = []
    const busy = async () => {
      for (let n = 0; n < 20; n += 1) seen.push(await process.call('work', process.now))
    }
    const woken = await world.run(async () => {
      const [late, early] = await Promise.all([sleep(process, 70), sleep(process, 30), busy()])
      return [late, early]
    })
    expect(woken).toEqual([70, 30])
    expect(new Set(seen)).toEqual(new Set([0]))
  })

  it('does not pass for lazy sleepers alone, except in run', async () => {
    const world = scheduler(1, { startsAt: 0 })
    const process = world.process('one')
    const woken: Array<number> = []
    void sleep(process, 10, true).then((at) => woken.push(at))
    await world.call('look', () => undefined)
    await new Promise(setImmediate)
    expect([world.now(), woken]).toEqual([0, []])
    await world.run(() => sleep(process, 5, true))
    expect(world.now()).toBe(5)
  })
})

describe('a process', () => {
  it('that is killed never goes on, is not alive, and tells who listens', async () => {
    const world = scheduler(1)
    const [one, two] = [world.process('one'), world.process('two')]
    let ended = 0
    one.onEnd(() => (ended += 1))
    const steps: Array<string> = []
    const life = one.live(async () => {
      steps.push('begun')
      await one.call('wait', () => undefined, { after: 10 })
      steps.push('went on')
    })
    const outcome = await world.run(async () => {
      await two.call('wait', () => undefined, { after: 5 })
      one.kill()
      return life
    })
    expect(outcome).toEqual(O.none)
    expect(steps).toEqual(['begun'])
    expect([two.isAlive(one.identity), two.isAlive(two.identity), ended]).toEqual([false, true, 1])
  })

  it('has ended when its work has, with what the work gave', async () => {
    const world = scheduler(1)
    const process = world.process('one')
    const outcome = await world.run(() => process.live(() => process.call('work', () => 42)))
    expect(outcome).toEqual(O.some(42))
    expect(process.isAlive(process.identity)).toBe(false)
  })

  it('is told from a later one of the same name', () => {
    const world = scheduler(1)
    const [first, second] = [world.process('one'), world.process('one')]
    first.kill()
    expect(second.isAlive(first.identity)).toBe(false)
    expect(second.isAlive(second.identity)).toBe(true)
  })
})

describe('a disturbance', () => {
  const disturbed = async (disturb: Disturb) => {
    const world = scheduler(1, { disturb, startsAt: 0 })
    const process = world.process('one')
    let effects = 0
    const life = await world.run(() =>
      process
        .live(() => process.call('act', () => (effects += 1)))
        .catch((thrown: NodeJS.ErrnoException) => thrown.code),
    )
    return { life, effects, now: world.now(), outcomes: world.log.map(({ outcome }) => outcome) }
  }
  const onceOnly =
    (given: ReturnType<Disturb>): Disturb =>
    ({ step }) =>
      step === 0 ? given : { _tag: 'None' }

  it.each([
    {
      given: { _tag: 'None' } as const,
      expected: { life: O.some(1), effects: 1, now: 0, outcomes: ['None'] },
    },
    {
      given: { _tag: 'Fail', code: 'ENOSPC' } as const,
      expected: { life: 'ENOSPC', effects: 0, now: 0, outcomes: ['Fail'] },
    },
    {
      given: { _tag: 'KillBefore' } as const,
      expected: { life: O.none, effects: 0, now: 0, outcomes: ['KillBefore'] },
    },
    {
      given: { _tag: 'KillAfter' } as const,
      expected: { life: O.none, effects: 1, now: 0, outcomes: ['KillAfter'] },
    },
    {
      given: { _tag: 'Pause', span: 500 } as const,
      expected: { life: O.some(1), effects: 1, now: 500, outcomes: ['Pause', 'None'] },
    },
  ])('of $given._tag', async ({ given, expected }) => {
    expect(await disturbed(onceOnly(given))).toEqual(expected)
  })

  it('never fails a call that cannot fail', async () => {
    const world = scheduler(1, { disturb: () => ({ _tag: 'Fail', code: 'EIO' }) })
    const process = world.process('one')
    expect(await process.call('steady', () => 'done', { isSteady: true })).toBe('done')
    await expect(process.call('other', () => 'done')).rejects.toMatchObject({ code: 'EIO' })
  })
})

describe('run', () => {
  it('rejects when nothing can go on, and says who waits for what', async () => {
    const world = scheduler(1)
    const never = () => world.process('one').call('a door', () => undefined, { ready: () => false })
    await expect(world.run(never)).rejects.toThrow('nothing can go on; waiting are [one: a door]')
  })

  it('rejects when there is no end', async () => {
    const world = scheduler(1, { stepsMax: 100 })
    const process = world.process('one')
    const forever = async () => {
      for (;;) await process.call('again', () => undefined, { after: 1 })
    }
    await expect(world.run(forever)).rejects.toThrow('no end within 100 steps')
  })

  it('rejects as its work does', async () => {
    const world = scheduler(1)
    const failing = () =>
      world.process('one').call('work', () => {
        throw new Error('bug')
      })
    await expect(world.run(failing)).rejects.toThrow('bug')
  })

  it('is not needed for a call to get going', async () => {
    expect(
      await scheduler(1)
        .process('one')
        .call('work', () => 42),
    ).toBe(42)
  })
})

it('wakes a call that waits when its signal is aborted from outside', async () => {
  const world = scheduler(1)
  const leaving = new AbortController()
  const waits = world.process('one').call('wait', () => 'left', {
    ready: () => false,
    signal: leaving.signal,
  })
  await new Promise(setImmediate)
  leaving.abort()
  expect(await waits).toBe('left')
})
