/** Looks again at a limit that keeps an account out for long, one account a time. */
import type { ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as Recheck from '../../core/health/recheck'
import * as RuntimeState from '../../core/storage/runtime-state'
import type { Instant } from '../../core/time'
import type { Accounts } from './accounts'
import type { Ports } from './ports'
import type { Runtime } from './runtime'
import type { Reading } from './usage'

export interface Charge {
  readonly accounts: Accounts
  readonly runtime: Runtime
  /** What the backend says of its quota, remembered. */
  readonly usage: (account: Account.Account) => ResultAsync<Reading, never>
}

export const openRecheck = (
  { clock }: Pick<Ports, 'clock'>,
  { accounts, runtime, usage }: Charge,
): (() => Promise<void>) => {
  /** Until when each account is not asked about again, whatever came of it. */
  const rests = new Map<AccountKey, Instant>()
  return async () => {
    const pool = await accounts.current()
    const state = await runtime.current()
    const now = clock.now()
    const due = pool.unwrapOr(Pool.empty).accounts.find((account) => {
      const key = Account.key(account)
      const [cooldown, quota] = [RuntimeState.cooldownOf(key), RuntimeState.quotaOf(key)]
      const isRested = (rests.get(key) ?? now) <= now
      return account.enabled && isRested && Recheck.isDue(now, quota(state))(cooldown(state))
    })
    if (due === undefined) return
    const key = Account.key(due)
    rests.set(key, Recheck.restUntil(now))
    const before = RuntimeState.cooldownOf(key)(state)
    await usage(due).map((reading) => {
      if (reading._tag !== 'Read') return
      const left = Recheck.left(clock.now(), before)(reading.snapshot)
      runtime.observe({ _tag: 'Rechecked', account: key, before, left })
    })
  }
}
