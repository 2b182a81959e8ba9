/**
 * What rows of the existing tool say of limits and of when an account was used last. Our own state
 * says so from the first time on; the rows keep it, and nobody reads it there again.
 */
import * as t from 'io-ts'
import * as Account from '../accounts/account'
import * as Cooldown from '../health/cooldown'
import type { Instant } from '../time'
import * as RuntimeState from './runtime-state'

/** As the existing tool words it; what else it may say is nobody's fault but the backend's. */
const whys: Readonly<Record<string, Cooldown.Why>> = {
  'auth-failure': 'credential',
  'rate-limit': 'rate-limited',
}

/** Of the accounts that say something and were not asked before. */
export const seedsOf =
  (now: Instant, accounts: ReadonlyArray<Account.Account>) =>
  (state: RuntimeState.RuntimeState): ReadonlyArray<RuntimeState.Observation> =>
    accounts
      .map(seedOf(now))
      .filter(({ cooldown, usedAt }) => cooldown._tag === 'Cooling' || usedAt > 0)
      .filter((seed) => RuntimeState.isNews(seed)(state))

const seedOf =
  (now: Instant) =>
  (account: Account.Account): RuntimeState.Seeded => {
    const { stored } = account
    const why = stored['cooldownReason']
    const cooling = [
      ...limitsOf(stored['rateLimitResetTimes']).map((until) =>
        Cooldown.cooling(until, 'rate-limited'),
      ),
      ...instant(stored['coolingDownUntil']).map((until) =>
        Cooldown.cooling(until, (typeof why === 'string' ? whys[why] : undefined) ?? 'provider'),
      ),
    ]
    const cooldown = cooling
      .map(Cooldown.clamped(now))
      .reduce((before, next) => Cooldown.extend(now, next)(before), Cooldown.ready)
    return {
      _tag: 'Seeded',
      ...{ account: Account.key(account), at: now },
      cooldown: Cooldown.isReady(now)(cooldown) ? Cooldown.ready : cooldown,
      usedAt: Math.min(now, Math.max(0, ...instant(stored['lastUsed']))),
    }
  }

/** One a model family there, which the backend does not tell apart. */
const limitsOf = (value: unknown): ReadonlyArray<Instant> =>
  t.UnknownRecord.is(value) ? Object.values(value).flatMap(instant) : []

const instant = (value: unknown): ReadonlyArray<Instant> =>
  typeof value === 'number' && Number.isFinite(value) ? [value] : []
