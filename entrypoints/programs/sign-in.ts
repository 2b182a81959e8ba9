/**
 * What every way to sign in ends with: a code is exchanged for tokens, and their account goes into
 * the pool. The ways differ in how they come by the code.
 */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { Credential } from '../../core/accounts/credential'
import * as Flagged from '../../core/accounts/flagged'
import * as Pool from '../../core/accounts/pool'
import type { Unusable } from '../../core/auth/pasted'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import type * as Sync from '../../core/official/sync'
import { parseJson, type Malformed } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import type { Millis } from '../../core/time'
import type { NoCallbackPort } from './callback-listener'
import { syncFront, type Front, type FrontPorts } from './front-sync'
import { changePoolTelling, type PoolError } from './pool'
import type { Ports } from './ports'
import { noLongerSetAside } from './set-aside'
import { askIssuer, type TokenRequestError } from './token-request'

export interface SignedIn {
  readonly account: Account.Account
  readonly outcome: Pool.SignedIn
  readonly pool: Pool.Pool
  readonly front: Front
}

/** The official CLI's sign-in cannot be taken over. */
export interface FrontUnusable {
  readonly _tag: 'FrontUnusable'
  readonly path: string
  /** `OfUser`: it lives together with the user's accounts, and a project's are no place for it. */
  readonly because: 'Missing' | 'Unreadable' | 'ApiKey' | 'NoTokens' | 'OfUser'
}

export type SignInError =
  | PoolError
  | NoCallbackPort
  | Account.NoAccountId
  | { readonly _tag: 'Interrupted' }
  | { readonly _tag: 'SignInTimedOut'; readonly after: Millis }
  /** Another sign-in took over the port. */
  | { readonly _tag: 'SignInDisplaced' }
  | {
      readonly _tag: 'SignInRefused'
      readonly error: string
      readonly description: O.Option<string>
    }
  | FrontUnusable
  | {
      readonly _tag: 'OtherWorkspace'
      readonly wanted: string
      readonly got: string
      readonly name: string
    }
  | { readonly _tag: 'SignInCancelled' }
  | { readonly _tag: 'PasteUnusable'; readonly lacks: Unusable['lacks'] }
  /** The issuer offers no device code to this person. */
  | { readonly _tag: 'DeviceCodeNotOffered' }
  | { readonly _tag: 'DeviceCodeRefused'; readonly status: number; readonly code: O.Option<string> }
  | {
      readonly _tag: 'IssuerUnreached'
      readonly issuer: string
      readonly because: TokenRequestError
    }
  | { readonly _tag: 'ExchangeRefused'; readonly status: number; readonly code: O.Option<string> }
  | { readonly _tag: 'ExchangeUnreadable'; readonly because: Malformed }
  /** The issuer gave the account, and the disk did not take it. */
  | { readonly _tag: 'SignInNotStored'; readonly name: string; readonly because: PoolError }

export type SignInPorts = FrontPorts &
  Pick<Ports, 'random' | 'http' | 'server' | 'browser' | 'terminal'>

export interface Ground {
  readonly layout: Layout
  readonly seams: Pick<Seams, 'issuer'>
  /** The ChatGPT account that must have signed in, by its id; none for any. */
  readonly workspace: O.Option<string>
  /** The setting `syncCodexCli`. */
  readonly sync: Sync.Mode
}

type FinishPorts = FrontPorts & Pick<Ports, 'http' | 'terminal'>

/** A code works once: what comes after it is not tried twice. */
export const finish =
  (ports: FinishPorts, ground: Ground) =>
  (proof: TokenResponse.Exchange): ResultAsync<SignedIn, SignInError> =>
    exchange(ports, ground.seams, proof).andThen((credential) =>
      store(ports, ground, credential, Pool.signIn),
    )

/** A question that was broken off, or that came to nothing, as the sign-in's end. */
export const unreached =
  ({ issuer }: Pick<Seams, 'issuer'>) =>
  (because: TokenRequestError): SignInError =>
    because._tag === 'Cancelled'
      ? { _tag: 'Interrupted' }
      : { _tag: 'IssuerUnreached', issuer, because }

const exchange = (
  ports: Pick<Ports, 'http' | 'clock' | 'terminal'>,
  seams: Pick<Seams, 'issuer'>,
  proof: TokenResponse.Exchange,
): ResultAsync<Credential, SignInError> =>
  askIssuer(ports)(TokenResponse.exchangeRequest(seams, proof), ports.terminal.interrupted)
    .mapErr(unreached(seams))
    .andThen(({ status, text }) => {
      if (status < 200 || status > 299) {
        const { code } = TokenResponse.refusalOf(status, text)
        return errAsync<Credential, SignInError>({ _tag: 'ExchangeRefused', status, code })
      }
      return parseJson(text)
        .andThen(TokenResponse.ofExchange(ports.clock.now()))
        .mapErr((because): SignInError => ({ _tag: 'ExchangeUnreadable', because }))
    })

export const store = (
  ports: FrontPorts,
  { layout, sync, workspace }: Pick<Ground, 'layout' | 'sync' | 'workspace'>,
  credential: Credential,
  join: (account: Account.Account) => (pool: Pool.Pool) => Pool.Pool,
): ResultAsync<SignedIn, SignInError> =>
  safeTry(async function* () {
    const fresh = yield* Account.ofSignIn(ports.clock.now(), credential)
    const { accountId } = fresh.identity
    if (O.isSome(workspace) && workspace.value !== accountId) {
      return err<never, SignInError>({
        _tag: 'OtherWorkspace',
        ...{ wanted: workspace.value, got: accountId, name: Account.name(fresh) },
      })
    }
    const { pool, told: before } = yield* changePoolTelling(
      ports,
      layout,
    )((before) => ok({ pool: join(fresh)(before), told: before })).mapErr(
      (because): SignInError => ({
        _tag: 'SignInNotStored',
        name: Account.name(fresh),
        because,
      }),
    )
    const account = O.getOrElse(() => fresh)(Pool.activeAccount(pool))
    // One that is in the pool counts as there: what is left of it here is removed when it can be.
    if (before.flagged.some(Flagged.isOf(fresh)))
      yield* noLongerSetAside(ports, layout, fresh).orElse(() => okAsync(undefined))
    const front = yield* syncFront(ports, layout, sync)({ _tag: 'SignedIn', before })
    return ok({ account, outcome: Pool.whatSignInDoes(fresh)(before), pool, front })
  })
