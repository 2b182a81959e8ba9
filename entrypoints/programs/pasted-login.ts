/**
 * A sign-in whose answer is pasted: the browser is on another machine, ends at an address that
 * reaches nobody, and the person brings that address here. No port is listened on.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import * as Authorization from '../../core/auth/authorization'
import * as Pasted from '../../core/auth/pasted'
import * as Pkce from '../../core/auth/pkce'
import type { Exchange } from '../../core/auth/token-response'
import type { Ports } from './ports'
import type { Ground, SignInError } from './sign-in'

export type PastedNews =
  | { readonly _tag: 'PasteAddress'; readonly url: string }
  | { readonly _tag: 'PasteAgain'; readonly lacks: Pasted.Unusable['lacks'] }

type PastedPorts = Pick<Ports, 'random' | 'hash' | 'terminal'>

/** How often a person is asked; a program that brings the wrong text brings no better one. */
const triesMax = 3

export const byPaste = (
  ports: PastedPorts,
  { seams, workspace }: Pick<Ground, 'seams' | 'workspace'>,
  asksWho: boolean,
  tell: (news: PastedNews) => void,
): ResultAsync<Exchange, SignInError> => {
  const { url, state, redirectUri, verifier } = Authorization.make(seams, ports.hash.sha256)(
    {
      verifier: ports.random.bytes(Pkce.verifierBytes),
      state: ports.random.bytes(Authorization.stateBytes),
    },
    { port: Authorization.ports[0], asksWho, workspace },
  )
  tell({ _tag: 'PasteAddress', url })
  const tries = ports.terminal.isInteractive.input ? triesMax : 1
  return codeFrom(ports, state, tries, tell).map((code) => ({ code, redirectUri, verifier }))
}

const codeFrom = (
  ports: Pick<Ports, 'terminal'>,
  state: string,
  left: number,
  tell: (news: PastedNews) => void,
): ResultAsync<string, SignInError> =>
  ports.terminal.readLine().andThen((line): ResultAsync<string, SignInError> => {
    if (ports.terminal.interrupted.aborted) return errAsync({ _tag: 'Interrupted' })
    const pasted = Pasted.of(state)(O.getOrElse(() => '')(line))
    switch (pasted._tag) {
      case 'Code':
        return okAsync(pasted.code)
      case 'Refused':
        return errAsync({ ...pasted, _tag: 'SignInRefused' })
      case 'Cancelled':
        return errAsync({ _tag: 'SignInCancelled' })
      case 'Unusable':
        if (left <= 1) return errAsync({ _tag: 'PasteUnusable', lacks: pasted.lacks })
        tell({ _tag: 'PasteAgain', lacks: pasted.lacks })
        return codeFrom(ports, state, left - 1, tell)
    }
  })
