/**
 * One sign-in through the browser, from the address the person opens to the account in the pool.
 * What is said meanwhile goes to `tell`; words are the command's.
 */
import * as O from 'fp-ts/Option'
import { errAsync, ok, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type { Credential } from '../../core/accounts/credential'
import * as Pool from '../../core/accounts/pool'
import * as Authorization from '../../core/auth/authorization'
import * as Callback from '../../core/auth/callback'
import * as Pkce from '../../core/auth/pkce'
import * as TokenResponse from '../../core/auth/token-response'
import type { Seams } from '../../core/official/seams'
import { parseJson, type Malformed } from '../../core/result'
import type { Layout } from '../../core/storage/layout'
import { minute, second, type Millis } from '../../core/time'
import {
  openDoor,
  type Door,
  type Final,
  type NoCallbackPort,
  type Stray,
} from './callback-listener'
import { signInFront, type Front } from './front-login'
import { once, settleOnAbort } from './once'
import { changePoolTelling, readPool, type PoolError } from './pool'
import type { Ports } from './ports'
import { askIssuer, type TokenRequestError } from './token-request'

export type News =
  /** No account was there before this one. */
  | { readonly _tag: 'FirstSignIn' }
  | { readonly _tag: 'Address'; readonly url: string }
  /** A browser has the address. */
  | { readonly _tag: 'Opened' }
  | { readonly _tag: 'NoBrowser'; readonly port: number }
  | Stray

export interface SignedIn {
  readonly account: Account.Account
  readonly outcome: Pool.SignedIn
  readonly pool: Pool.Pool
  readonly front: Front
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
  | {
      readonly _tag: 'IssuerUnreached'
      readonly issuer: string
      readonly because: TokenRequestError
    }
  | { readonly _tag: 'ExchangeRefused'; readonly status: number; readonly code: O.Option<string> }
  | { readonly _tag: 'ExchangeUnreadable'; readonly because: Malformed }
  /** The issuer gave the account, and the disk did not take it. */
  | { readonly _tag: 'SignInNotStored'; readonly name: string; readonly because: PoolError }

export type SignInPorts = Pick<
  Ports,
  'files' | 'lock' | 'clock' | 'random' | 'hash' | 'http' | 'server' | 'browser' | 'terminal'
>

export interface Ground {
  readonly layout: Layout
  readonly seams: Pick<Seams, 'issuer'>
}

/** As long as a person may need for a password and a second factor. */
const waitMax: Millis = 5 * minute

/** For the last page to reach the browser: closing the listener cuts what is still on its way. */
const showFor: Millis = 0.2 * second

export const signIn = (
  ports: SignInPorts,
  ground: Ground,
  tell: (news: News) => void,
): ResultAsync<SignedIn, SignInError> =>
  safeTry(async function* () {
    const before = yield* readPool(ports, ground.layout)
    const isFirst = before.accounts.length === 0
    if (isFirst) tell({ _tag: 'FirstSignIn' })
    const chance = {
      verifier: ports.random.bytes(Pkce.verifierBytes),
      state: ports.random.bytes(Authorization.stateBytes),
    }
    const authorize = Authorization.make(ground.seams, ports.hash.sha256)
    const door = yield* openDoor(
      ports,
      (port) => authorize(chance, { port, asksWho: !isFirst }),
      tell,
    )
    const outcome = await visit(ports, ground, tell, door)
    door.page.settle(
      outcome.match(({ account }) => Callback.welcome(Account.name(account)), Callback.failed),
    )
    yield* farewell(
      ports,
      door,
      outcome.match(() => true, cameFromPage),
    )
    return outcome
  })

const visit = (
  ports: SignInPorts,
  ground: Ground,
  tell: (news: News) => void,
  door: Door,
): ResultAsync<SignedIn, SignInError> =>
  safeTry(async function* () {
    const { authorization, listener } = door
    tell({ _tag: 'Address', url: authorization.url })
    // Not waited for: a browser that is a script may come back before it says that it is open.
    void ports.browser.open(authorization.url).match(
      () => tell({ _tag: 'Opened' }),
      () => tell({ _tag: 'NoBrowser', port: listener.port }),
    )
    const code = yield* codeFrom(ports, door)
    const credential = yield* exchange(ports, ground.seams, {
      code,
      redirectUri: authorization.redirectUri,
      verifier: authorization.verifier,
    })
    return store(ports, ground.layout, credential)
  })

type Ending = Final | { readonly _tag: 'Interrupted' } | { readonly _tag: 'TimedOut' }

const codeFrom = (
  ports: Pick<Ports, 'clock' | 'terminal'>,
  door: Door,
): ResultAsync<string, SignInError> => {
  const ending = once<Ending>()
  const over = new AbortController()
  settleOnAbort(ports.terminal.interrupted, { _tag: 'Interrupted' }, ending)
  void door.final.settled.map(ending.settle).unwrapOr(undefined)
  void ports.clock
    .sleep(waitMax, { signal: over.signal })
    .map(() => ending.settle({ _tag: 'TimedOut' }))
    .unwrapOr(undefined)
  return ending.settled.andThen((final): ResultAsync<string, SignInError> => {
    over.abort()
    switch (final._tag) {
      case 'Code':
        return okAsync(final.code)
      case 'Refused':
        return errAsync({ ...final, _tag: 'SignInRefused' })
      case 'Cancelled':
        return errAsync({ _tag: 'SignInDisplaced' })
      case 'Interrupted':
        return errAsync(final)
      case 'TimedOut':
        return errAsync({ _tag: 'SignInTimedOut', after: waitMax })
    }
  })
}

const exchange = (
  ports: Pick<Ports, 'http' | 'clock' | 'terminal'>,
  seams: Pick<Seams, 'issuer'>,
  proof: TokenResponse.Exchange,
): ResultAsync<Credential, SignInError> =>
  askIssuer(ports)(TokenResponse.exchangeRequest(seams, proof), ports.terminal.interrupted)
    .mapErr((because): SignInError =>
      because._tag === 'Cancelled'
        ? { _tag: 'Interrupted' }
        : { _tag: 'IssuerUnreached', issuer: seams.issuer, because },
    )
    .andThen(({ status, text }) => {
      if (status < 200 || status > 299) {
        const { code } = TokenResponse.refusalOf(status, text)
        return errAsync<Credential, SignInError>({ _tag: 'ExchangeRefused', status, code })
      }
      return parseJson(text)
        .andThen(TokenResponse.ofExchange(ports.clock.now()))
        .mapErr((because): SignInError => ({ _tag: 'ExchangeUnreadable', because }))
    })

const store = (
  ports: Pick<Ports, 'files' | 'lock' | 'clock'>,
  layout: Layout,
  credential: Credential,
): ResultAsync<SignedIn, SignInError> =>
  safeTry(async function* () {
    const fresh = yield* Account.ofSignIn(ports.clock.now(), credential)
    const { pool, told } = yield* changePoolTelling(
      ports,
      layout,
    )((before) =>
      ok({ pool: Pool.signIn(fresh)(before), told: Pool.whatSignInDoes(fresh)(before) }),
    ).mapErr((because): SignInError => ({
      _tag: 'SignInNotStored',
      name: Account.name(fresh),
      because,
    }))
    const account = O.getOrElse(() => fresh)(Pool.activeAccount(pool))
    const front = yield* signInFront(ports, layout)(account)
    return ok({ account, outcome: told, pool, front })
  })

/** Whether the ending was brought by a browser or another sign-in, which should see its page. */
const cameFromPage = ({ _tag }: SignInError): boolean =>
  _tag !== 'Interrupted' && _tag !== 'SignInTimedOut'

const farewell = (
  ports: Pick<Ports, 'clock'>,
  { listener }: Door,
  isWatched: boolean,
): ResultAsync<void, never> =>
  isWatched ? ports.clock.sleep(showFor).andThen(listener.close) : listener.close()
