/**
 * The runtime state in its stored forms: `runtime/state.json`, and for quota `quota-cache.json`, which
 * the existing tool reads too.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { Result } from 'neverthrow'
import { emailKey } from '../accounts/identity'
import * as Cooldown from '../health/cooldown'
import * as Standing from '../health/standing'
import * as Series from '../quota/series'
import * as Quota from '../quota/snapshot'
import { decode, parseJson, type Malformed } from '../result'
import * as Affinity from '../routing/affinity'
import * as Binding from '../routing/binding'
import * as Capability from '../routing/capability'
import type { Instant } from '../time'
import { empty, type RuntimeState } from './runtime-state'

const stateForm = t.intersection(
  [
    t.type({
      version: t.literal(1),
      cooldowns: t.record(t.string, Cooldown.storedForm),
      ties: Affinity.storedForm,
    }),
    t.partial({
      standings: t.record(t.string, Standing.storedForm),
      lacks: t.record(t.string, Capability.storedForm),
      bindings: Binding.storedForm,
      seeded: t.record(t.string, t.number),
    }),
  ],
  'RuntimeState',
)

const quotaForm = t.intersection(
  [
    t.type({ version: t.literal(1) }),
    t.partial({
      /** Ours: by key, as two people may share a workspace and each has a quota. */
      byAccount: t.record(t.string, Quota.storedForm),
    }),
  ],
  'QuotaCache',
)

/** Reads both texts. Neither holds what cannot be learnt again, so a damaged one counts as empty. */
export const parse = (stateText: string, quotaText: string): RuntimeState => {
  const state = read(stateForm, stateText)
  const quota = read(quotaForm, quotaText)
  return {
    ...state.match(
      ({ bindings = {}, cooldowns, lacks = {}, seeded = {}, standings = {}, ties }) => ({
        cooldowns: mapValues(cooldowns, Cooldown.ofStored),
        ties,
        standings,
        lacks,
        bindings,
        seeded,
      }),
      () => empty,
    ),
    quotas: quota.match(
      (file) => mapValues(file.byAccount ?? {}, Quota.ofStored),
      () => ({}),
    ),
  }
}

/** A file of a newer version is left alone. */
export const isFromTheFuture = (text: string): boolean =>
  read(t.type({ version: t.number }), text).match(
    ({ version }) => version > 1,
    () => false,
  )

export const print = (state: RuntimeState, now: Instant): string => {
  const cooldowns = Object.entries(state.cooldowns).flatMap(([account, cooldown]) => {
    const stored = Cooldown.isReady(now)(cooldown) ? O.none : Cooldown.toStored(cooldown)
    return O.isSome(stored) ? [[account, stored.value] as const] : []
  })
  return JSON.stringify({
    version: 1,
    cooldowns: Object.fromEntries(cooldowns),
    ties: state.ties,
    standings: state.standings,
    lacks: state.lacks,
    bindings: state.bindings,
    seeded: state.seeded,
  })
}

/** Laid over the text that is there: what the existing tool has written stays, whatever ours is like. */
export const printQuota = (state: RuntimeState, before: string): string => {
  if (isFromTheFuture(before)) return before
  const kept: Readonly<Record<string, unknown>> = read(t.UnknownRecord, before).unwrapOr({})
  const byAccount = mapValues(state.quotas, Quota.toStored)
  const known = decode(Series.storedForm)(kept['series']).unwrapOr({})
  const series = Series.recorded(state.quotas)(known)
  return JSON.stringify({ byAccountId: {}, byEmail: {}, ...kept, version: 1, byAccount, series })
}

/** The quota text without what the existing tool has noted of an account, under its id or e-mail. */
export const withoutForeignQuota =
  (accountId: string, email: O.Option<string>) =>
  (text: string): string =>
    read(t.UnknownRecord, text).match(
      (file) =>
        JSON.stringify({
          ...file,
          ...without(file, 'byAccountId', accountId),
          ...(O.isSome(email) ? without(file, 'byEmail', emailKey(email.value)) : {}),
        }),
      () => text,
    )

const without = (
  file: Readonly<Record<string, unknown>>,
  field: string,
  name: string,
): Readonly<Record<string, unknown>> => {
  const rows = file[field]
  return t.UnknownRecord.is(rows)
    ? { [field]: Object.fromEntries(Object.entries(rows).filter(([key]) => key !== name)) }
    : {}
}

const read = <A>(codec: t.Decoder<unknown, A>, text: string): Result<A, Malformed> =>
  parseJson(text).andThen(decode(codec))

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
