/**
 * Renews tokens that are about to end, and looks again at limits that last long, in a process that
 * serves, while it serves.
 */
import * as O from 'fp-ts/Option'
import { ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Guardian from '../../core/refresh/guardian'
import * as RuntimeState from '../../core/storage/runtime-state'
import { after, second, since, type Millis } from '../../core/time'
import type { Changes } from './changes'
import type { Ports } from './ports'
import { openRecheck, type Charge as RecheckCharge } from './recheck'
import type { RefreshError } from './refresh'
import type { LiveSettings } from './settings'

interface Charge extends RecheckCharge {
  readonly settings: LiveSettings
  readonly changes: Changes
  readonly refresh: (
    account: AccountKey,
    seen: O.Option<string>,
  ) => ResultAsync<Account.Account, RefreshError>
}

export interface OpenGuardian {
  /** A renewal under way is seen to its end: its token is spent. */
  readonly stop: () => ResultAsync<void, never>
}

/** A process that starts has better things to do. */
const startsAfter: Millis = 5 * second

export const startGuardian = ({ clock }: Pick<Ports, 'clock'>, charge: Charge): OpenGuardian => {
  const stopped = new AbortController()
  const { signal } = stopped
  const rests = new Map<AccountKey, Guardian.Rest>()
  const recheck = openRecheck({ clock }, charge)

  const renew = async (account: Account.Account, buffer: Millis): Promise<void> => {
    const key = Account.key(account)
    const seen = O.map((access: { readonly reveal: () => string }) => access.reveal())(
      account.credential.access,
    )
    const renewed = await charge.refresh(key, seen)
    if (renewed.isOk()) rests.delete(key)
    else {
      const status = renewed.error._tag === 'RefreshFailed' ? renewed.error.status : O.none
      rests.set(key, Guardian.failed(clock.now(), buffer, status)(rests.get(key)))
    }
  }

  const look = async (buffer: Millis): Promise<void> => {
    const pool = await charge.accounts.current()
    const state = await charge.runtime.current()
    if (pool.isErr()) return
    const next = Guardian.next(
      clock.now(),
      buffer,
      rests,
    )(pool.value, (key) => RuntimeState.cooldownOf(key)(state))
    if (O.isSome(next) && !signal.aborted) await renew(next.value, buffer)
  }

  const guard = async (): Promise<void> => {
    await clock.sleep(startsAfter, { signal, lazy: true })
    for (let looked = clock.now(); !signal.aborted;) {
      const settings = await charge.settings.current()
      const { proactiveRefreshBufferMs, proactiveRefreshIntervalMs: interval } = settings
      const left = since(clock.now(), after(looked, interval))
      if (left > 0) {
        // Never longer than the interval, as the clock may have been set back.
        await charge.changes.wait(Math.min(interval, left), { signal, lazy: true })
      } else {
        looked = clock.now()
        // Nobody who leaves waits for it.
        void recheck()
        if (settings.proactiveRefreshGuardian) await look(proactiveRefreshBufferMs)
      }
    }
  }

  const guarding = guard()
  return {
    stop: () => {
      stopped.abort()
      return ResultAsync.fromSafePromise(guarding)
    },
  }
}
