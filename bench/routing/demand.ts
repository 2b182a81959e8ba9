/**
 * What the seats of a scenario ask for and when its accounts fail, drawn before any router acts, so
 * that every router meets the same world. Flat arrays, as a run has tens of thousands of steps.
 */
import { day, hour, minute, second, type Instant, type Millis } from '../../core/time'
import { around, dice, logNormal, type Dice } from './draws'
import type { Scenario } from './scenario'

export interface Demand {
  /** When each conversation starts, and where its steps begin in the lists of steps; one index more. */
  readonly starts: ReadonlyArray<Instant>
  readonly firstSteps: ReadonlyArray<number>
  /** The context of each conversation before its first step, in tokens. */
  readonly contexts: ReadonlyArray<number>
  /** Of each step: how long after the one before it comes, how long it lasts, what it adds. */
  readonly pauses: Float64Array
  readonly spans: Float64Array
  readonly inputs: Float64Array
  readonly outputs: Float64Array
  /** Of each account: from when until when it fails, in order. */
  readonly incidents: ReadonlyArray<ReadonlyArray<Incident>>
}

interface Incident {
  readonly from: Instant
  readonly until: Instant
}

/** A Monday. */
export const began: Instant = Date.UTC(2026, 0, 5)
const workBegins: Millis = 8 * hour
const workday: Millis = 11 * hour

export const draw = (scenario: Scenario, seed: number): Demand => {
  const roll = dice(seed * 2)
  const starts = startsOf(scenario, roll)
  const steps = starts.map(() => stepsOf(roll))
  const all = steps.flatMap(({ rows }) => rows)
  let count = 0
  const firstSteps = [0, ...steps.map(({ rows }) => (count += rows.length))]
  return {
    starts,
    firstSteps,
    contexts: steps.map(({ context }) => context),
    pauses: Float64Array.from(all, ({ pause }) => pause),
    spans: Float64Array.from(all, ({ span }) => span),
    inputs: Float64Array.from(all, ({ input }) => input),
    outputs: Float64Array.from(all, ({ output }) => output),
    incidents: incidentsOf(scenario, dice(seed * 2 + 1)),
  }
}

/** On two days in seven a seat works only with probability 0.3. */
const startsOf = ({ conversations, days, seats }: Scenario, roll: Dice): ReadonlyArray<Instant> => {
  const starts: Array<Instant> = []
  for (let today = 0; today < days; today += 1)
    for (let seat = 0; seat < seats; seat += 1) {
      if (today % 7 >= 5 && roll() >= 0.3) continue
      for (let left = around(roll, conversations); left > 0; left -= 1)
        starts.push(began + today * day + workBegins + roll() * workday)
    }
  return starts
}

interface Step {
  readonly pause: Millis
  readonly span: Millis
  readonly input: number
  readonly output: number
}

const betweenSteps: Millis = 200

const stepsOf = (roll: Dice): { readonly context: number; readonly rows: ReadonlyArray<Step> } => {
  const rows: Array<Step> = []
  const context = logNormal(roll, 12_000, 0.4)
  for (let turns = 1 + Math.floor(logNormal(roll, 5, 0.8)); turns > 0; turns -= 1) {
    const think = logNormal(roll, 2, 0.9) * minute
    const steps = 1 + Math.floor(logNormal(roll, 4, 0.8))
    for (let step = 0; step < steps; step += 1)
      rows.push({
        pause: step === 0 ? think : betweenSteps,
        span: logNormal(roll, 12, 0.6) * second,
        input: logNormal(roll, 3_000, 0.9),
        output: logNormal(roll, 500, 0.8),
      })
  }
  return { context, rows }
}

const incidentsOf = (
  { days, incidents, plans }: Scenario,
  roll: Dice,
): ReadonlyArray<ReadonlyArray<Incident>> =>
  plans.map(() =>
    Array.from({ length: around(roll, incidents * days) }, (): Incident => {
      const from = began + roll() * days * day
      return { from, until: from + logNormal(roll, 3, 0.8) * minute }
    }).sort((left, right) => left.from - right.from),
  )
