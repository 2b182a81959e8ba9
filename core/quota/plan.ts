/**
 * How much a plan's windows hold, in windows of the plus plan.
 *
 * Figures: measured token budgets of plus, team and pro (3, 3 and 24 million a five-hour window; 15,
 * 18 and 160 million a week); the others from what public trackers agree on. An unknown plan is plus.
 */
import * as O from 'fp-ts/Option'
import type { Instant } from '../time'
import type { Kind } from './window'

/** A plan as the backend has named it, and when. */
export interface Told {
  readonly name: string
  readonly at: Instant
}

/** Names of plans are short words; anything else is none, and is not kept. */
const nameForm = /^[\w-]{1,64}$/

export const told =
  (at: Instant) =>
  (name: unknown): O.Option<Told> =>
    typeof name === 'string' && nameForm.test(name) ? O.some({ name, at }) : O.none

/** Of two the one told last; the second of two told at once. */
export const newest = (left: O.Option<Told>, right: O.Option<Told>): O.Option<Told> =>
  O.isNone(right) || (O.isSome(left) && left.value.at > right.value.at) ? left : right

interface Capacity {
  readonly fiveHour: number
  readonly weekly: number
}

const plus: Capacity = { fiveHour: 1, weekly: 1 }
const pro: Capacity = { fiveHour: 8, weekly: 10.7 }
const proLite: Capacity = { fiveHour: 5, weekly: 5 }
const team: Capacity = { fiveHour: 1, weekly: 1.2 }
const free: Capacity = { fiveHour: 0.15, weekly: 0.15 }

const capacities: Readonly<Record<string, Capacity>> = {
  free,
  go: free,
  plus,
  pro,
  promax: pro,
  prolite: proLite,
  self_serve_business_prolite: proLite,
  team,
  business: team,
}

export const capacityOf = (plan: O.Option<string>): Capacity =>
  O.isSome(plan) && Object.hasOwn(capacities, plan.value) ? (capacities[plan.value] ?? plus) : plus

export const unitsIn = ({ fiveHour, weekly }: Capacity, kind: Kind): number =>
  kind === 'five-hour' ? fiveHour : weekly

export const units = (plan: O.Option<string>, kind: Kind): number => unitsIn(capacityOf(plan), kind)
