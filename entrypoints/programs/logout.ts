/**
 * Ends an account's sign-in at the issuer, then forgets the account here. Revoked first: who is
 * interrupted in between has an account left to try again with. In the lane of the refreshes, so that
 * the token that is revoked is the one that is good.
 */
import * as O from 'fp-ts/Option'
import { ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { Secret } from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import { fromOption } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import { second, type Millis } from '../../core/time'
import { forget, type Forgotten } from './forget'
import { readFront } from './front'
import { changePoolTelling, type PoolError } from './pool'
import type { Ports } from './ports'
import { inRefreshLane } from './refresh-lane'
import { askIssuer, type TokenRequestError } from './token-request'

export type Revocation =
  | { readonly _tag: 'Revoked' }
  /** The sign-in goes on, for whoever still has its tokens. */
  | { readonly _tag: 'Refused'; readonly status: number }
  | { readonly _tag: 'Unasked'; readonly because: TokenRequestError }

export interface LoggedOut {
  readonly forgotten: Forgotten
  readonly revocation: Revocation
  /** Whether the official CLI is signed in as this account, too. */
  readonly isFront: boolean
}

/** As long as the official CLI waits. */
const revokeMax: Millis = 10 * second

export const logOut =
  (
    ports: Pick<Ports, 'files' | 'lock' | 'clock' | 'http'>,
    layout: Layout,
    seams: Pick<Seams, 'issuer'>,
  ) =>
  <E>(
    select: (pool: Pool.Pool) => Result<AccountKey, E>,
  ): ResultAsync<LoggedOut, E | Pool.NoSuchAccount | PoolError> =>
    inRefreshLane(ports, layout, () =>
      // Nothing is changed yet: it tells who is meant, and what that account holds at this moment.
      changePoolTelling(
        ports,
        layout,
      )((pool) =>
        select(pool)
          .mapErr((error): E | Pool.NoSuchAccount => error)
          .andThen((key) =>
            fromOption((): Pool.NoSuchAccount => ({ _tag: 'NoSuchAccount', key }))(
              Pool.find(key)(pool),
            ),
          )
          .map((account) => ({ pool, told: account })),
      ).andThen(({ told: account }) =>
        revoke(ports, seams, account.credential.refresh).andThen((revocation) =>
          isFrontOf(ports, layout, account).andThen((isFront) =>
            forget(
              ports,
              layout,
            )(() => ok(Account.key(account))).map((forgotten) => ({
              forgotten,
              revocation,
              isFront,
            })),
          ),
        ),
      ),
    )

const revoke = (
  ports: Pick<Ports, 'clock' | 'http'>,
  seams: Pick<Seams, 'issuer'>,
  token: Secret,
): ResultAsync<Revocation, never> => {
  const late = new AbortController()
  const over = new AbortController()
  void ports.clock
    .sleep(revokeMax, { signal: over.signal })
    .map(() => late.abort())
    .unwrapOr(undefined)
  return askIssuer(ports)(TokenResponse.revokeRequest(seams, token.reveal()), late.signal)
    .map(({ status }): Revocation =>
      status >= 200 && status < 300 ? { _tag: 'Revoked' } : { _tag: 'Refused', status },
    )
    .orElse((because) => okAsync<Revocation>({ _tag: 'Unasked', because }))
    .map((revocation) => {
      over.abort()
      return revocation
    })
}

const isFrontOf = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  account: Account.Account,
): ResultAsync<boolean, never> =>
  readFront(ports, layout)
    .map((front) => O.isSome(front) && front.value.key === Account.key(account))
    .orElse(() => okAsync(false))
