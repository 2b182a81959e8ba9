/** A plain reading of who can serve, and why not: what `selection` is held against. */
import * as O from 'fp-ts/Option'
import * as Circuit from '../../core/health/circuit'
import * as Cooldown from '../../core/health/cooldown'
import * as Deferral from '../../core/quota/deferral'
import * as Affinity from '../../core/routing/affinity'
import * as Capability from '../../core/routing/capability'
import type * as Eligibility from '../../core/routing/eligibility'
import type { Snapshot } from '../../core/routing/selection'

interface Reading {
  readonly tag: Eligibility.Reason['_tag']
  /** What it is waived for, where it would leave nobody. */
  readonly keeps?: 'little' | 'failing'
  readonly holds: (candidate: Eligibility.Candidate) => boolean
}

/** Why an account cannot serve, in the order of blame. */
export const readingsOf = (snapshot: Snapshot): ReadonlyArray<Reading> => {
  const { bound, model, now, pinned, signInsLost, strategy, terms, tie, tried } = snapshot
  const isManual = O.isNone(snapshot.strict) && strategy === 'manual'
  const strict = isManual ? snapshot.active : snapshot.strict
  const isWarm = O.isSome(tie) && Affinity.isWarm(now)(tie.value)
  const home = O.isSome(bound) ? bound.value.account : isWarm ? tie.value.account : undefined
  const isExempt = (key: string) => key === home || key === O.toUndefined(pinned)
  const { requiredTags } = terms
  const restsAs =
    (...whys: ReadonlyArray<Cooldown.Why>) =>
    ({ cooldown }: Eligibility.Candidate) =>
      cooldown._tag === 'Cooling' && !Cooldown.isReady(now)(cooldown) && whys.includes(cooldown.why)
  return [
    { tag: 'BoundElsewhere', holds: ({ key }) => O.isSome(bound) && bound.value.account !== key },
    {
      tag: 'NotAskedFor',
      holds: ({ key }) => O.isNone(bound) && O.isSome(strict) && strict.value !== key,
    },
    { tag: 'Disabled', holds: ({ enabled }) => !enabled },
    { tag: 'NeedsSignIn', holds: ({ invalidation }) => O.isSome(invalidation) },
    { tag: 'Paused', holds: ({ paused }) => paused },
    {
      tag: 'OffPolicy',
      holds: ({ tags }) =>
        requiredTags.length > 0 && !tags.some((one) => requiredTags.includes(one)),
    },
    { tag: 'Draining', holds: ({ draining, key }) => draining && key !== home },
    { tag: 'RateLimited', holds: restsAs('rate-limited') },
    { tag: 'Cooling', holds: restsAs('credential', 'workspace') },
    {
      tag: 'QuotaDeferred',
      keeps: 'little',
      holds: ({ key, quota }) =>
        !isExempt(key) &&
        O.isSome(terms.deferral) &&
        O.isSome(quota) &&
        Deferral.of(terms.deferral.value, now, quota.value) !== undefined,
    },
    { tag: 'Cooling', keeps: 'failing', holds: restsAs('provider') },
    {
      tag: 'CircuitOpen',
      keeps: 'failing',
      holds: ({ standing }) => Circuit.isOpen(now)(standing.circuit),
    },
    {
      tag: 'ModelNotEntitled',
      holds: ({ lacks }) =>
        O.isSome(model) && O.isSome(Capability.lackedUntil(model.value, now)(lacks)),
    },
    { tag: 'AlreadyTried', holds: ({ key }) => tried.includes(key) },
    {
      tag: 'HeldBack',
      holds: ({ key, live }) =>
        signInsLost.length >= 3 && live === 0 && !isExempt(key) && O.isNone(strict),
    },
  ]
}

/** What only puts off is waived where it would leave nobody: the deferred come back first. */
export const blameOf = (snapshot: Snapshot): ReadonlyArray<string | undefined> => {
  const readings = readingsOf(snapshot)
  const blameWithout = (...waived: ReadonlyArray<Reading['keeps']>) =>
    snapshot.candidates.map(
      (one) =>
        readings.find(({ holds, keeps }) => (!keeps || !waived.includes(keeps)) && holds(one))?.tag,
    )
  const ways = [blameWithout(), blameWithout('little'), blameWithout('little', 'failing')]
  return ways.find((blame) => blame.includes(undefined)) ?? ways[2] ?? []
}

export const canServe = (snapshot: Snapshot): ReadonlyArray<string> => {
  const blame = blameOf(snapshot)
  return snapshot.candidates.filter((_, index) => blame[index] === undefined).map(({ key }) => key)
}
