/** Runtime states, and what makes them. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import type * as Cooldown from '../../core/health/cooldown'
import type * as Quota from '../../core/quota/snapshot'
import * as Window from '../../core/quota/window'
import * as RuntimeFile from '../../core/storage/runtime-file'
import * as RuntimeState from '../../core/storage/runtime-state'
import { day, minute } from '../../core/time'
import { aCooldown, aQuota, noon } from './routing'

export const week = (used: number, observedAt = noon): Quota.Snapshot => ({
  observedAt,
  source: 'headers',
  plan: O.none,
  windows: [Window.make(7 * day, used, O.some(noon + day))],
})

export const applied = (...observations: ReadonlyArray<RuntimeState.Observation>) =>
  observations.reduce(
    (state, observation) => RuntimeState.apply(observation)(state),
    RuntimeState.empty,
  )

export const cooled = (account: string, cooldown: Cooldown.Cooldown): RuntimeState.Observation => ({
  _tag: 'Cooled',
  account,
  cooldown,
  at: noon,
})
export const seen = (account: string, snapshot: Quota.Snapshot): RuntimeState.Observation => ({
  _tag: 'QuotaSeen',
  account,
  snapshot,
})
export const tied = (
  conversation: string,
  account: string,
  servedAt = noon,
): RuntimeState.Observation => ({
  _tag: 'Tied',
  conversation,
  tie: { account, servedAt, generation: 0 },
})

/** As it is after it has been to the disk. */
export const reread = (state: RuntimeState.RuntimeState, now = noon): RuntimeState.RuntimeState =>
  RuntimeFile.parse(RuntimeFile.print(state, now), RuntimeFile.printQuota(state, ''))

const anAccount = fc.constantFrom('acc-1/a', 'acc-1/b', 'acc-2/a')
const aServedAt = fc.integer({ min: noon - 10 * minute, max: noon + 9 * minute })

export const observationsOf = (
  account: string,
  conversation: string,
): fc.Arbitrary<RuntimeState.Observation> =>
  fc.oneof(
    aCooldown.map((cooldown) => cooled(account, cooldown)),
    fc
      .tuple(aQuota, fc.integer({ min: 0, max: 3 }))
      .map(([snapshot, later]) => seen(account, { ...snapshot, observedAt: noon + later })),
    aServedAt.map((servedAt) => tied(conversation, account, servedAt)),
    aServedAt.map((at) => ({
      ...{ _tag: 'PlanTold' as const, account },
      plan: { name: 'pro', at },
    })),
  )

export const anObservation = fc
  .tuple(anAccount, fc.constantFrom('talk', 'other'))
  .chain(([account, conversation]) => observationsOf(account, conversation))
export const aState = fc.array(anObservation, { maxLength: 8 }).map((all) => applied(...all))
