/**
 * Renewing an account's tokens. A refresh token works once, so at most one refresh is under way for
 * the whole user: the lease is held from the re-read of the disk to the durable write of the answer,
 * and whoever waited for it finds the new token there and spends none.
 */
import * as Eq from 'fp-ts/Eq'
import * as Numbers from 'fp-ts/number'
import * as O from 'fp-ts/Option'
import * as Text from 'fp-ts/string'
import { errAsync, ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import type { AccountKey } from '../../core/accounts/identity'
import * as Pool from '../../core/accounts/pool'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import type * as Sync from '../../core/official/sync'
import * as Lane from '../../core/refresh/lane'
import { fromOption, parseJson } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import { day, minute, second, type Millis } from '../../core/time'
import type { Held as Lease } from '../../ports/lock'
import { noteSpending, syncInLane, type FrontPorts } from './front-sync'
import { changePool, readPool, type PoolError } from './pool'
import type { Ports } from './ports'
import { inRefreshLane, spendMax } from './refresh-lane'
import { askIssuer, type TokenAnswer } from './token-request'

export type RefreshError =
  | PoolError
  | Pool.NoSuchAccount
  /** The issuer will not renew this sign-in any more; the account is marked. */
  | { readonly _tag: 'RefreshRefused'; readonly account: AccountKey; readonly code: string }
  /** It may work later: the issuer failed, or could not be reached and gave no status. */
  | {
      readonly _tag: 'RefreshFailed'
      readonly account: AccountKey
      readonly code: string
      readonly status: O.Option<number>
    }

/** The least time between two refreshes, as the settings say it now. */
export type Spacing = () => Promise<Millis>

export interface RefreshTerms {
  readonly spacing: Spacing
  /** The setting `syncCodexCli`. */
  readonly sync: Sync.Mode
}

export type RefreshPorts = FrontPorts & Pick<Ports, 'http'>

/** The official CLI, having spent the token we share with it, writes what it got within this. */
const othersWriteWithin: Millis = second

/**
 * A claim on the account whose token is being spent, inside the lane. The lane may be passed over when
 * its owner was stopped, or slept with its machine, in the middle of a refresh; this one only when the
 * owner is dead, for who lives may still get the answer. The wait is for an owner that has just woken.
 */
const spendingTerms = { waitMax: 10 * second, expiresAfter: 365 * day }

/** How long a new token is tried to be stored before it is given up, and the waits between. */
const storesFor: Millis = 2 * minute
const storeAgainAfter: Millis = 200
const storeAgainAfterMax: Millis = 5 * second

/** A token about to end would be refused on the way. */
export const freshFor = minute

/** What a refresh has at hand: the lane is ours. */
interface Turn {
  readonly ports: RefreshPorts
  readonly layout: Layout
  readonly seams: Seams
  readonly sync: Sync.Mode
  readonly lease: Lease
  readonly key: AccountKey
}

/**
 * Gives the account with an access token other than `seen`, which was refused or is about to end:
 * the one on disk when somebody else renewed it meanwhile, else a new one. A sign-in that is marked as
 * lost is not tried, but where a person asks for it in spite of that very mark.
 */
export const refreshAccount =
  (ports: RefreshPorts, layout: Layout, seams: Seams, { spacing, sync }: RefreshTerms) =>
  (
    key: AccountKey,
    seen: O.Option<string>,
    inSpiteOf: O.Option<Account.Invalidation> = O.none,
  ): ResultAsync<Account.Account, RefreshError> =>
    inRefreshLane(ports, layout, (lease) => {
      const turn: Turn = { ports, layout, seams, sync, lease, key }
      const look = (): ResultAsync<Looked, RefreshError> =>
        adoptFront(turn).andThen((account) => {
          const { credential, invalidation } = account
          // The issuer's last word on this sign-in, perhaps to somebody we have just waited for.
          if (O.isSome(invalidation) && !isSameMark(invalidation, inSpiteOf))
            return errAsync(refused(key, invalidation.value.code))
          return okAsync({
            account,
            isGood: isOther(seen, credential) && isFreshNow(ports, credential),
          })
        })
      const adoptOrSpend = (
        racesLeft: number,
        pauses: ReadonlyArray<Millis>,
      ): ResultAsync<Account.Account, RefreshError> =>
        look().andThen(({ account, isGood }) => {
          if (isGood) return okAsync(account)
          const { credential } = account
          return spend(turn, credential).orElse((error) => {
            if (error._tag === 'RefreshRefused')
              return judge(turn, credential, error).andThen(() =>
                racesLeft > 0
                  ? adoptOrSpend(racesLeft - 1, pauses)
                  : errAsync(failed(key, 'raced')),
              )
            const [pause, ...later] = pauses
            if (pause === undefined || !mayPass(error)) return errAsync(error)
            return (
              ports.clock
                .sleep(pause)
                .andThen(() => adoptOrSpend(racesLeft, later))
                // An issuer that was slow to fail has left no time for another try.
                .mapErr((again) => (again._tag === 'LockLost' ? error : again))
            )
          })
        })
      return look().andThen(({ account, isGood }) =>
        isGood
          ? okAsync(account)
          : spaced(ports, layout, key, spacing).andThen(() =>
              ports.lock.holding(spendingLock(layout, key), spendingTerms, () =>
                adoptOrSpend(1, Lane.pauses),
              ),
            ),
      )
    })

const isSameMark = O.getEq(
  Eq.struct<Account.Invalidation>({ at: Numbers.Eq, code: Text.Eq }),
).equals

/** What the disk holds of an account, and whether that is what was asked for. */
interface Looked {
  readonly account: Account.Account
  readonly isGood: boolean
}

const spendingLock = ({ spending }: Layout, key: AccountKey): string =>
  `${spending}-${encodeURIComponent(key)}.lock`

const refused = (account: AccountKey, code: string): RefreshError => ({
  _tag: 'RefreshRefused',
  account,
  code,
})

const failed = (
  account: AccountKey,
  code: string,
  status: O.Option<number> = O.none,
): RefreshError => ({ _tag: 'RefreshFailed', account, code, status })

const mayPass = (error: RefreshError): boolean =>
  error._tag === 'RefreshFailed' && O.exists(Lane.isWorthAnother)(error.status)

/** Waits in the lane until a token of this account may be spent, and says so to whoever is next. */
const spaced = (
  ports: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
  key: AccountKey,
  spacing: Spacing,
): ResultAsync<void, never> =>
  ports.files
    .read(layout.lastRefresh)
    .andThen(Lane.parse)
    .map(O.some)
    .orElse(() => okAsync(O.none))
    .andThen((last) =>
      ResultAsync.fromSafePromise(spacing()).andThen((span) => {
        const wait = Lane.waitBefore(key, ports.clock.now(), span)(last)
        return wait > 0 ? ports.clock.sleep(wait) : okAsync(undefined)
      }),
    )
    .andThen(() => ports.files.ensureFolder(layout.runtime))
    .andThen(() =>
      ports.files.replaceVolatile(
        layout.lastRefresh,
        Lane.print({ account: key, at: ports.clock.now() }),
      ),
    )
    // What cannot be noted costs the next one its wait, and nobody an account.
    .orElse(() => okAsync(undefined))

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

/**
 * The account, once the official file was looked at: the CLI may have renewed the same sign-in on its
 * own, and its newer tokens are the good ones; and a file that holds a token which we have spent gets
 * the one in its place, or the CLI would spend it again.
 */
const adoptFront = ({
  key,
  layout,
  lease,
  ports,
  sync,
}: Turn): ResultAsync<Account.Account, PoolError | Pool.NoSuchAccount> =>
  syncInLane(
    ports,
    layout,
    sync,
    lease,
  )({ _tag: 'Renewing' }).andThen(() => accountOf(ports, layout, key))

const spend = (
  turn: Turn,
  previous: Credential.Credential,
): ResultAsync<Account.Account, RefreshError> =>
  noteSpending(
    turn.ports,
    turn.layout,
  )(previous.refresh)
    .andThen(() => turn.lease.confirm(spendMax))
    .andThen(() =>
      askIssuer(turn.ports)(
        TokenResponse.refreshRequest(turn.seams, previous.refresh.reveal()),
      ).mapErr((error) => failed(turn.key, error._tag)),
    )
    .andThen((answer) => renewed(turn.ports, turn.key, previous, answer))
    .andThen((credential) => keep(turn.ports, turn.layout, turn.key, previous, credential))
    .andThen((account) =>
      // What is stored is safe; a file that could not be looked at is mended by the next refresh.
      adoptFront(turn).orElse(() => okAsync(account)),
    )

/** The old token is worth nothing now: a disk that fails for a moment must not cost the account. */
const keep = (
  ports: RefreshPorts,
  layout: Layout,
  key: AccountKey,
  previous: Credential.Credential,
  credential: Credential.Credential,
): ResultAsync<Account.Account, RefreshError> => {
  const storing = Pool.renewed(key, previous.refresh, credential)
  const attempt = (span: Millis, left: Millis): ResultAsync<Account.Account, RefreshError> =>
    changePool(
      ports,
      layout,
    )(storing)
      .andThen((pool) => mustFind(key, pool))
      .orElse((error) =>
        left > 0 && error._tag !== 'NoSuchAccount'
          ? ports.clock
              .sleep(span)
              .andThen(() => attempt(Math.min(2 * span, storeAgainAfterMax), left - span))
          : errAsync(error),
      )
  return attempt(storeAgainAfter, storesFor)
}

const renewed = (
  ports: RefreshPorts,
  key: AccountKey,
  previous: Credential.Credential,
  answer: TokenAnswer,
): ResultAsync<Credential.Credential, RefreshError> => {
  if (answer.status === 200)
    return parseJson(answer.text)
      .andThen(TokenResponse.ofRefresh(ports.clock.now(), previous))
      .mapErr(() => failed(key, 'no_tokens'))
      .asyncAndThen((credential) => okAsync(credential))
  const refusal = TokenResponse.refusalOf(answer.status, answer.text)
  const code = O.getOrElse(() => `http_${answer.status}`)(refusal.code)
  return errAsync(refusal.permanent ? refused(key, code) : failed(key, code, O.some(answer.status)))
}

/**
 * A refused token that another program has meanwhile put another in place of is a race lost: Ok, and
 * nothing happened. Else the sign-in is marked, and the refusal stands.
 */
const judge = (
  turn: Turn,
  spent: Credential.Credential,
  refusal: RefreshError & { readonly _tag: 'RefreshRefused' },
): ResultAsync<void, RefreshError> => {
  const { key, layout, ports } = turn
  const isStill = (account: Account.Account): boolean =>
    Credential.sameSecret(account.credential.refresh, spent.refresh)
  const invalidation = { at: ports.clock.now(), code: refusal.code }
  const marking = (pool: Pool.Pool): Result<Pool.Pool, Pool.NoSuchAccount> =>
    mustFind(key, pool).andThen((account) =>
      isStill(account) ? Pool.invalidate(key, O.none, invalidation)(pool) : ok(pool),
    )
  return adoptFront(turn)
    .andThen((account) =>
      isStill(account)
        ? ports.clock.sleep(othersWriteWithin).andThen(() => adoptFront(turn))
        : okAsync(account),
    )
    .andThen(() => changePool(ports, layout)(marking))
    .andThen((pool) => mustFind(key, pool))
    .andThen((account) => (Account.needsSignIn(account) ? errAsync(refusal) : okAsync(undefined)))
}
