/**
 * The one place where simulated processes wait.
 *
 * Every call of every memory adapter comes here and is performed in a step of its own: the seed decides
 * whose step is next, so the same seed gives the same run and the same log. Time stands still while a
 * step is possible and then jumps to the next moment somebody waits for. Between steps the event loop
 * turns once, so that all that follows from a step has happened before the next is chosen.
 *
 * A call gets going by itself. `run` adds what a simulation needs: it notices that nothing can go on.
 */
import * as O from 'fp-ts/Option'
import type { Instant, Millis } from '../../core/time'
import type { ProcessIdentity } from '../../ports/process'
import { dice, seedOf, type Dice } from './dice'

/** What may befall a call. A call that fails has had no effect; `code` is as in errors of node. */
export type Disturbance =
  | { readonly _tag: 'None' }
  | { readonly _tag: 'Fail'; readonly code: string }
  | { readonly _tag: 'KillBefore' }
  | { readonly _tag: 'KillAfter' }
  /** The process stands still for a span, as one that is stopped or starved. */
  | { readonly _tag: 'Pause'; readonly span: Millis }

export type Disturb = (
  call: { readonly process: string; readonly label: string; readonly step: number },
  throwDice: Dice,
) => Disturbance

export interface Step {
  readonly at: Instant
  readonly process: string
  readonly label: string
  readonly outcome: Disturbance['_tag']
}

export interface Terms {
  /** The call is performed once this holds; always, when left out. */
  readonly ready?: () => boolean
  /** Or once this span is over. */
  readonly after?: Millis
  /** Or once this is aborted. */
  readonly signal?: AbortSignal | undefined
  /** A moment waited for like this is reached only when somebody else makes time pass, or in `run`. */
  readonly isLazy?: boolean
  /** It cannot fail, by its port. */
  readonly isSteady?: boolean
}

/** One process of the simulation. What waits in it when it is killed never goes on. */
export interface SimulatedProcess {
  readonly name: string
  readonly identity: ProcessIdentity
  readonly now: () => Instant
  /** Performs `run` in a step; its throw, or an injected failure, rejects. */
  readonly call: <A>(label: string, run: () => A, terms?: Terms) => Promise<A>
  /** Writes a step that waits for nothing into the log. */
  readonly note: (label: string) => void
  readonly throwDice: Dice
  readonly isAlive: (identity: ProcessIdentity) => boolean
  readonly kill: () => void
  readonly onEnd: (listener: () => void) => void
  /** The whole life of the process: it ends with its work; none when it was killed before. */
  readonly live: <A>(work: () => PromiseLike<A>) => Promise<O.Option<A>>
}

export interface Scheduler {
  readonly now: () => Instant
  /** A new process, with dice of its own. The name is for the log and may be used again. */
  readonly process: (name: string) => SimulatedProcess
  /** Performs a call of a process that cannot be killed: the observer. */
  readonly call: <A>(label: string, run: () => A) => Promise<A>
  /** Drives until the work has settled; rejects when it never can, or not within the steps allowed. */
  readonly run: <A>(work: () => PromiseLike<A>) => Promise<A>
  /** Sets the wall clock forward or, with a negative span, back. Waiting takes no notice. */
  readonly shiftClock: (span: Millis) => void
  readonly log: ReadonlyArray<Step>
}

interface Options {
  readonly startsAt?: Instant
  readonly disturb?: Disturb
  /** A run longer than this is one that does not end. */
  readonly stepsMax?: number
  /** Turns the event loop and then goes on; the standard lets what is not of the simulation move too. */
  readonly turning?: Turning
}

type Turning = (goOn: () => void) => void

interface Inmate {
  readonly name: string
  readonly identity: ProcessIdentity
  readonly endings: Array<() => void>
  isAlive: boolean
  pausedUntil: Millis
}

interface Waiting {
  readonly inmate: Inmate
  readonly label: string
  readonly terms: Terms
  readonly due: Millis
  readonly perform: () => void
  readonly fail: (code: string) => void
  readonly unlisten: () => void
}

