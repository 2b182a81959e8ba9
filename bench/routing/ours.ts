/**
 * Our strategies as the product runs them: what an answer tells becomes observations of the runtime
 * state, and `selection.select` decides on the same candidates that a request meets.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import * as Cooldown from '../../core/health/cooldown'
import type * as Standing from '../../core/health/standing'
import * as Window from '../../core/quota/window'
import * as Affinity from '../../core/routing/affinity'
import * as Eligibility from '../../core/routing/eligibility'
import * as Terms from '../../core/routing/terms'
import { select, soonest, type Snapshot } from '../../core/routing/selection'
import * as Strategy from '../../core/routing/strategy'
import * as RuntimeState from '../../core/storage/runtime-state'
import { after, second, type Instant } from '../../core/time'
import { candidatesOf } from '../../entrypoints/programs/world'
import { accountOf } from '../../test/support/tokens'
import type { WindowSeen } from './meter'
import { account, wait, type Contender, type Router } from './router'
import type { PlanName } from './scenario'

/** The machine's, after a fault of the backend. */
const afterFailure = 4 * second

const poolOf = (plans: ReadonlyArray<PlanName>): Pool.Pool =>
  plans
    .map((plan, index) => accountOf({ accountId: `account-${index}`, userId: 'user', plan }))
    .reduce((pool, one) => Pool.signIn(one)(pool), Pool.empty)

const open = (strategy: Strategy.Strategy, plans: ReadonlyArray<PlanName>): Router => {
  const pool = poolOf(plans)
  const keys = pool.accounts.map(Account.key)
  const indexes = new Map(keys.map((key, index) => [key, index]))
  const keyOf = (index: number): string => keys[index] ?? ''
  let state = RuntimeState.empty
  const observe = (observation: RuntimeState.Observation): void => {
    if (RuntimeState.isNews(observation)(state)) state = RuntimeState.apply(observation)(state)
  }
  const seeQuota = (now: Instant, index: number, windows: ReadonlyArray<WindowSeen>): void =>
    observe({
      _tag: 'QuotaSeen',
      account: keyOf(index),
      snapshot: {
        observedAt: now,
        source: 'headers',
        plan: O.none,
        windows: windows.map(({ length, resetsAt, usedPercent }) =>
          Window.make(length, usedPercent, O.some(resetsAt)),
        ),
      },
    })
  const coolDown = (
    at: Instant,
    index: number,
    cooldown: Cooldown.Cooldown,
    fault: Standing.Fault,
  ): void => {
    observe({ _tag: 'Cooled', account: keyOf(index), cooldown, at })
    observe({ _tag: 'Failed', account: keyOf(index), at, fault, among: keys.length })
  }
  return {
    choose: ({ now, conversation, starting, tried }) => {
      const inFlight = new Map(
        starting.flatMap((count, index) => (count > 0 ? [[keyOf(index), count] as const] : [])),
      )
      const snapshot: Snapshot = {
        now,
        candidates: Eligibility.withInFlight(inFlight)(candidatesOf(now, pool, state)),
        strategy,
        active: pool.active,
        pinned: O.none,
        strict: O.none,
        bound: O.none,
        model: O.none,
        terms: Terms.standard,
        signInsLost: [],
        latest: Affinity.latest(state.ties),
        tie: Affinity.tieOf(`${conversation}`, 0, now, Affinity.standard)(state.ties),
        tried: tried.map(keyOf),
      }
      const selection = select(snapshot)
      if (O.isSome(selection.chosen)) {
        const { key } = selection.chosen.value
        observe({ _tag: 'Sent', account: key, at: now })
        return account(indexes.get(key) ?? 0)
      }
      return wait(O.getOrElse(() => now)(soonest(selection)))
    },
    served: (now, conversation, index, windows) => {
      observe({ _tag: 'Served', account: keyOf(index), at: now })
      observe({
        _tag: 'Tied',
        conversation: `${conversation}`,
        tie: { account: keyOf(index), servedAt: now, generation: 0 },
      })
      seeQuota(now, index, windows)
    },
    limited: (now, index, until, windows) => {
      seeQuota(now, index, windows)
      coolDown(now, index, Cooldown.cooling(until, 'rate-limited'), 'limit')
    },
    failed: (now, index) =>
      coolDown(now, index, Cooldown.cooling(after(now, afterFailure), 'provider'), 'provider'),
  }
}

export const ours: ReadonlyArray<Contender> = Strategy.all.map((strategy) => ({
  name: strategy,
  kind: 'ours',
  open: (plans) => open(strategy, plans),
}))
