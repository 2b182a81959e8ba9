/**
 * The share of the work that each strategy gets done in a simulated world, beside the routers that
 * are about. Prints its table; the rows say how far the default is behind the best.
 */
import { measure, best, print } from '../routing/table'
import { contenders, seeds } from '../routing/field'
import { scenarios } from '../routing/scenario'
import type { Measure, Row } from '../figure'

/** A drawn seed is printed, so that a run can be had again. */
const drawnFrom = (): number => Number(process.env['ROUTING_SEED'] ?? Date.now() % 1_000_000)

/** In as many worlds of the first seeds, and as many drawn. */
const measuredIn =
  (count: number): Measure =>
  async () => {
    const from = drawnFrom()
    const worlds = seeds(count, from)
    console.log(`seeds 1 to ${count} and as many drawn from ROUTING_SEED=${from}\n`)
    return scenarios.map((scenario): Row => {
      const lines = measure(scenario, contenders, worlds)
      console.log(`${print(scenario, worlds.length, lines)}\n`)
      const goodputOf = (line: (typeof lines)[number] | undefined): number =>
        line?.measured.goodput.mean ?? NaN
      const top = best(lines)
      const ours = goodputOf(lines.find(({ contender }) => contender.name === 'hybrid'))
      return {
        figure: `routing, ${scenario.name}: points that hybrid lacks of the best`,
        ours: `${ours.toFixed(2)} %`,
        reference: `${goodputOf(top).toFixed(2)} % ${top?.contender.name ?? ''}`,
        ratio: goodputOf(top) - ours,
        bound: { most: 0.5 },
      }
    })
  }

/** Half a minute, where the whole takes a quarter of an hour. */
export const routing = measuredIn(1)
export const wholeRouting = measuredIn(50)