/** Since the start; the wall clock is this and an offset. */
interface World {
  elapsed: Millis
  offset: Instant
  waiting: Array<Waiting>
  readonly inmates: Array<Inmate>
  readonly log: Array<Step>
  readonly disturb: Disturb
  readonly throwDice: Dice
  readonly throwDisturbing: Dice
  readonly stepsMax: number
  readonly turning: Turning
  /** Told when nothing can go on; present while `run` drives. */
  giveUp: ((reason: Error) => void) | undefined
  isTurnComing: boolean
  isHalted: boolean
}

/** Whether the call can be performed as soon as its process moves and whatever the time. */
const isOpen = ({ terms }: Waiting): boolean =>
  terms.signal?.aborted === true ||
  (terms.ready === undefined ? terms.after === undefined : terms.ready())

const isReady =
  (world: World) =>
  (waiting: Waiting): boolean =>
    waiting.inmate.pausedUntil <= world.elapsed && (waiting.due <= world.elapsed || isOpen(waiting))

/** When a call that is not ready becomes so by time alone. */
const dueOf =
  (world: World) =>
  (waiting: Waiting): Millis => {
    if (waiting.terms.isLazy === true && world.giveUp === undefined) return Infinity
    return Math.max(waiting.inmate.pausedUntil, isOpen(waiting) ? 0 : waiting.due)
  }

const readyNow = (world: World): ReadonlyArray<Waiting> => {
  const ready = world.waiting.filter(isReady(world))
  if (ready.length > 0) return ready
  const next = Math.min(...world.waiting.map(dueOf(world)))
  if (!Number.isFinite(next)) return []
  world.elapsed = Math.max(world.elapsed, next)
  return world.waiting.filter(isReady(world))
}

const end = (world: World, inmate: Inmate): void => {
  if (!inmate.isAlive) return
  inmate.isAlive = false
  for (const waiting of world.waiting) if (waiting.inmate === inmate) waiting.unlisten()
  world.waiting = world.waiting.filter((waiting) => waiting.inmate !== inmate)
  for (const listener of inmate.endings) listener()
}

const step = (world: World, chosen: Waiting): void => {
  const { inmate, label, terms } = chosen
  const given = world.disturb(
    { process: inmate.name, label, step: world.log.length },
    world.throwDisturbing,
  )
  const outcome =
    given._tag === 'Fail' && terms.isSteady === true ? { _tag: 'None' as const } : given
  const at = wallClock(world)
  world.log.push({ at, process: inmate.name, label, outcome: outcome._tag })
  if (outcome._tag === 'Pause') {
    inmate.pausedUntil = world.elapsed + outcome.span
    return // The call is still there, for when the process moves again.
  }
  world.waiting.splice(world.waiting.indexOf(chosen), 1)
  chosen.unlisten()
  if (outcome._tag === 'KillBefore') return end(world, inmate)
  if (outcome._tag === 'Fail') return chosen.fail(outcome.code)
  chosen.perform()
  if (outcome._tag === 'KillAfter') end(world, inmate)
}

const turn = (world: World): void => {
  world.isTurnComing = false
  if (world.isHalted) return
  const ready = readyNow(world)
  const chosen = ready[Math.floor(world.throwDice() * ready.length)]
  if (chosen === undefined) {
    const stuck = world.waiting.map(({ inmate, label }) => `${inmate.name}: ${label}`)
    return world.giveUp?.(new Error(`nothing can go on; waiting are [${stuck.join(', ')}]`))
  }
  if (world.log.length >= world.stepsMax) {
    const reason = new Error(`no end within ${world.stepsMax} steps`)
    world.isHalted = true
    if (world.giveUp === undefined) throw reason
    return world.giveUp(reason)
  }
  step(world, chosen)
  wake(world)
}

const wake = (world: World): void => {
  if (world.isTurnComing || world.isHalted) return
  world.isTurnComing = true
  world.turning(() => turn(world))
}

const wallClock = (world: World): Instant => world.offset + world.elapsed

