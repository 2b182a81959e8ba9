import * as O from 'fp-ts/Option'
import { createHash } from 'node:crypto'
import * as Authorization from '../../../core/auth/authorization'
import * as Pkce from '../../../core/auth/pkce'

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

const chance = {
  verifier: new Uint8Array(Pkce.verifierBytes).fill(7),
  state: new Uint8Array(Authorization.stateBytes).fill(9),
}
const verifier = Pkce.base64Url(chance.verifier)
const challenge = Pkce.base64Url(sha256(new TextEncoder().encode(verifier)))

const make = Authorization.make({ issuer: 'https://auth.openai.com' }, sha256)

const official = [
  ['response_type', 'code'],
  ['client_id', 'app_EMoamEEZ73f0CkXaXp7hrann'],
  ['redirect_uri', 'http://127.0.0.1:1455/auth/callback'],
  ['code_challenge', challenge],
  ['code_challenge_method', 'S256'],
  ['state', 'CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk'],
  ['scope', 'openid profile email offline_access api.connectors.read api.connectors.invoke'],
  ['id_token_add_organizations', 'true'],
  ['codex_cli_simplified_flow', 'true'],
  ['originator', 'codex_cli_rs'],
]

const queryOf = (url: string) => [...new URL(url).searchParams.entries()]

it('asks exactly what the official CLI asks, in its order', () => {
  const { url } = make(chance, { port: 1455, asksWho: false, workspace: O.none })
  expect(url).toMatch(/^https:\/\/auth\.openai\.com\/oauth\/authorize\?/)
  expect(queryOf(url)).toEqual(official)
})

it('asks who signs in when another account is there already', () => {
  const { url } = make(chance, { port: 1455, asksWho: true, workspace: O.none })
  expect(queryOf(url)).toEqual([...official, ['prompt', 'login']])
})

it('comes back to the port it listens on, with the state and verifier of the URL', () => {
  const authorization = make(chance, { port: 1457, asksWho: false, workspace: O.none })
  expect(authorization.redirectUri).toBe('http://127.0.0.1:1457/auth/callback')
  expect(queryOf(authorization.url)).toContainEqual(['redirect_uri', authorization.redirectUri])
  expect(queryOf(authorization.url)).toContainEqual(['state', authorization.state])
  expect(authorization.state).toHaveLength(43)
  expect(authorization.verifier).toBe(verifier)
})

it('names the one workspace that may be signed in to', () => {
  const { url } = make(chance, { port: 1455, asksWho: false, workspace: O.some('ws 1') })
  expect(url).toContain('&allowed_workspace_id=ws%201')
})
