/** The one lane in which refresh tokens are spent, revoked and handed to the official CLI's file. */
import type { ResultAsync } from 'neverthrow'
import type { Layout } from '../../core/storage/layout'
import { minute, second, type Millis } from '../../core/time'
import type { Held, LockError } from '../../ports/lock'
import type { Ports } from './ports'

/** Time to spend a token, for the longest spacing before it and for the tries of a failing issuer. */
const expiresAfter: Millis = 4 * minute

/** As long as an owner that lives may take. */
const waitMaxDefault: Millis = 4 * minute

/**
 * Time for the issuer to answer and for a pool that others hold, or a disk that fails, to take it:
 * an owner that is passed over meanwhile would spend a token that somebody else spends too.
 */
export const spendMax: Millis = 150 * second

/** Whatever spends a refresh token does it here. */
export const inRefreshLane = <A, E>(
  ports: Pick<Ports, 'files' | 'lock'>,
  layout: Layout,
  work: (lease: Held) => ResultAsync<A, E>,
  waitMax: Millis = waitMaxDefault,
): ResultAsync<A, E | LockError> =>
  ports.files
    .ensureFolder(layout.root)
    .andThen(() => ports.lock.holding(layout.refreshLease, { waitMax, expiresAfter }, work))
