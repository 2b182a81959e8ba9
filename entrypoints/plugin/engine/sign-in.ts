/** A sign-in from within a host: its address is shown there, and the account joins the same pool. */
import { ResultAsync } from 'neverthrow'
import * as O from 'fp-ts/Option'
import * as OpenCode from '../../../core/hosts/opencode'
import { inBrowser } from '../../programs/browser-login'
import { byDeviceCode } from '../../programs/device-login'
import {
  finish,
  type Ground,
  type SignedIn,
  type SignInError,
  type SignInPorts,
} from '../../programs/sign-in'
import type { Authorization } from '../host'

export type Way = 'Browser' | 'DeviceCode'

type Outcome = Awaited<ReturnType<Authorization['callback']>>

/** Settles once the person can be told where to go; the account is in the pool when `callback` does. */
export const authorize = (ports: SignInPorts, ground: Ground, way: Way): Promise<Authorization> =>
  new Promise((resolve) => {
    const shown = (url: string, instructions: string): void => {
      resolve({ url, instructions, method: 'auto', callback: () => outcome })
    }
    const outcome = Promise.resolve(
      begin(ports, ground, way, shown).match<Outcome, Outcome>(
        () => ({ ...OpenCode.entry, type: 'success' }),
        () => ({ type: 'failed' }),
      ),
    )
    // Where it ended before there was an address, the host hears of it from the callback.
    void outcome.then(() => shown('', 'The sign-in could not begin. Run: codex-multi-auth login'))
  })

const begin = (
  ports: SignInPorts,
  ground: Ground,
  way: Way,
  shown: (url: string, instructions: string) => void,
): ResultAsync<SignedIn, SignInError> =>
  way === 'Browser'
    ? inBrowser(ports, ground, { asksWho: true, instead: O.none }, (news) => {
        if (news._tag === 'Address') shown(news.url, 'Sign in in the browser.')
      })
    : byDeviceCode(ports, ground.seams, ({ url, userCode }) =>
        shown(url, `Enter the code ${userCode}`),
      ).andThen(finish(ports, ground))
