/**
 * A cooldown keeps an account out of selection until an instant.
 *
 * Two combine to the later one: a short refusal that arrives second must not release an account
 * that a long refusal still holds. But a rest after faults, which holds only while another account can
 * serve, never hides a refusal. Made by the failover machine from a verdict.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import type { Kind } from '../quota/window'
import { after, day, hour, type Instant, type Millis } from '../time'

/** What kind of refusal it comes from. */
export type Why = 'rate-limited' | 'credential' | 'workspace' | 'provider'

export type Cooldown =
  | { readonly _tag: 'Ready' }
  | {
      readonly _tag: 'Cooling'
      readonly until: Instant
      readonly why: Why
      /** The quota window that is spent, where the refusal told. */
      readonly window: O.Option<Kind>
    }

export const ready: Cooldown = { _tag: 'Ready' }

export const cooling = (until: Instant, why: Why, window: O.Option<Kind> = O.none): Cooldown => ({
  _tag: 'Cooling',
  until,
  why,
  window,
})

/** No cooldown outlives this: no window is longer than a month, and all else is asked about sooner. */
const longest: Readonly<Record<Why, Millis>> = {
  'rate-limited': 32 * day,
  credential: hour,
  workspace: day,
  provider: hour,
}

/** Cut to what its cause may last. */
export const clamped =
  (now: Instant) =>
  (cooldown: Cooldown): Cooldown =>
    cooldown._tag === 'Ready'
      ? cooldown
      : { ...cooldown, until: Math.min(cooldown.until, after(now, longest[cooldown.why])) }

/** It would last longer than its cause may, as the clock was ahead when it was set. */
const isAhead =
  (now: Instant) =>
  (cooldown: Cooldown): boolean =>
    cooldown._tag === 'Cooling' && cooldown.until > after(now, longest[cooldown.why])

const isRest = (cooldown: Cooldown): boolean =>
  cooldown._tag === 'Cooling' && cooldown.why === 'provider'

export const isReady =
  (now: Instant) =>
  (cooldown: Cooldown): boolean =>
    cooldown._tag === 'Ready' || cooldown.until <= now || isAhead(now)(cooldown)

const release = (cooldown: Cooldown): number =>
  cooldown._tag === 'Ready' ? -Infinity : cooldown.until

export const outlasts =
  (other: Cooldown) =>
  (cooldown: Cooldown): boolean =>
    release(cooldown) > release(other)

/** Of two that hold now a refusal before a rest, and else the later. */
export const extend =
  (now: Instant, next: Cooldown) =>
  (held: Cooldown): Cooldown => {
    if (isReady(now)(held)) return next
    if (isReady(now)(next)) return held
    if (isRest(held) !== isRest(next)) return isRest(held) ? next : held
    return outlasts(held)(next) ? next : held
  }

const kinds = t.keyof({ 'five-hour': null, weekly: null, monthly: null, other: null })

/** A cooldown that is no longer of use is not stored, so only `Cooling` has a form. */
export const storedForm = t.intersection(
  [
    t.type({
      until: t.number,
      why: t.keyof({ 'rate-limited': null, credential: null, workspace: null, provider: null }),
    }),
    t.partial({ window: kinds }),
  ],
  'Cooldown',
)
type Stored = t.TypeOf<typeof storedForm>

export const ofStored = (stored: Stored): Cooldown =>
  cooling(stored.until, stored.why, O.fromNullable(stored.window))

export const toStored = (cooldown: Cooldown): O.Option<Stored> =>
  cooldown._tag === 'Ready'
    ? O.none
    : O.some({
        until: cooldown.until,
        why: cooldown.why,
        ...(O.isSome(cooldown.window) ? { window: cooldown.window.value } : {}),
      })
