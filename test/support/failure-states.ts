/** What holds each account of a world back, as its disk has it. */
import * as O from 'fp-ts/Option'
import * as RuntimeFile from '../../core/storage/runtime-file'
import * as RuntimeState from '../../core/storage/runtime-state'
import { second, type Instant } from '../../core/time'
import type { State } from './failure-matrix'
import { keyOf, layout, type World } from './world'

/** A fault is held against its account once another has answered, anything else as it happens. */
export const statesOf = (world: World, endedAt: Instant): ReadonlyArray<State> => {
  const state = RuntimeFile.parse(world.text(layout.runtimeState), world.text(layout.quota))
  return world.pool().accounts.map(({ invalidation }, index): State => {
    if (O.isSome(invalidation)) return 'lost'
    const key = keyOf(world, world.people[index]?.name ?? '')
    const cooldown = RuntimeState.cooldownOf(key)(state)
    if (cooldown._tag === 'Ready') return undefined
    const { until, why, window } = cooldown
    const askedAt = world.upstream.journal.requestsOf(key).at(-1)?.at ?? 0
    const from = why === 'provider' ? endedAt : askedAt
    return {
      by: O.isSome(window) ? `${why} ${window.value}` : why,
      seconds: (until - from) / second,
    }
  })
}
