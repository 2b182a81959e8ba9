/** The pool as a long-lived process reads it. A file that is missing may have copies that stand in. */
import type { ResultAsync } from 'neverthrow'
import type * as Pool from '../../core/accounts/pool'
import type { Layout } from '../../core/storage/layout'
import { openLive, type LivePorts } from './live'
import { readPool, type PoolError } from './pool'

export interface Accounts {
  readonly current: () => ResultAsync<Pool.Pool, PoolError>
}

export const openAccounts = (ports: LivePorts, layout: Layout): Accounts => ({
  current: openLive({ ...ports, stamp: ports.files.stamp }, [layout.pool], () =>
    readPool(ports, layout),
  ),
})
