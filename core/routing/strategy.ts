/**
 * Which of the accounts that can serve is asked first when nothing ties the request to one.
 *
 * A strategy ranks; it never judges whether an account can serve. Accounts of a lower tier come before
 * all others, whatever the strategy. Order among equals is the pool's.
 */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../accounts/identity'
import * as Policy from '../accounts/policy'
import * as Standing from '../health/standing'
import * as Plan from '../quota/plan'
import * as Snapshot from '../quota/snapshot'
import * as Window from '../quota/window'
import { day, hour, minute, since, type Instant, type Millis } from '../time'
import type { Candidate } from './eligibility'

/** `manual` is strict on the active account, so it ranks nothing. */
export type Strategy = 'hybrid' | 'sequential' | 'reset-first' | 'round-robin' | 'manual'

export const all: ReadonlyArray<Strategy> = [
  'hybrid',
  'sequential',
  'reset-first',
  'round-robin',
  'manual',
]

export interface Ground {
  readonly now: Instant
  readonly active: O.Option<AccountKey>
  /** Every account, in pool order. */
  readonly candidates: ReadonlyArray<Candidate>
  readonly preferredTags: ReadonlyArray<string>
}

/** Of those that can serve, the one that comes first. */
export const first =
  (strategy: Strategy, ground: Ground) =>
  (available: ReadonlyArray<Candidate>): O.Option<Candidate> => {
    const tier = lowestTier(available)
    const score = scoreBy(strategy, ground)
    return score === undefined ? nextInTurn(ground, tier) : best(tier, score)
  }

type Score = (candidate: Candidate) => number

/** What the first has most of; nothing where the order of the pool decides. */
export const scoreBy = (
  strategy: Strategy,
  { now, preferredTags }: Pick<Ground, 'now' | 'preferredTags'>,
): Score | undefined => {
  switch (strategy) {
    case 'hybrid':
      return headRoomShared(now, preferredTags)
    case 'reset-first':
      return expiring(now)
    case 'round-robin':
      return waited(now)
    case 'sequential':
    case 'manual':
      return undefined
  }
}

const lowestTier = (available: ReadonlyArray<Candidate>): ReadonlyArray<Candidate> => {
  let lowest = Infinity
  let isOne = true
  for (const { tier } of available) {
    if (lowest !== Infinity && tier !== lowest) isOne = false
    lowest = Math.min(lowest, tier)
  }
  return isOne ? available : available.filter(({ tier }) => tier === lowest)
}

/** More than any share, and little enough that two shares less it still differ. */
const afterAllOthers = 1e6

/** What a preferred tag is worth: as much as a head-room twice as large. */
const preference = 2

/**
 * Head-room of the tightest window in plan units, shared among the conversations that live there
 * and the new one. An account with less than the reserve left comes after all that have more.
 */
const headRoomShared = (now: Instant, preferredTags: ReadonlyArray<string>): Score => {
  const tightest = Snapshot.tightest(now)
  const favour = Standing.favour(now)
  return (candidate) => {
    const { inFlight, live, plan, quota, standing, weight } = candidate
    const room = Snapshot.headRoom(now, plan)(quota) * weight
    const favoured = standing === Standing.fresh ? room : room * favour(standing)
    const share = favoured / (1 + live + inFlight)
    const preferred = isPreferred(preferredTags, candidate) ? share * preference : share
    return tightest(quota) < Snapshot.reserveShare ? preferred - afterAllOthers : preferred
  }
}

const isPreferred = (preferredTags: ReadonlyArray<string>, candidate: Candidate): boolean =>
  preferredTags.length > 0 && Policy.hasOneOf(preferredTags)(candidate)

/** An account with less than this left of its tightest window is not drained any further. */
const reserve = 0.1
/** A reset closer than this does not make what is left any more urgent. */
const nearest: Millis = 5 * minute

/**
 * What would be lost an hour if nobody used it: what is left of the longest window, in plan units, by
 * the time until its reset. Nothing is lost of a window that has not begun.
 */
const expiring =
  (now: Instant): Score =>
  ({ plan, quota, weight }) => {
    const window = O.isSome(quota) ? longest(quota.value) : undefined
    if (window === undefined) return 0
    const resetsAt = O.isSome(window.resetsAt) ? window.resetsAt.value : now + 7 * day
    if (resetsAt <= now) return 0
    const left = Window.left(now)(window) * Plan.units(plan, window.kind) * weight
    const lost = (left * hour) / Math.max(nearest, since(now, resetsAt))
    return Snapshot.tightest(now)(quota) < reserve ? lost - afterAllOthers : lost
  }

const longest = ({ windows }: Snapshot.Snapshot): Window.Window | undefined =>
  windows.reduce<Window.Window | undefined>(
    (found, window) => (found === undefined || window.length > found.length ? window : found),
    undefined,
  )

/** The account whose last turn is longest ago; one that is just getting a conversation has had its turn. */
const waited =
  (now: Instant): Score =>
  ({ inFlight, standing }) => {
    const turnAt = Standing.lastTurn(now)(standing)
    return inFlight > 0 ? -turnAt - inFlight * 1e15 : -turnAt
  }

const best = (candidates: ReadonlyArray<Candidate>, score: Score): O.Option<Candidate> => {
  let top: Candidate | undefined
  let topScore = -Infinity
  for (const candidate of candidates) {
    const scored = score(candidate)
    if (scored > topScore) [top, topScore] = [candidate, scored]
  }
  return O.fromNullable(top)
}

/** The active account, else those after it in the pool, else those before it. */
const nextInTurn = (
  { active, candidates }: Ground,
  available: ReadonlyArray<Candidate>,
): O.Option<Candidate> => {
  const start = O.isNone(active) ? 0 : candidates.findIndex(({ key }) => key === active.value)
  const inTurn = [
    ...candidates.slice(Math.max(0, start)),
    ...candidates.slice(0, Math.max(0, start)),
  ]
  const serving = new Set(available)
  return O.fromNullable(inTurn.find((candidate) => serving.has(candidate)))
}
