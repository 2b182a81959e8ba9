/** The scenarios in which routers are judged: who works how much on which accounts. */

export type PlanName = 'plus' | 'team' | 'pro'

export interface Scenario {
  readonly name: string
  readonly plans: ReadonlyArray<PlanName>
  readonly seats: number
  readonly days: number
  /** Of a seat and day. */
  readonly conversations: number
  /** Of an account and day. */
  readonly incidents: number
  /** Of every plan's capacity. */
  readonly scale: number
}

interface Capacity {
  readonly fiveHour: number
  readonly weekly: number
}

/** In quota tokens. */
export const capacities: Readonly<Record<PlanName, Capacity>> = {
  plus: { fiveHour: 3e6, weekly: 1.5e7 },
  team: { fiveHour: 3e6, weekly: 1.8e7 },
  pro: { fiveHour: 2.4e7, weekly: 1.6e8 },
}

const scenario = (
  name: string,
  plans: ReadonlyArray<PlanName>,
  demand: Pick<Scenario, 'seats' | 'days' | 'conversations'>,
  incidents: number,
  scale: number,
): Scenario => ({ name, plans, ...demand, incidents, scale })

const demand = (seats: number, days: number, conversations: number) => ({
  seats,
  days,
  conversations,
})

export const scenarios: ReadonlyArray<Scenario> = [
  scenario('solo', ['plus', 'plus'], demand(1, 14, 5), 0.2, 1.2),
  scenario('steady', ['plus', 'plus', 'plus'], demand(2, 14, 5), 0.2, 1.6),
  scenario('tight', ['plus', 'plus', 'plus', 'team'], demand(4, 14, 6), 0.2, 2.2),
  scenario('mixed', ['pro', 'plus', 'plus', 'team'], demand(6, 14, 8), 0.2, 1.3),
  scenario('flaky', ['plus', 'plus', 'plus', 'team'], demand(3, 14, 5), 4, 1.6),
  scenario('saturated', ['plus', 'plus', 'plus'], demand(2, 14, 5), 0.2, 1),
  scenario('swarm', ['pro', 'pro', 'plus', 'plus', 'team', 'team'], demand(16, 7, 10), 0.5, 2.4),
]
