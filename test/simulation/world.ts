/**
 * One machine: a disk, a network and a clock that simulated processes share, the issuer elsewhere, and
 * all that is noticed of them while a run goes on.
 */
import { seedOf, dice, type Dice } from '../../adapters/memory/dice'
import { memoryDisk, type Disk } from '../../adapters/memory/disk'
import { memoryNetwork, type Network } from '../../adapters/memory/network'
import {
  scheduler,
  type Disturb,
  type Scheduler,
  type SimulatedProcess,
} from '../../adapters/memory/scheduler'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import * as Layout from '../../core/storage/layout'
import * as PoolFile from '../../core/storage/pool-file'
import type { Instant, Millis } from '../../core/time'
import type { Ports } from '../../entrypoints/programs/ports'
import { backend, type Try } from './backend'
import { openIssuer, origin, type Issuer } from './issuer'
import * as Ledger from './ledger'
import * as Picture from './picture'
import { people } from './people'
import type { Step } from './step'

export const layout = Layout.of({ home: '/home', codexHome: '/home/.codex', ownRoot: '/pool' })

const backendOrigin = 'https://backend.test'
export const seams: Seams = { issuer: origin, backend: backendOrigin, isRealBackend: false }

/** A mechanism that is taken away, to see that it is missed. */
export interface Broken {
  readonly disk?: (disk: Disk) => Disk
  readonly ports?: (ports: Ports, process: SimulatedProcess, disk: Disk) => Ports
}

/** One step of one process, under way. */
export interface Flight {
  readonly process: SimulatedProcess
  readonly step: Step
  /** The place in history of the picture it began with. */
  readonly begunAt: number
  /** Since it began, there was a moment in which it would have changed nothing. */
  couldDoNothing: boolean
  /** There was a moment in which its account was missing. */
  couldBeRefused: boolean
  /** The places in history of the first and the last picture it made. */
  madeFirst: number | undefined
  madeAt: number | undefined
  /** How often its disk failed, and whether that was after it got a new token. */
  faults: number
  asked: number
  faultsAfterAsking: number
  /** The refresh token that its sign-in got. */
  got: string | undefined
  /** How often its way to the backend broke. */
  breaks: number
  /** How often the clock had been set when it began. */
  readonly sets: number
  /** There was a moment in which only the account that a person chose may have served. */
  wasStrict: boolean
}

export interface Inside {
  readonly process: SimulatedProcess
  readonly entry: number
  readonly expiresAt: Instant
  /** There was a moment in which its time was over. */
  wasPast: boolean
}

/** A try, and how often the clock had been set before it. */
export interface Tried extends Try {
  readonly at: Instant
  readonly sets: number
}

/** And how many requests there had been when its client had it. */
export interface HeardLate extends Tried {
  readonly heardBefore: number
}

export interface World {
  readonly seed: number
  readonly time: Scheduler
  readonly disk: Disk
  readonly network: Network
  readonly issuer: Issuer
  readonly broken: Broken
  /** What does not hold; noted in the log where it was found. */
  readonly wrong: (what: string) => void
  readonly wrongs: ReadonlyArray<string>
  readonly count: Ledger.Count
  readonly ledger: Record<Ledger.Counted, number>
  /** For what the machine does, not a process. */
  readonly throwDice: Dice
  readonly processes: Map<string, SimulatedProcess>
  readonly flights: Map<string, Flight>
  readonly inside: Map<string, ReadonlyArray<Inside>>
  /** Of each lock, whoever came in last. */
  readonly lastIn: Map<string, Inside>
  entries: number
  /** Processes that came to the end of their work. */
  readonly finished: Set<string>
  /** Families of tokens that nobody could have saved. */
  readonly excused: Set<number>
  /** Tokens that were spent when they came into the pool, and nobody there could tell. */
  readonly spentUnseen: Set<string>
  /** What came of the requests, try by try. */
  readonly tries: Map<string, ReadonlyArray<Tried>>
  /** By what time of the clock each account that was refused can serve again, at the latest. */
  readonly restsUntil: Map<string, Instant>
  /** Of each process, and account: an answer that told of a limit when it was under way. */
  readonly heardLate: Map<string, ReadonlyMap<string, HeardLate>>
  requests: number
  /** What the pool was, one after the other, and the first that a power cut may bring back. */
  readonly history: Array<Picture.Picture>
  forcedFrom: number
  /** What a journal was to make of the pool, and how long history was by then. */
  readonly intended: Array<{ readonly at: number; readonly picture: Picture.Picture }>
  /** The picture that the last power cut has left. */
  cutAt: number
  texts: Picture.Texts
  readonly read: Picture.Read
  /** How much of the log has been looked at. */
  seenTo: number
  /** By how much the clock is off, how often it was set, and the latest it has shown before it was. */
  readonly skew: { by: Millis; sets: number; latest: Instant }
  /** Another program has damaged the pool's file, and nobody has put it right yet. */
  isDamaged: boolean
  isFullUntil: Instant
  /** A power cut, after which nothing was acknowledged yet. */
  isFreshlyCut: boolean
}

