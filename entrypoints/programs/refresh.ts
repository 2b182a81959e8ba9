/**
 * Renewing an account's tokens. A refresh token works once, so at most one refresh is under way for
 * the whole user: the lease is held from the re-read of the disk to the durable write of the answer,
 * and whoever waited for it finds the new token there and spends none.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import { fromOption, parseJson } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import { minute } from '../../core/time'
import type { LockError } from '../../ports/lock'
import { readFront } from './front'
import { changePool, readPool, type PoolError } from './pool'
import type { Ports } from './ports'
import { askIssuer, type TokenAnswer } from './token-request'

export type RefreshError =
  | PoolError
  | Pool.NoSuchAccount
  /** The issuer will not renew this sign-in any more; the account is marked. */
  | { readonly _tag: 'RefreshRefused'; readonly account: AccountKey; readonly code: string }
  /** It may work later: the issuer failed, or could not be reached. */
  | { readonly _tag: 'RefreshFailed'; readonly account: AccountKey; readonly code: string }

type RefreshPorts = Pick<Ports, 'files' | 'lock' | 'clock' | 'http'>

/** Longer than the issuer is waited for, as an owner that is passed over would spend the token too. */
const terms = { waitMax: 3 * minute, expiresAfter: 3 * minute }

/** A token about to end would be refused on the way. */
export const freshFor = minute

/**
 * Gives the account with an access token other than `seen`, which was refused or is about to end:
 * the one on disk when somebody else renewed it meanwhile, else a new one.
 */
export const refreshAccount =
  (ports: RefreshPorts, layout: Layout, seams: Seams) =>
  (key: AccountKey, seen: O.Option<string>): ResultAsync<Account.Account, RefreshError> =>
    inRefreshLane(ports, layout, () => {
      const adoptOrSpend = (triesLeft: number): ResultAsync<Account.Account, RefreshError> =>
        adoptFront(ports, layout, key).andThen((account) =>
          isOther(seen, account.credential) && isFreshNow(ports, account.credential)
            ? okAsync(account)
            : spend(ports, layout, seams, key, account.credential).orElse((error) =>
                error._tag === 'RefreshRefused'
                  ? lostRace(ports, layout, key, account.credential).andThen((lost) =>
                      lost && triesLeft > 0
                        ? adoptOrSpend(triesLeft - 1)
                        : markLost(ports, layout, key, account.credential, error),
                    )
                  : errAsync(error),
              ),
        )
      return adoptOrSpend(1)
    })

/** Whatever spends a refresh token does it here. */
export const inRefreshLane = <A, E>(
  ports: Pick<Ports, 'files' | 'lock'>,
  layout: Layout,
  work: () => ResultAsync<A, E>,
): ResultAsync<A, E | LockError> =>
  ports.files
    .ensureFolder(layout.root)
    .andThen(() => ports.lock.holding(layout.refreshLease, terms, work))

const isOther = (seen: O.Option<string>, credential: Credential.Credential): boolean =>
  O.isNone(seen) || Credential.differsFrom(seen.value)(credential)

const isFreshNow = (ports: RefreshPorts, credential: Credential.Credential): boolean =>
  Credential.isFresh(ports.clock.now(), freshFor)(credential)

const accountOf = (
  ports: RefreshPorts,
  layout: Layout,
  key: AccountKey,
): ResultAsync<Account.Account, PoolError | Pool.NoSuchAccount> =>
  readPool(ports, layout).andThen((pool) => mustFind(key, pool))

const mustFind = (key: AccountKey, pool: Pool.Pool) =>
  fromOption((): Pool.NoSuchAccount => ({ _tag: 'NoSuchAccount', key }))(Pool.find(key)(pool))

/** The official CLI may have renewed the same sign-in on its own; its newer tokens are the good ones. */
const adoptFront = (
  ports: RefreshPorts,
  layout: Layout,
  key: AccountKey,
): ResultAsync<Account.Account, PoolError | Pool.NoSuchAccount> =>
  accountOf(ports, layout, key).andThen((account) =>
    readFront(ports, layout).andThen((front) =>
      O.isSome(front) &&
      front.value.key === key &&
      Credential.newest(account.credential, front.value.credential) === front.value.credential
        ? store(ports, layout, key, front.value.credential)
        : okAsync(account),
    ),
  )

const store = (
  ports: RefreshPorts,
  layout: Layout,
  key: AccountKey,
  credential: Credential.Credential,
): ResultAsync<Account.Account, PoolError | Pool.NoSuchAccount> =>
  changePool(ports, layout)(Pool.refreshed(key, credential)).andThen((pool) => mustFind(key, pool))

const spend = (
  ports: RefreshPorts,
  layout: Layout,
  seams: Seams,
  key: AccountKey,
  previous: Credential.Credential,
): ResultAsync<Account.Account, RefreshError> =>
  askIssuer(ports)(TokenResponse.refreshRequest(seams, previous.refresh.reveal()))
    .mapErr((error): RefreshError => ({ _tag: 'RefreshFailed', account: key, code: error._tag }))
    .andThen((answer) => renewed(ports, key, previous, answer))
    .andThen((credential) => store(ports, layout, key, credential))

const renewed = (
  ports: RefreshPorts,
  key: AccountKey,
  previous: Credential.Credential,
  answer: TokenAnswer,
): ResultAsync<Credential.Credential, RefreshError> => {
  if (answer.status === 200)
    return parseJson(answer.text)
      .andThen(TokenResponse.ofRefresh(ports.clock.now(), previous))
      .mapErr((): RefreshError => ({ _tag: 'RefreshFailed', account: key, code: 'no_tokens' }))
      .asyncAndThen((credential) => okAsync(credential))
  const refusal = TokenResponse.refusalOf(answer.status, answer.text)
  const code = O.getOrElse(() => `http_${answer.status}`)(refusal.code)
  return errAsync({
    _tag: refusal.permanent ? 'RefreshRefused' : 'RefreshFailed',
    account: key,
    code,
  })
}

/** Whether another program has meanwhile put another refresh token in place of the refused one. */
const lostRace = (
  ports: RefreshPorts,
  layout: Layout,
  key: AccountKey,
  refused: Credential.Credential,
): ResultAsync<boolean, PoolError | Pool.NoSuchAccount> =>
  adoptFront(ports, layout, key).map(
    (account) => !Credential.sameSecret(account.credential.refresh, refused.refresh),
  )

const markLost = (
  ports: RefreshPorts,
  layout: Layout,
  key: AccountKey,
  refused: Credential.Credential,
  error: RefreshError & { readonly _tag: 'RefreshRefused' },
): ResultAsync<never, RefreshError> => {
  const access = O.isSome(refused.access) ? O.some(refused.access.value.reveal()) : O.none
  const invalidation = { at: ports.clock.now(), code: error.code }
  return changePool(ports, layout)(Pool.invalidate(key, access, invalidation)).andThen(() =>
    errAsync<never, RefreshError>(error),
  )
}