const call =
  (world: World, inmate: Inmate) =>
  <A>(label: string, run: () => A, terms: Terms = {}): Promise<A> =>
    new Promise((resolve, reject) => {
      if (!inmate.isAlive) return
      const onAbort = () => wake(world)
      terms.signal?.addEventListener('abort', onAbort)
      world.waiting.push({
        inmate,
        label,
        terms,
        due: terms.after === undefined ? Infinity : world.elapsed + Math.max(0, terms.after),
        perform: () => {
          const settling = outcomeOf(run, resolve, reject)
          // Handed over after the step, when a process that died of it takes nothing any more.
          queueMicrotask(() => {
            if (inmate.isAlive) settling()
          })
        },
        fail: (code) => reject(Object.assign(new Error(`${code} at ${label}`), { code })),
        unlisten: () => terms.signal?.removeEventListener('abort', onAbort),
      })
      world.isHalted = false
      wake(world)
    })

const outcomeOf = <A>(
  run: () => A,
  resolve: (value: A) => void,
  reject: (thrown: unknown) => void,
): (() => void) => {
  try {
    const value = run()
    return () => resolve(value)
  } catch (thrown) {
    return () => reject(thrown)
  }
}

const live =
  (world: World, inmate: Inmate) =>
  <A>(work: () => PromiseLike<A>): Promise<O.Option<A>> =>
    new Promise((resolve, reject) => {
      inmate.endings.push(() => resolve(O.none))
      Promise.resolve()
        .then(work)
        .then((value) => {
          resolve(O.some(value))
          end(world, inmate)
        }, reject)
    })

const settle = (world: World): void => {
  world.giveUp = undefined
  world.isHalted = true
}

const run =
  (world: World) =>
  <A>(work: () => PromiseLike<A>): Promise<A> =>
    new Promise((resolve, reject) => {
      world.giveUp = (reason) => {
        settle(world)
        reject(reason)
      }
      world.isHalted = false
      Promise.resolve()
        .then(work)
        .finally(() => settle(world))
        .then(resolve, reject)
      wake(world)
    })

const enter = (world: World, name: string): Inmate => {
  const number = world.inmates.length
  const identity = { pid: 1_000 + number, startedAt: `memory.${number}` }
  const inmate = { name, identity, endings: [], isAlive: true, pausedUntil: 0 }
  world.inmates.push(inmate)
  return inmate
}

const lives =
  (world: World) =>
  (identity: ProcessIdentity): boolean =>
    world.inmates.some(
      (inmate) =>
        inmate.isAlive &&
        inmate.identity.pid === identity.pid &&
        inmate.identity.startedAt === identity.startedAt,
    )

const processOf = (world: World, seed: number, name: string): SimulatedProcess => {
  const inmate = enter(world, name)
  return {
    name,
    identity: inmate.identity,
    now: () => wallClock(world),
    call: call(world, inmate),
    note: (label) => {
      world.log.push({ at: wallClock(world), process: name, label, outcome: 'None' })
    },
    throwDice: dice(seedOf(seed, `${inmate.identity.pid} ${name}`)),
    isAlive: lives(world),
    kill: () => end(world, inmate),
    onEnd: (listener) => {
      inmate.endings.push(listener)
    },
    live: live(world, inmate),
  }
}

/** 2025-11-01: late enough for every stored time of a test to be a plausible one. */
const newWorldAt: Instant = 1_761_955_200_000

export const scheduler = (seed: number, options: Options = {}): Scheduler => {
  const world: World = {
    elapsed: 0,
    offset: options.startsAt ?? newWorldAt,
    waiting: [],
    inmates: [],
    log: [],
    disturb: options.disturb ?? (() => ({ _tag: 'None' })),
    throwDice: dice(seed),
    throwDisturbing: dice(seedOf(seed, 'disturb')),
    stepsMax: options.stepsMax ?? 1_000_000,
    turning: options.turning ?? setImmediate,
    giveUp: undefined,
    isTurnComing: false,
    isHalted: false,
  }
  const observer = enter(world, 'observer')
  return {
    now: () => wallClock(world),
    process: (name) => processOf(world, seed, name),
    call: call(world, observer),
    run: run(world),
    shiftClock: (span) => {
      world.offset += span
    },
    log: world.log,
  }
}
