/**
 * Requests of one process that want the same token renewed share one renewal: in the lane they would
 * queue one after the other, and the last of two hundred would wait half a minute to find it done.
 */
import * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import type * as Sync from '../../core/official/sync'
import type { RefreshError } from './refresh'

type Refresh = (
  account: AccountKey,
  seen: O.Option<string>,
  sync?: Sync.Mode,
) => ResultAsync<Account.Account, RefreshError>

export const joinedRefresh = (renew: Refresh): Refresh => {
  const underWay = new Map<string, ReturnType<Refresh>>()
  return (account, seen, sync) => {
    const asked = JSON.stringify([account, O.toNullable(seen), sync])
    const known = underWay.get(asked)
    if (known !== undefined) return known
    const renewal = renew(account, seen, sync)
    underWay.set(asked, renewal)
    void renewal.then(() => underWay.delete(asked))
    return renewal
  }
}
