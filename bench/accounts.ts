/** Accounts as a sign-in at the simulated issuer makes them, with tokens of real claims. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as O from 'fp-ts/Option'
import { nodeRandom } from '../adapters/node/random'
import * as Account from '../core/accounts/account'
import * as Credential from '../core/accounts/credential'
import * as Pool from '../core/accounts/pool'
import * as PoolFile from '../core/storage/pool-file'
import * as People from '../entrypoints/embed/testing/people'
import * as Tokens from '../entrypoints/embed/testing/tokens'
import { built } from './places'

export interface SignedIn {
  readonly accountId: string
  readonly tokens: Tokens.Tokens
}

/** This many people with an account each. */
export const signedIn = (count: number): ReadonlyArray<SignedIn> => {
  const people = People.create()
  const vault = Tokens.vault({
    issuer: 'https://auth.openai.com',
    random: nodeRandom(),
    lifetimes: Tokens.lifetimes,
    reuseEndsFamily: false,
  })
  const now = Date.now()
  return Array.from({ length: count }, (_, index) => {
    const [account] = people.add({ email: `person-${index}@mail.test` }, now).accounts
    return { accountId: account.accountId, tokens: vault.issue(account, now) }
  })
}

/** The text of a pool of these; the first is the active one. */
export const poolText = (rows: ReadonlyArray<SignedIn>): string => {
  const accounts = rows.map(({ tokens }) =>
    Account.ofSignIn(Date.now(), {
      access: O.some(Credential.secret(tokens.accessToken)),
      refresh: Credential.secret(tokens.refreshToken),
      id: O.some(Credential.secret(tokens.idToken)),
      expiresAt: O.some(tokens.expiresAt),
      refreshedAt: O.some(Date.now()),
    })._unsafeUnwrap(),
  )
  const active = O.map(Account.key)(O.fromNullable(accounts[0]))
  return PoolFile.print({ ...Pool.empty, accounts, active })
}

/** As `codex login` writes it. */
const loginText = ({ accountId, tokens }: SignedIn): string =>
  JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      account_id: accountId,
    },
    last_refresh: new Date().toISOString(),
  })

/** A `CODEX_HOME` with a login and a pool; it is gone when `use` ends. */
export const withHome = async <A>(
  rows: ReadonlyArray<SignedIn>,
  use: (home: string) => Promise<A>,
): Promise<A> => {
  // Not in the system's temporary folder, where the official CLI says a word about its PATH.
  const home = await mkdtemp(join(built, 'home-'))
  try {
    await mkdir(join(home, 'multi-auth'), { mode: 0o700 })
    await writeFile(join(home, 'multi-auth', 'openai-codex-accounts.json'), poolText(rows), {
      mode: 0o600,
    })
    const [front] = rows
    if (front !== undefined)
      await writeFile(join(home, 'auth.json'), loginText(front), { mode: 0o600 })
    return await use(home)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
