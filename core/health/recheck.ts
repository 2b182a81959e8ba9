/**
 * Limits that keep an account out for long are looked at again: a window may be whole sooner than the
 * refusal said, as when a person buys more. It is asked of the usage endpoint, which costs no quota.
 */
import * as O from 'fp-ts/Option'
import * as Snapshot from '../quota/snapshot'
import { after, minute, since, type Instant, type Millis } from '../time'
import * as Cooldown from './cooldown'

/** A shorter cooldown ends before asking would tell much. */
const longerThan: Millis = 15 * minute
/** Between two looks at one account, whichever process looks. */
const every: Millis = 15 * minute

/** Whether the account's limit is to be looked at; `quota` is what was last seen of it. */
export const isDue =
  (now: Instant, quota: O.Option<Snapshot.Snapshot>) =>
  (cooldown: Cooldown.Cooldown): boolean =>
    cooldown._tag === 'Cooling' &&
    cooldown.why === 'rate-limited' &&
    since(now, cooldown.until) > longerThan &&
    (O.isNone(quota) || Math.abs(since(quota.value.observedAt, now)) >= every)

/** When it may be looked at again, though nothing was learnt. */
export const restUntil = (now: Instant): Instant => after(now, every)

/** What is left of the cooldown, by what the backend says now: never more than it was. */
export const left =
  (now: Instant, cooldown: Cooldown.Cooldown) =>
  (seen: Snapshot.Snapshot): Cooldown.Cooldown => {
    const spent = Snapshot.longestExhausted(now)(seen)
    if (cooldown._tag === 'Ready' || O.isNone(spent)) return Cooldown.ready
    const until = O.getOrElse(() => cooldown.until)(spent.value.resetsAt)
    return { ...cooldown, until: Math.min(cooldown.until, until) }
  }
