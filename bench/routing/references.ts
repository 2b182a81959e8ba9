/**
 * Routers to compare with: the simple ones that are about, alone and with affinity over them, and
 * the oracle, which knows the exact quota and every incident.
 *
 * Each keeps out an account until the reset that a 429 names, and for 4 s after a 5xx.
 */
import { minute, second, type Instant } from '../../core/time'
import { dice } from './draws'
import { account, wait, type Contender, type Router, type Truth, type Try } from './router'
import type { PlanName } from './scenario'

/** Of the accounts that may serve, in order, the one that does. */
type Pick = (able: ReadonlyArray<number>, asked: Try) => number

const afterFailure = 4 * second
const warmFor = 10 * minute

const barring = (accounts: number, pick: Pick, isSticky: boolean): Router => {
  const until = Array.from({ length: accounts }, () => 0)
  const ties = new Map<number, { readonly account: number; readonly at: Instant }>()
  const choose = (asked: Try): number | undefined => {
    const able = until.flatMap((end, index) =>
      end <= asked.now && !asked.tried.includes(index) ? [index] : [],
    )
    const tie = ties.get(asked.conversation)
    if (isSticky && tie !== undefined && asked.now - tie.at < warmFor && able.includes(tie.account))
      return tie.account
    return able.length === 0 ? undefined : pick(able, asked)
  }
  return {
    choose: (asked) => {
      const chosen = choose(asked)
      return chosen === undefined ? wait(Math.min(...until)) : account(chosen)
    },
    served: (now, conversation, served) => ties.set(conversation, { account: served, at: now }),
    limited: (_, refused, end) => {
      until[refused] = Math.max(until[refused] ?? 0, end)
    },
    failed: (now, refused) => {
      until[refused] = Math.max(until[refused] ?? 0, now + afterFailure)
    },
  }
}

const inTurn = (): Pick => {
  let last = -1
  return (able) => (last = able.find((index) => index > last) ?? able[0] ?? 0)
}

const atRandom = (_: ReadonlyArray<PlanName>, seed: number): Pick => {
  const roll = dice(seed)
  return (able) => able[Math.floor(roll() * able.length)] ?? 0
}

const drainFirst = (): Pick => (able) => able[0] ?? 0

const pair = (
  name: string,
  pick: (plans: ReadonlyArray<PlanName>, seed: number) => Pick,
): ReadonlyArray<Contender> =>
  [false, true].map((isSticky) => ({
    name: isSticky ? `affinity, ${name}` : name,
    kind: 'reference',
    open: (plans, seed) => barring(plans.length, pick(plans, seed), isSticky),
  }))

/** Stays where the cache is warm, else goes where most is left for one more conversation. */
const knowing = (accounts: number, truth: Truth): Router => {
  const ties = new Map<number, { readonly account: number; readonly at: Instant }>()
  const live = (index: number, now: Instant): number =>
    [...ties.values()].filter((tie) => tie.account === index && now - tie.at < warmFor).length
  return {
    choose: ({ now, conversation }) => {
      const able = Array.from({ length: accounts }, (_, index) => index).filter(
        (index) => Math.min(...truth.left(index, now)) > 0 && !truth.fails(index, now),
      )
      const tie = ties.get(conversation)
      if (tie !== undefined && now - tie.at < warmFor && able.includes(tie.account))
        return account(tie.account)
      const share = (index: number): number =>
        Math.min(...truth.left(index, now)) / (1 + live(index, now))
      const best = [...able].sort((left, right) => share(right) - share(left))[0]
      return best === undefined ? wait(now + minute) : account(best)
    },
    served: (now, conversation, served) => {
      ties.set(conversation, { account: served, at: now })
      for (const [other, tie] of ties) if (now - tie.at > 2 * warmFor) ties.delete(other)
    },
    limited: () => undefined,
    failed: () => undefined,
  }
}

export const references: ReadonlyArray<Contender> = [
  ...pair('round robin', inTurn),
  ...pair('random', atRandom),
  ...pair('drain first', drainFirst),
]

export const oracle: Contender = {
  name: 'oracle',
  kind: 'oracle',
  open: (plans, _, truth) => knowing(plans.length, truth),
}
