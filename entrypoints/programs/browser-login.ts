/**
 * A sign-in through the browser: it opens the address, and comes back to a listener of ours with the
 * code. Without a browser the person opens the address, or the sign-in goes another way.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, safeTry, type Result, type ResultAsync } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import * as Authorization from '../../core/auth/authorization'
import * as Callback from '../../core/auth/callback'
import * as Pkce from '../../core/auth/pkce'
import { minute, second, type Millis } from '../../core/time'
import { openDoor, type Door, type Final, type Stray } from './callback-listener'
import { once, settleOnAbort, type Once } from './once'
import type { Ports } from './ports'
import { finish, type Ground, type SignedIn, type SignInError, type SignInPorts } from './sign-in'

export type BrowserNews =
  | { readonly _tag: 'Address'; readonly url: string }
  /** A browser has the address. */
  | { readonly _tag: 'Opened' }
  | { readonly _tag: 'NoBrowser'; readonly port: number }
  | Stray

export interface Wish {
  readonly asksWho: boolean
  /** What is done where no browser opens; none to wait for whoever opens the address. */
  readonly instead: O.Option<Instead>
}

type Instead = () => ResultAsync<SignedIn, SignInError>

/** No browser was opened, and nobody was told the address. */
interface Leave {
  readonly _tag: 'Leave'
  readonly instead: Instead
}

/** As long as a person may need for a password and a second factor. */
const waitMax: Millis = 5 * minute

/** For the last page to reach the browser: closing the listener cuts what is still on its way. */
const showFor: Millis = 0.2 * second

export const inBrowser = (
  ports: SignInPorts,
  ground: Ground,
  wish: Wish,
  tell: (news: BrowserNews) => void,
): ResultAsync<SignedIn, SignInError> =>
  safeTry(async function* () {
    const chance = {
      verifier: ports.random.bytes(Pkce.verifierBytes),
      state: ports.random.bytes(Authorization.stateBytes),
    }
    const authorize = Authorization.make(ground.seams, ports.hash.sha256)
    const door = yield* openDoor(
      ports,
      (port) => authorize(chance, { port, asksWho: wish.asksWho, workspace: ground.workspace }),
      tell,
    )
    const outcome: Result<SignedIn, SignInError | Leave> = await visit(
      ports,
      ground,
      wish,
      tell,
      door,
    )
    door.page.settle(
      outcome.match(({ account }) => Callback.welcome(Account.name(account)), Callback.failed),
    )
    yield* farewell(
      ports,
      door,
      outcome.match(() => true, cameFromPage),
    )
    return outcome.match(
      (signedIn) => okAsync<SignedIn, SignInError>(signedIn),
      (error) => (error._tag === 'Leave' ? error.instead() : errAsync(error)),
    )
  })

const visit = (
  ports: SignInPorts,
  ground: Ground,
  { instead }: Wish,
  tell: (news: BrowserNews) => void,
  door: Door,
): ResultAsync<SignedIn, SignInError | Leave> => {
  const { authorization, listener } = door
  const ending = once<Ending>()
  const show = () => tell({ _tag: 'Address', url: authorization.url })
  // Not waited for: a browser that is a script may come back before it says that it is open.
  void ports.browser.open(authorization.url).match(
    () => {
      show()
      tell({ _tag: 'Opened' })
    },
    () => {
      if (O.isSome(instead)) return ending.settle({ _tag: 'Leave', instead: instead.value })
      show()
      tell({ _tag: 'NoBrowser', port: listener.port })
    },
  )
  return codeFrom(ports, door, ending).andThen((code): ResultAsync<SignedIn, SignInError> =>
    finish(
      ports,
      ground,
    )({ code, redirectUri: authorization.redirectUri, verifier: authorization.verifier }),
  )
}

type Ending = Final | Leave | { readonly _tag: 'Interrupted' } | { readonly _tag: 'TimedOut' }

const codeFrom = (
  ports: Pick<Ports, 'clock' | 'terminal'>,
  door: Door,
  ending: Once<Ending>,
): ResultAsync<string, SignInError | Leave> => {
  const over = new AbortController()
  settleOnAbort(ports.terminal.interrupted, { _tag: 'Interrupted' }, ending)
  void door.final.settled.map(ending.settle).unwrapOr(undefined)
  void ports.clock
    .sleep(waitMax, { signal: over.signal })
    .map(() => ending.settle({ _tag: 'TimedOut' }))
    .unwrapOr(undefined)
  return ending.settled.andThen((final): ResultAsync<string, SignInError | Leave> => {
    over.abort()
    switch (final._tag) {
      case 'Code':
        return okAsync(final.code)
      case 'Refused':
        return errAsync({ ...final, _tag: 'SignInRefused' })
      case 'Cancelled':
        return errAsync({ _tag: 'SignInDisplaced' })
      case 'Interrupted':
      case 'Leave':
        return errAsync(final)
      case 'TimedOut':
        return errAsync({ _tag: 'SignInTimedOut', after: waitMax })
    }
  })
}

/** Whether the ending was brought by a browser or another sign-in, which should see its page. */
const cameFromPage = ({ _tag }: SignInError | Leave): boolean =>
  _tag !== 'Interrupted' && _tag !== 'SignInTimedOut' && _tag !== 'Leave'

const farewell = (
  ports: Pick<Ports, 'clock'>,
  { listener }: Door,
  isWatched: boolean,
): ResultAsync<void, never> =>
  isWatched ? ports.clock.sleep(showFor).andThen(listener.close) : listener.close()
