/**
 * Ends an account's sign-in at the issuer, then forgets the account here. Revoked first: who is
 * interrupted in between has an account left to try again with. In the lane of the refreshes, and
 * with what the official CLI's file holds that is newer, so that the token that is revoked is the one
 * that is good. That file gets another sign-in when its own is the one that was ended.
 */
import * as O from 'fp-ts/Option'
import { ok, okAsync, safeTry, type Result, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { Secret } from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import { fromOption } from '../../core/result'
import { isOfProject, type Layout } from '../../core/storage/layout'
import { second, type Millis } from '../../core/time'
import { forget, type Forgotten } from './forget'
import type * as Sync from '../../core/official/sync'
import { readFront } from './front'
import { noteSpending, syncInLane, type Front, type FrontPorts } from './front-sync'
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
  /** Whether the official CLI was signed in as this account, too. */
  readonly isFront: boolean
  /** What became of the official CLI's sign-in. */
  readonly front: Front
}

/** As long as the official CLI waits. */
const revokeMax: Millis = 10 * second

export const logOut =
  (
    ports: FrontPorts & Pick<Ports, 'http'>,
    layout: Layout,
    seams: Pick<Seams, 'issuer'>,
    sync: Sync.Mode,
  ) =>
  <E>(
    select: (pool: Pool.Pool) => Result<AccountKey, E>,
  ): ResultAsync<LoggedOut, E | Pool.NoSuchAccount | PoolError> =>
    inRefreshLane(ports, layout, (lease) =>
      safeTry<LoggedOut, E | Pool.NoSuchAccount | PoolError>(async function* () {
        const synced = (occasion: Sync.Occasion): ResultAsync<Front, never> =>
          syncInLane(
            ports,
            layout,
            sync,
            lease,
          )(occasion).orElse((because) =>
            okAsync<Front>({ _tag: 'NotWritten', path: layout.authFile, because }),
          )
        yield* synced({ _tag: 'Renewing' })
        const account = yield* selected(ports, layout, select)
        const revocation = yield* revoke(ports, seams, account.credential.refresh)
        const isFront = yield* isFrontOf(ports, layout, account)
        if (revocation._tag === 'Revoked') {
          yield* noteSpending(
            ports,
            layout,
          )(account.credential.refresh).orElse(() => okAsync(undefined))
        }
        const forgotten = yield* forget(ports, layout)(() => ok(Account.key(account)))
        const front = yield* synced({ _tag: 'LoggedOut' })
        return ok({ forgotten, revocation, isFront, front })
      }),
    )

/** Nothing is changed yet: it tells who is meant, and what that account holds at this moment. */
const selected = <E>(
  ports: Pick<Ports, 'files' | 'lock' | 'clock'>,
  layout: Layout,
  select: (pool: Pool.Pool) => Result<AccountKey, E>,
): ResultAsync<Account.Account, E | Pool.NoSuchAccount | PoolError> =>
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
  ).map(({ told }) => told)

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

/** A sign-in of a project's is never the official CLI's. */
const isFrontOf = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  account: Account.Account,
): ResultAsync<boolean, never> =>
  (isOfProject(layout) ? okAsync(O.none) : readFront(ports, layout))
    .map((front) => O.isSome(front) && front.value.key === Account.key(account))
    .orElse(() => okAsync(false))
