/**
 * One sign-in through the browser: the URL the person opens and the secrets that tie the answer to
 * it (protocol.md, section 2).
 */
import * as O from 'fp-ts/Option'
import { clientId, type Seams } from '../official/seams'
import * as Pkce from './pkce'

export interface Authorization {
  readonly url: string
  readonly redirectUri: string
  readonly state: string
  readonly verifier: string
}

/** 32 bytes make a state of 43 characters. */
export const stateBytes = 32

export interface Chance {
  /** `Pkce.verifierBytes` bytes fit for secrets. */
  readonly verifier: Uint8Array
  /** `stateBytes` bytes fit for secrets. */
  readonly state: Uint8Array
}

export interface Wish {
  /** The port the callback is listened for on: one of the two the issuer knows. */
  readonly port: number
  /**
   * Makes the issuer ask who signs in, instead of taking the browser's present login. Without it a
   * second account could not be added from the browser that is signed in to the first.
   */
  readonly asksWho: boolean
  /** The one ChatGPT account the issuer may sign in to; none for any. */
  readonly workspace: O.Option<string>
}

/** The ports registered with the issuer, the one to try first at the head. */
export const ports: readonly [first: number, second: number] = [1455, 1457]

export const callbackPath = '/auth/callback'

const scope = 'openid profile email offline_access api.connectors.read api.connectors.invoke'

type Parameter = readonly [name: string, value: string]

const asking: Parameter = ['prompt', 'login']

/** As the official CLI sends it with `forced_chatgpt_workspace_id`. */
const allowing = (id: string): Parameter => ['allowed_workspace_id', id]

export const make =
  (seams: Pick<Seams, 'issuer'>, sha256: (bytes: Uint8Array) => Uint8Array) =>
  (chance: Chance, wish: Wish): Authorization => {
    const pkce = Pkce.make(chance.verifier, sha256)
    const state = Pkce.base64Url(chance.state)
    const redirectUri = `http://127.0.0.1:${wish.port}${callbackPath}`
    const query: ReadonlyArray<Parameter> = [
      ['response_type', 'code'],
      ['client_id', clientId],
      ['redirect_uri', redirectUri],
      ['code_challenge', pkce.challenge],
      ['code_challenge_method', 'S256'],
      ['state', state],
      ['scope', scope],
      ['id_token_add_organizations', 'true'],
      ['codex_cli_simplified_flow', 'true'],
      ['originator', 'codex_cli_rs'],
      ...(wish.asksWho ? [asking] : []),
      ...(O.isSome(wish.workspace) ? [allowing(wish.workspace.value)] : []),
    ]
    // As the official CLI writes it: a space is %20.
    const written = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    const url = `${seams.issuer}/oauth/authorize?${written}`
    return { url, redirectUri, state, verifier: pkce.verifier }
  }
