/** One router in one world: every step of every conversation, in the order of time. */
import { minute, second, type Instant, type Millis } from '../../core/time'
import type { Demand } from './demand'
import { agenda } from './agenda'
import { meter } from './meter'
import type { Contender } from './router'
import type { Scenario } from './scenario'

export interface Outcome {
  /** Of the demanded work at warm-cache cost, in per cent. */
  readonly goodput: number
  /** Of the quota spent, what a warm cache would have saved, in per cent. */
  readonly cacheWaste: number
  /** Of a thousand tries. */
  readonly limited: number
  readonly abandoned: number
  readonly switches: number
}

const cachedPrice = 0.1
const outputPrice = 5
const warmFor: Millis = 10 * minute
const contextMax = 250_000
const failedTry: Millis = 1.5 * second
const limitedTry: Millis = 0.3 * second
const triesMax = 4
const waitMin: Millis = second
const patience: Millis = 15 * minute

/** Where a conversation is. */
interface Talk {
  step: number
  context: number
  /** Who served the step before, and when that ended. */
  account: number
  endedAt: Instant
  tried: Array<number>
  waited: Millis
  isServing: boolean
  /** Whether the step under way is new to its account. */
  isStarting: boolean
  /** What the step under way costs, and would cost with a warm cache. */
  cost: number
  warmCost: number
}

export const simulate = (
  scenario: Scenario,
  demand: Demand,
  contender: Contender,
  seed: number,
): Outcome => {
  const meters = scenario.plans.map((plan) => meter(plan, scenario.scale))
  const nextIncident = scenario.plans.map(() => 0)
  const starting = scenario.plans.map(() => 0)
  const fails = (account: number, now: Instant): boolean => {
    const incidents = demand.incidents[account] ?? []
    let next = nextIncident[account] ?? 0
    while ((incidents[next]?.until ?? Infinity) <= now) next += 1
    nextIncident[account] = next
    // One that began later may be over sooner, so those after it are looked at too.
    return incidents.slice(next, next + 4).some(({ from, until }) => from <= now && now < until)
  }
  const router = contender.open(scenario.plans, seed, {
    left: (account, now) => meters[account]?.left(now) ?? [],
    fails,
  })
  const talks = demand.starts.map((_, index): Talk => ({
    step: demand.firstSteps[index] ?? 0,
    context: demand.contexts[index] ?? 0,
    account: -1,
    endedAt: -Infinity,
    tried: [],
    waited: 0,
    isServing: false,
    isStarting: false,
    cost: 0,
    warmCost: 0,
  }))
  const queue = agenda(talks.length)
  demand.starts.forEach((start, index) => {
    queue.add(start + (demand.pauses[demand.firstSteps[index] ?? 0] ?? 0), index)
  })
  const sums = { served: 0, spent: 0, tries: 0, limited: 0, abandoned: 0, switches: 0 }

  const pause = (talk: Talk, index: number, now: Instant, until: Instant): void => {
    const span = Math.max(waitMin, until - now)
    talk.waited += span
    talk.tried = []
    if (talk.waited > patience) sums.abandoned += 1
    else queue.add(now + span, index)
  }

  const start = (talk: Talk, index: number, now: Instant, account: number): void => {
    const isFirst = talk.account < 0
    const isWarm = talk.account === account && now - talk.endedAt < warmFor
    const added = (demand.inputs[talk.step] ?? 0) + outputPrice * (demand.outputs[talk.step] ?? 0)
    talk.cost = talk.context * (isWarm ? cachedPrice : 1) + added
    talk.warmCost = talk.context * (isFirst ? 1 : cachedPrice) + added
    if (!isFirst && talk.account !== account) sums.switches += 1
    talk.account = account
    talk.isServing = true
    talk.isStarting = !isWarm
    if (!isWarm) starting[account] = (starting[account] ?? 0) + 1
    queue.add(now + (demand.spans[talk.step] ?? 0), index)
  }

  const attempt = (talk: Talk, index: number, now: Instant): void => {
    if (talk.tried.length >= Math.min(triesMax, meters.length)) {
      const again = router.choose({ now, conversation: index, tried: [], starting })
      pause(talk, index, now, again._tag === 'Wait' ? again.until : now)
      return
    }
    const choice = router.choose({ now, conversation: index, tried: talk.tried, starting })
    if (choice._tag === 'Wait') {
      pause(talk, index, now, choice.until)
      return
    }
    const { account } = choice
    const quota = meters[account]
    if (quota === undefined) throw new Error(`${contender.name} chose account ${account}.`)
    sums.tries += 1
    if (fails(account, now)) {
      talk.tried.push(account)
      router.failed(now, account)
      queue.add(now + failedTry, index)
      return
    }
    const exhaustedUntil = quota.exhaustedUntil(now)
    if (exhaustedUntil > 0) {
      sums.limited += 1
      talk.tried.push(account)
      router.limited(now, account, exhaustedUntil, quota.seen(now))
      queue.add(now + limitedTry, index)
      return
    }
    quota.open(now)
    start(talk, index, now, account)
  }

  const finish = (talk: Talk, index: number, now: Instant): void => {
    const quota = meters[talk.account]
    quota?.spend(now, talk.cost)
    sums.spent += talk.cost
    sums.served += talk.warmCost
    if (talk.isStarting) starting[talk.account] = (starting[talk.account] ?? 1) - 1
    router.served(now, index, talk.account, quota?.seen(now) ?? [])
    const more = (demand.inputs[talk.step] ?? 0) + (demand.outputs[talk.step] ?? 0)
    talk.context = Math.min(contextMax, talk.context + more)
    talk.endedAt = now
    talk.isServing = false
    talk.tried = []
    talk.waited = 0
    talk.step += 1
    if (talk.step < (demand.firstSteps[index + 1] ?? 0))
      queue.add(now + (demand.pauses[talk.step] ?? 0), index)
  }

  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    const talk = talks[next.index]
    if (talk === undefined) continue
    if (talk.isServing) finish(talk, next.index, next.at)
    else attempt(talk, next.index, next.at)
  }
  return {
    goodput: (100 * sums.served) / demanded(demand),
    cacheWaste: (100 * (sums.spent - sums.served)) / sums.spent,
    limited: (1_000 * sums.limited) / sums.tries,
    abandoned: sums.abandoned,
    switches: sums.switches,
  }
}

/** The whole work at warm-cache cost; only a first step has nothing that could be cached. */
const demanded = (demand: Demand): number => {
  let sum = 0
  for (let index = 0; index < demand.starts.length; index += 1) {
    const first = demand.firstSteps[index] ?? 0
    let context = demand.contexts[index] ?? 0
    for (let step = first; step < (demand.firstSteps[index + 1] ?? 0); step += 1) {
      const [input, output] = [demand.inputs[step] ?? 0, demand.outputs[step] ?? 0]
      sum += context * (step === first ? 1 : cachedPrice) + input + outputPrice * output
      context = Math.min(contextMax, context + input + output)
    }
  }
  return sum
}
