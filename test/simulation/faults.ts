/**
 * What may befall a call of a process: death before or after it, a pause for longer than any lease, a
 * disk that fails once or is full for a while, a network that breaks, and a clock that is set.
 */
import type { Dice } from '../../adapters/memory/dice'
import type { Disturb, Disturbance } from '../../adapters/memory/scheduler'
import { hour, minute, second } from '../../core/time'
import { endClaims, look } from './invariants'
import { shiftClock, trueNow, type World } from './world'

const none: Disturbance = { _tag: 'None' }

/** One call in so many: a step of a process makes some 40, a refresh 100. */
const rate = 1 / 100

const isWrite = (label: string): boolean => /^files\.(?:write|(?:mkdir|open) .*\.draft)/.test(label)

const pick = <A>(throwDice: Dice, all: readonly [A, ...ReadonlyArray<A>]): A =>
  all[Math.floor(throwDice() * all.length)] ?? all[0]

const noted = (world: World, process: string, label: string): void => {
  const flight = world.flights.get(process)
  if (flight === undefined || !label.startsWith('files.')) return
  flight.faults += 1
  if (flight.asked > 0) flight.faultsAfterAsking += 1
}

export const faults =
  (world: World): Disturb =>
  ({ process, label }, throwDice) => {
    look(world)
    if (!process.startsWith('worker')) return none
    if (world.isFullUntil > trueNow(world) && isWrite(label)) {
      noted(world, process, label)
      world.count('disk says ENOSPC')
      return { _tag: 'Fail', code: 'ENOSPC' }
    }
    if (throwDice() >= rate) return none
    const kind = throwDice()
    if (kind < 0.1) return { _tag: 'KillBefore' }
    if (kind < 0.2) return { _tag: 'KillAfter' }
    if (kind < 0.6) return failure(world, process, label, throwDice)
    if (kind < 0.85) return pause(world, throwDice)
    setClock(world, throwDice)
    return none
  }

const failure = (world: World, process: string, label: string, throwDice: Dice): Disturbance => {
  if (label.startsWith('http.')) return { _tag: 'Fail', code: 'ECONNRESET' }
  if (!label.startsWith('files.') || label.startsWith('files.close')) return none
  noted(world, process, label)
  if (throwDice() < 0.1) {
    world.count('disk full for a while')
    world.isFullUntil = trueNow(world) + pick(throwDice, [100, second, 30 * second])
  }
  const code = pick(throwDice, ['ENOSPC', 'EIO', 'EBUSY'] as const)
  world.count(`disk says ${code}`)
  return { _tag: 'Fail', code }
}

const pause = (world: World, throwDice: Dice): Disturbance => {
  const span = pick(throwDice, [10, 900, 6 * second, 30 * second, 4 * minute])
  world.count(span > 3 * minute ? 'paused beyond a lease' : 'paused')
  return { _tag: 'Pause', span }
}

const setClock = (world: World, throwDice: Dice): void => {
  const span = pick(throwDice, [second, 30 * second, 5 * minute, hour, 26 * hour])
  // It comes back more often than it goes away, as clocks that are off are put right.
  const isBack = world.skew.by > 0 ? throwDice() < 0.7 : throwDice() < 0.3
  endClaims(world)
  world.count(isBack ? 'clock set back' : 'clock set forward')
  shiftClock(world, isBack ? -span : span)
}
