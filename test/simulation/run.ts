/**
 * One seed: three processes that each make their steps one after the other, and begin a new life when
 * they die; the power is cut now and then; in the end an heir finds all in order.
 */
import { createHash } from 'node:crypto'
import * as O from 'fp-ts/Option'
import { dice, seedOf } from '../../adapters/memory/dice'
import type { Step as LogLine } from '../../adapters/memory/scheduler'
import * as Lease from '../../core/refresh/lease'
import { iso, minute } from '../../core/time'
import { openRuntime } from '../../entrypoints/programs/runtime'
import { faults } from './faults'
import * as Invariants from './invariants'
import type { Ledger } from './ledger'
import { people } from './people'
import { portsOf } from './ports'
import * as Requests from './requests'
import { described, drawn, type Step } from './step'
import * as Steps from './steps'
import {
  isAlive,
  layout,
  makeWorld,
  processIn,
  type Broken,
  type Flight,
  type World,
} from './world'

export interface Outcome {
  readonly wrongs: ReadonlyArray<string>
  readonly ledger: Ledger
  readonly log: ReadonlyArray<LogLine>
}

const workers = 3
/** With the one of the heir, a hundred. */
const stepsEach = 33
/** Of the machine's own steps: the whole takes some four thousand. */
const powerCutEvery = 1_500

export const run = async (seed: number, broken: Broken = {}): Promise<Outcome> => {
  const world = makeWorld(seed, broken, faults, {
    reused: Invariants.reused,
    tried: Requests.tried,
  })
  try {
    await world.time.run(async () => {
      const fate = fateOf(world)
      await Promise.all(Array.from({ length: workers }, (_, n) => worker(world, n)))
      fate()
      await heir(world)
    })
  } catch (thrown) {
    world.wrong(String(thrown))
  }
  Invariants.look(world)
  Invariants.lostSignIns(world).forEach(world.wrong)
  return { wrongs: world.wrongs, ledger: world.ledger, log: world.time.log }
}

export const printLine = ({ at, process, label, outcome }: LogLine): string =>
  `${iso(at)} ${process.padEnd(16)} ${outcome === 'None' ? '' : `${outcome}: `}${label}`

export const hashOf = ({ log, wrongs }: Outcome): string =>
  createHash('sha256')
    .update([...log.map(printLine), ...wrongs].join('\n'))
    .digest('hex')

const worker = async (world: World, number: number): Promise<void> => {
  const throwDice = dice(seedOf(world.seed, `steps of ${number}`))
  const steps = Array.from({ length: stepsEach }, () => drawn(throwDice))
  let begun = 0
  for (let life = 1; begun < steps.length; life += 1) {
    const process = processIn(world, `worker ${number}, life ${life}`)
    const lived = await process.live(async () => {
      const one: Steps.Life = { world, process, ports: portsOf(world, process), router: undefined }
      for (let step = steps[begun]; step !== undefined; step = steps[begun]) {
        begun += 1
        await take(one, step)
      }
      await one.router?.close()
      world.finished.add(process.name)
    })
    if (O.isNone(lived)) {
      Invariants.look(world) // Its last step may have been the one that made its change.
      world.count('killed')
      world.flights.delete(process.name)
    }
  }
}

const take = async (life: Steps.Life, step: Step): Promise<void> => {
  const { process, world } = life
  Invariants.look(world)
  const flight: Flight = {
    process,
    step,
    begunAt: world.history.length - 1,
    couldDoNothing: false,
    couldBeRefused: false,
    madeFirst: undefined,
    madeAt: undefined,
    faults: 0,
    asked: 0,
    faultsAfterAsking: 0,
    got: undefined,
    breaks: 0,
    sets: world.skew.sets,
    wasStrict: Requests.isStrict(world),
  }
  world.flights.set(process.name, flight)
  Invariants.consider(world, flight)
  process.note(`begins ${described(step)}`)
  const done = await Steps.perform(life, step)
  done.match(
    () => {
      process.note(`ends ${described(step)}: ok`)
      Invariants.acknowledged(world, flight)
    },
    ({ _tag }) => {
      process.note(`ends ${described(step)}: ${_tag}`)
      Invariants.refused(world, flight, _tag)
    },
  )
  world.flights.delete(process.name)
}

/** Cuts the power now and then; the answer ends that. */
const fateOf = (world: World): (() => void) => {
  const fate = processIn(world, 'fate')
  const next = (after: number): void => {
    void fate
      .call('power cut', () => cutPower(world), { ready: () => world.time.log.length >= after })
      .then(() => next(after + Math.floor(powerCutEvery * (0.5 + world.throwDice()))))
  }
  next(Math.floor(powerCutEvery * (0.5 + world.throwDice())))
  return () => {
    world.finished.add('fate')
    fate.kill()
  }
}

const cutPower = (world: World): void => {
  Invariants.look(world)
  for (const process of world.processes.values())
    if (process.name.startsWith('worker') && isAlive(world, process.name)) process.kill()
  world.flights.clear()
  const before = world.disk.snapshot()
  world.disk.powerCut(world.throwDice)
  const after = world.disk.snapshot()
  world.count('power cut')
  for (const [path, text] of Object.entries(before)) {
    if (text === null || after[path] === text) continue
    const left = after[path]
    if (left === undefined || left === null) world.count('power cut drops a name')
    else if (left !== '' && text.startsWith(left)) world.count('power cut tears a text')
    else world.count('power cut drops a text')
  }
  world.time.shiftClock(minute) // A machine needs a while to start again.
  world.isFreshlyCut = true
  Invariants.afterCut(world)
}

/** Nobody is left: it waits for nobody, and no draft is left once it has changed the pool and the state. */
const heir = async (world: World): Promise<void> => {
  const process = processIn(world, 'heir')
  const before = world.time.now()
  const life: Steps.Life = { world, process, ports: portsOf(world, process), router: undefined }
  const { key } = people[0] ?? { key: '' }
  await take(life, { _tag: 'SignIn', key })
  if (world.time.now() !== before) world.wrong('the heir had to wait')
  const runtime = openRuntime(life.ports, layout)
  runtime.observe({ _tag: 'Served', account: key, at: world.time.now() })
  await runtime.flush()
  const changed = [layout.pool, layout.poolLock, layout.backups, layout.quota, layout.runtime]
  for (const [file, text] of Object.entries(world.disk.snapshot())) {
    // A claim that is cut short may be one in the writing, for a second.
    const isLeft =
      file.endsWith('.draft') || (/\.draft\//.test(file) && Lease.parse(text ?? '').isOk())
    if (isLeft && changed.some((one) => file.startsWith(one)))
      world.wrong(`a draft was left: ${file}`)
  }
  world.finished.add('heir')
}
