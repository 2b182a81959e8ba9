/**
 * Tries the sign-ins of accounts that are set aside. The token of one is spent as any other, in the
 * lane, by an account of the pool: so it is in the pool while it is tried, marked, and serves nobody.
 * It stays in its own file too until its new tokens are stored, so that whoever dies here loses nothing.
 */
import * as O from 'fp-ts/Option'
import { errAsync, ok, okAsync, ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import * as Flagged from '../../core/accounts/flagged'
import * as Pool from '../../core/accounts/pool'
import type { Seams } from '../../core/official/seams'
import type { Layout } from '../../core/storage/layout'
import { readFlagged } from './flagged-reading'
import { changePoolTelling, type PoolError } from './pool'
import { refreshAccount, type RefreshError, type RefreshPorts, type RefreshTerms } from './refresh'
import { noLongerSetAside, setAside } from './set-aside'

export type Outcome =
  /** Its sign-in works, and it is in the pool. */
  | { readonly _tag: 'Restored' }
  /** Its sign-in works, and it stays set aside as asked. */
  | { readonly _tag: 'Healthy' }
  /** The issuer will not have it any more. */
  | { readonly _tag: 'Refused'; readonly code: string }
  /** It could not be told now. */
  | { readonly _tag: 'Untold'; readonly code: string }
  | { readonly _tag: 'Untried' }

export interface Verified {
  readonly account: Account.Account
  readonly because: string
  readonly outcome: Outcome
}

export interface VerifyTerms extends RefreshTerms {
  readonly isDry: boolean
  /** Whether one that works goes back into the pool. */
  readonly restores: boolean
}

export const verifyFlagged =
  (ports: RefreshPorts, layout: Layout, seams: Seams) =>
  (terms: VerifyTerms): ResultAsync<ReadonlyArray<Verified>, PoolError> =>
    readFlagged(ports, layout).andThen(({ flagged }) =>
      // One after the other, as refreshes are.
      Flagged.oneOfEach(flagged).reduce<ResultAsync<ReadonlyArray<Verified>, PoolError>>(
        (before, one) =>
          before.andThen((done) =>
            (terms.isDry
              ? okAsync<Outcome, PoolError>({ _tag: 'Untried' })
              : verify(ports, layout, seams, terms)(one)
            ).map((outcome) => [...done, { account: one.account, because: one.because, outcome }]),
          ),
        okAsync([]),
      ),
    )

const verify =
  (ports: RefreshPorts, layout: Layout, seams: Seams, terms: VerifyTerms) =>
  (flagged: Flagged.Flagged): ResultAsync<Outcome, PoolError> =>
    changePoolTelling(
      ports,
      layout,
    )((before) => {
      const pool = Pool.takeBack(flagged)(before)
      return ok({ pool, told: Pool.rowOf(flagged.account)(pool) })
    }).andThen(({ told: account }) =>
      // A sign-in that came after it was set aside has nothing to prove.
      O.isNone(account) || !isStill(flagged, account.value)
        ? noLongerSetAside(ports, layout, flagged.account).map((): Outcome => ({
            _tag: 'Restored',
          }))
        : tryAgain(
            ports,
            layout,
            seams,
            terms,
          )(account.value)
            .andThen((renewed) => keep(ports, layout, terms, { ...flagged, account: renewed }))
            .orElse((error) => putBack(ports, layout, flagged, error)),
    )

const isStill = ({ account }: Flagged.Flagged, row: Account.Account): boolean =>
  Account.needsSignIn(row) &&
  Credential.sameSecret(row.credential.refresh, account.credential.refresh)

const tryAgain =
  (ports: RefreshPorts, layout: Layout, seams: Seams, terms: VerifyTerms) =>
  (account: Account.Account): ResultAsync<Account.Account, RefreshError> =>
    refreshAccount(
      ports,
      layout,
      seams,
      terms,
    )(
      Account.key(account),
      O.map((token: Credential.Secret) => token.reveal())(account.credential.access),
      account.invalidation,
    )

const keep = (
  ports: RefreshPorts,
  layout: Layout,
  { restores }: VerifyTerms,
  renewed: Flagged.Flagged,
): ResultAsync<Outcome, PoolError> =>
  restores
    ? noLongerSetAside(ports, layout, renewed.account).map((): Outcome => ({ _tag: 'Restored' }))
    : leave(ports, layout, { ...renewed, lastError: O.none }).map((): Outcome => ({
        _tag: 'Healthy',
      }))

/** Set aside again, and out of the pool after that. */
const leave = (
  ports: RefreshPorts,
  layout: Layout,
  flagged: Flagged.Flagged,
): ResultAsync<void, PoolError> =>
  setAside(ports, layout, flagged)
    .andThen(() =>
      changePoolTelling(
        ports,
        layout,
      )((before) =>
        Pool.remove(Account.key(flagged.account))(before)
          .map((pool) => ({ pool, told: undefined }))
          .orElse(() => ok({ pool: before, told: undefined })),
      ),
    )
    .map(() => undefined)

const putBack = (
  ports: RefreshPorts,
  layout: Layout,
  flagged: Flagged.Flagged,
  error: RefreshError,
): ResultAsync<Outcome, PoolError> => {
  switch (error._tag) {
    case 'RefreshRefused':
    case 'RefreshFailed': {
      const _tag = error._tag === 'RefreshRefused' ? 'Refused' : 'Untold'
      return leave(ports, layout, { ...flagged, lastError: O.some(error.code) }).map(
        (): Outcome => ({ _tag, code: error.code }),
      )
    }
    case 'NoSuchAccount':
      // Removed meanwhile, by a person.
      return okAsync({ _tag: 'Untold', code: 'removed' })
    default:
      return errAsync(error)
  }
}
