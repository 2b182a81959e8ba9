import { contenders } from '../../bench/routing/field'
import { draw } from '../../bench/routing/demand'
import { scenarios } from '../../bench/routing/scenario'
import type { Outcome } from '../../bench/routing/simulation'
import { measure } from '../../bench/routing/table'

// A world of the largest scenario takes ten seconds, and more on a machine that is busy.
jest.setTimeout(180_000)

/** The means of these contenders in so many worlds of a scenario, from seed 1. */
const outcomesOf = (
  scenarioName: string,
  names: ReadonlyArray<string>,
  worlds = 2,
): ReadonlyArray<Readonly<Record<keyof Outcome, number>>> => {
  const scenario = scenarios.find(({ name }) => name === scenarioName)
  const chosen = names.flatMap((name) => contenders.filter((one) => one.name === name))
  if (scenario === undefined || chosen.length < names.length)
    throw new Error('Nobody of that name.')
  const seeds = Array.from({ length: worlds }, (_, index) => index + 1)
  return measure(scenario, chosen, seeds).map(({ measured }) => ({
    goodput: measured.goodput.mean,
    cacheWaste: measured.cacheWaste.mean,
    limited: measured.limited.mean,
    abandoned: measured.abandoned.mean,
    switches: measured.switches.mean,
  }))
}

describe('the simulated world', () => {
  it('is the same for everybody, and another one for another seed', () => {
    const [scenario] = scenarios
    if (scenario === undefined) throw new Error('No scenario.')
    expect(draw(scenario, 7)).toEqual(draw(scenario, 7))
    expect(draw(scenario, 8)).not.toEqual(draw(scenario, 7))
  })

  it('asks for about what the scenario says', () => {
    const counts = scenarios.map((scenario) => {
      const { starts, firstSteps, incidents } = draw(scenario, 1)
      const workdays = scenario.seats * scenario.days * (5 / 7 + 0.3 * (2 / 7))
      return {
        name: scenario.name,
        conversations: starts.length / (workdays * scenario.conversations),
        steps: (firstSteps.at(-1) ?? 0) / starts.length,
        incidents:
          incidents.flat().length / (scenario.plans.length * scenario.days * scenario.incidents),
      }
    })
    for (const { conversations, incidents, steps } of counts) {
      expect(conversations).toBeGreaterThan(0.7)
      expect(conversations).toBeLessThan(1.4)
      expect(incidents).toBeGreaterThan(0.4)
      expect(incidents).toBeLessThan(1.6)
      // 7.9 turns of 5.9 steps, with the tails of both.
      expect(steps).toBeGreaterThan(30)
      expect(steps).toBeLessThan(70)
    }
  })

  it('gives the same outcome again', () => {
    expect(outcomesOf('solo', ['hybrid'])).toEqual(outcomesOf('solo', ['hybrid']))
  })
})

describe('the default strategy', () => {
  it.each(scenarios.map(({ name }) => name).filter((name) => !['mixed', 'swarm'].includes(name)))(
    'gets at least as much done in %s as what is about',
    (name) => {
      const others = ['round robin', 'random', 'drain first', 'affinity, drain first']
      const [hybrid, ...rest] = outcomesOf(name, ['hybrid', ...others])
      expect(rest).toHaveLength(others.length)
      for (const other of rest) expect(hybrid?.goodput).toBeGreaterThanOrEqual(other.goodput)
    },
  )

  /** Who may come near it; `all` where nothing below compares it with those that are far behind. */
  const near = ['reset-first', 'round-robin', 'affinity, round robin', 'affinity, random']
  const all = [...near, 'sequential', 'affinity, drain first']
  /** More worlds where accounts are few or fail often, as chance has a larger part there. */
  const sizes = [
    { name: 'solo', worlds: 6, others: near },
    { name: 'steady', worlds: 6, others: near },
    { name: 'tight', worlds: 4, others: near },
    { name: 'mixed', worlds: 2, others: all },
    { name: 'flaky', worlds: 6, others: near },
    { name: 'saturated', worlds: 6, others: near },
    { name: 'swarm', worlds: 1, others: all },
  ]

  it('is measured in every scenario', () => {
    expect(sizes.map(({ name }) => name)).toEqual(scenarios.map(({ name }) => name))
  })

  it.each(sizes)('is within half a point of the best in $name', ({ name, others, worlds }) => {
    const [hybrid, ...rest] = outcomesOf(name, ['hybrid', ...others], worlds)
    expect(rest).toHaveLength(others.length)
    const best = Math.max(...rest.map(({ goodput }) => goodput))
    expect(hybrid?.goodput).toBeGreaterThanOrEqual(best - 0.5)
  })

  it('meets fewer limits and spends less on a cold cache than taking turns', () => {
    const [hybrid, inTurn] = outcomesOf('tight', ['hybrid', 'round robin'])
    expect(hybrid?.limited).toBeLessThan((inTurn?.limited ?? 0) / 2)
    expect(hybrid?.cacheWaste).toBeLessThan((inTurn?.cacheWaste ?? 0) / 2)
  })

  it('is behind the oracle by little', () => {
    const [hybrid, oracle] = outcomesOf('flaky', ['hybrid', 'oracle'])
    expect(oracle?.limited).toBe(0)
    expect((oracle?.goodput ?? 100) - (hybrid?.goodput ?? 0)).toBeLessThan(1.5)
  })
})
