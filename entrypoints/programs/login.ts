/**
 * One sign-in, from what the person is asked to do to the account in the pool.
 * What is said meanwhile goes to `tell`; words are the command's.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import * as Authorization from '../../core/auth/authorization'
import type { Way } from '../../core/auth/way'
import { isOfProject, ofUser } from '../../core/storage/layout'
import { inBrowser, type BrowserNews } from './browser-login'
import { byDeviceCode, type DeviceNews } from './device-login'
import { importFront } from './front-import'
import { byPaste, type PastedNews } from './pasted-login'
import { readPool } from './pool'
import { finish, type Ground, type SignedIn, type SignInError, type SignInPorts } from './sign-in'

export type News =
  /** No account was there before this one. */
  | { readonly _tag: 'FirstSignIn' }
  /** No browser is here, so a code is typed elsewhere; one here could come back to `port`. */
  | { readonly _tag: 'DeviceCodeChosen'; readonly port: number }
  /** The issuer offers no code, so the person opens the address. */
  | { readonly _tag: 'AddressInstead' }
  | BrowserNews
  | DeviceNews
  | PastedNews

type Tell = (news: News) => void

export const signIn = (
  ports: SignInPorts,
  ground: Ground,
  way: Way,
  tell: Tell,
): ResultAsync<SignedIn, SignInError> =>
  safeTry(async function* () {
    const { accounts } = yield* readPool(ports, ground.layout)
    const user = yield* readPool(ports, ofUser(ground.layout)).orElse(() => okAsync(Pool.empty))
    if (accounts.length + user.accounts.length === 0) tell({ _tag: 'FirstSignIn' })
    // Who signs in for a project alone is, as a rule, signed in to a browser as somebody already.
    return go(ports, ground, way, accounts.length > 0 || isOfProject(ground.layout), tell)
  })

const go = (
  ports: SignInPorts,
  ground: Ground,
  way: Way,
  asksWho: boolean,
  tell: Tell,
): ResultAsync<SignedIn, SignInError> => {
  const atAddress = () =>
    inBrowser({ ...ports, browser: noBrowser }, ground, { asksWho, instead: O.none }, tell)
  const byCode = () => byDeviceCode(ports, ground.seams, tell).andThen(finish(ports, ground))
  const byCodeIfOffered = () => {
    tell({ _tag: 'DeviceCodeChosen', port: Authorization.ports[0] })
    return byCode().orElse((error) => {
      if (error._tag !== 'DeviceCodeNotOffered') return errAsync(error)
      tell({ _tag: 'AddressInstead' })
      return atAddress()
    })
  }
  switch (way._tag) {
    case 'Browser': {
      const instead = way.otherwise === 'Address' ? O.none : O.some(byCodeIfOffered)
      return inBrowser(ports, ground, { asksWho, instead }, tell)
    }
    case 'Address':
      return atAddress()
    case 'Pasted':
      return byPaste(ports, ground, asksWho, tell).andThen(finish(ports, ground))
    case 'Imported':
      return importFront(ports, ground)
    case 'DeviceCode':
      return way.isAskedFor ? byCode() : byCodeIfOffered()
  }
}

const noBrowser: SignInPorts['browser'] = { open: () => errAsync({ _tag: 'NoBrowser' }) }
