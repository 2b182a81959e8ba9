/** Our own program as a person runs it, from `dist/`, and a home with a pool for it. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import type { Tokens } from '../../../entrypoints/embed/testing/tokens'
import { hostEnvironment, officialBinary, type OfficialRun } from './official'
import type { Home } from './home'
import { runProgram, type Ran } from './run-program'

export const program = join(__dirname, '..', '..', '..', 'dist', 'main.js')

/** Runs `codex-multi-auth codex ...` with the simulated upstream behind it. */
export const runProduct = (run: OfficialRun, ...given: ReadonlyArray<string>): Promise<Ran> =>
  runProgram({
    program: process.execPath,
    arguments: [program, ...given],
    cwd: run.home.workspace,
    environment: productEnvironment(run),
    ...(run.input === undefined ? {} : { input: run.input }),
    ...(run.timeMax === undefined ? {} : { timeMax: run.timeMax }),
  })

export const productEnvironment = (run: OfficialRun): Record<string, string> => ({
  ...hostEnvironment(run),
  CODEX_MULTI_AUTH_ISSUER: run.upstream.issuer,
  CODEX_MULTI_AUTH_BACKEND: run.upstream.backend,
  CODEX_MULTI_AUTH_REAL_CODEX_BIN: officialBinary(),
  ...run.environment,
})

export interface Row {
  readonly account: Person
  readonly tokens: Tokens
}

/** Puts the accounts into the pool in this order; the first is the active one. */
export const writePool = async (home: Home, rows: ReadonlyArray<Row>): Promise<void> => {
  const root = join(home.path, 'multi-auth')
  await mkdir(root, { recursive: true, mode: 0o700 })
  const pool = rows
    .map(signedIn)
    .reduce((before, account) => Pool.signIn(account)(before), Pool.empty)
  const [first] = rows
  const active = first === undefined ? O.none : O.some(first.account.key)
  // Of a pool that was here before, our copy brings back whom this one leaves out.
  await rm(`${poolFile(home)}.kept`, { force: true })
  await writeFile(poolFile(home), PoolFile.print({ ...pool, active }), { mode: 0o600 })
}

const signedIn = ({ tokens }: Row): Account.Account =>
  Account.ofSignIn(Date.now(), {
    access: O.some(Credential.secret(tokens.accessToken)),
    refresh: Credential.secret(tokens.refreshToken),
    id: O.some(Credential.secret(tokens.idToken)),
    expiresAt: O.some(tokens.expiresAt),
    refreshedAt: O.some(Date.now()),
  })._unsafeUnwrap()

const poolFile = (home: Home): string => join(home.path, 'multi-auth', 'openai-codex-accounts.json')

export const readPool = async (home: Home): Promise<Pool.Pool> =>
  PoolFile.parse(await readFile(poolFile(home), 'utf8'))._unsafeUnwrap()