/** Time as it passes, whatever the clock says. */
export const trueNow = ({ time, skew }: Pick<World, 'time' | 'skew'>): Instant =>
  time.now() - skew.by

export const shiftClock = (world: World, span: Millis): void => {
  world.skew.latest = Math.max(world.skew.latest, world.time.now())
  world.time.shiftClock(span)
  world.skew.by += span
  world.skew.sets += 1
}

/** Who is told of what happens elsewhere. */
export interface Watch {
  readonly reused: (world: World, token: string, spender: string) => void
  readonly tried: (world: World, tried: Try) => void
}

/** All here is promises, so the queue of those is the whole of what follows from a step. */
const afterMicrotasks = (goOn: () => void): void => {
  queueMicrotask(() => process.nextTick(goOn))
}

export const makeWorld = (
  seed: number,
  broken: Broken,
  disturb: (world: World) => Disturb,
  watch: Watch,
): World => {
  const time = scheduler(seed, {
    stepsMax: 100_000,
    turning: afterMicrotasks,
    disturb: (call, throwDice) => disturb(world)(call, throwDice),
  })
  const skew = { by: 0, sets: 0, latest: 0 }
  const wrongs: Array<string> = []
  const eye = time.process('eye')
  const network = memoryNetwork(time)
  const ledger = { ...Ledger.empty }
  const count: Ledger.Count = (what) => {
    ledger[what] += 1
  }
  const issuer = openIssuer({
    throwDice: dice(seedOf(seed, 'issuer')),
    now: () => trueNow({ time, skew }),
    count,
    onSignIn: (token, asker) => {
      const flight = world.flights.get(asker)
      if (flight !== undefined) flight.got = token
    },
    onReuse: (token, spender) => watch.reused(world, token, spender),
    onEnd: (family) => world.excused.add(family),
  })
  const answers = backend({
    throwDice: dice(seedOf(seed, 'backend')),
    now: () => trueNow({ time, skew }),
    count,
    bearer: issuer.bearer,
    endSignIn: issuer.end,
    onTry: (tried) => watch.tried(world, tried),
  })
  const text = PoolFile.print(signedIn(issuer, time.now()))
  const disk = memoryDisk({ [layout.pool]: text, [layout.codexHome]: null })
  network.serve(origin, issuer.answer)
  network.serve(backendOrigin, answers)
  const world: World = {
    ...{ seed, time, skew, network, issuer, broken, count, ledger },
    disk: broken.disk?.(disk) ?? disk,
    throwDice: dice(seedOf(seed, 'machine')),
    wrongs,
    wrong: (what) => {
      wrongs.push(what)
      eye.note(`WRONG: ${what}`)
    },
    processes: new Map(),
    flights: new Map(),
    inside: new Map(),
    lastIn: new Map(),
    finished: new Set(),
    excused: new Set(),
    spentUnseen: new Set(),
    tries: new Map(),
    restsUntil: new Map(),
    heardLate: new Map(),
    requests: 0,
    entries: 0,
    read: Picture.reader(),
    history: [PoolFile.parse(text).map(Picture.of).unwrapOr(Picture.blank)],
    forcedFrom: 0,
    intended: [],
    cutAt: 0,
    texts: { file: text, journal: '' },
    seenTo: 0,
    isDamaged: false,
    isFullUntil: 0,
    isFreshlyCut: false,
  }
  return world
}

/** The first four are there from the beginning. */
const signedIn = (issuer: Issuer, now: Instant): Pool.Pool =>
  people.slice(0, 4).reduce((pool, person) => {
    const tokens = issuer.signIn(person)
    const answer = {
      access_token: tokens.accessToken,
      id_token: tokens.idToken,
      refresh_token: tokens.refreshToken,
      expires_in: 1_200,
    }
    const account = TokenResponse.ofExchange(now)(answer).match(
      (credential) => Account.ofSignIn(now, credential),
      () => undefined,
    )
    return account === undefined || account.isErr() ? pool : Pool.signIn(account.value)(pool)
  }, Pool.empty)

export const processIn = (world: World, name: string): SimulatedProcess => {
  const process = world.time.process(name)
  world.processes.set(name, process)
  return process
}

export const isAlive = ({ processes }: Pick<World, 'processes'>, name: string): boolean => {
  const process = processes.get(name)
  return process?.isAlive(process.identity) === true
}

/** Ended before its work did. */
export const isKilled = (world: World, name: string): boolean =>
  !isAlive(world, name) && !world.finished.has(name)
