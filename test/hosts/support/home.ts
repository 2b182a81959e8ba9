/**
 * Throw-away homes for the real hosts: `HOME` and `CODEX_HOME` in one, and an empty folder to work in.
 *
 * They lie beside the installed hosts and not in the system's temporary folder, where the official
 * CLI says a word about its PATH.
 */
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from '../../../entrypoints/embed/testing/people'
import type { Tokens } from '../../../entrypoints/embed/testing/tokens'

export interface Home {
  readonly path: string
  /** Where a host is started: empty, and no Git repository. */
  readonly workspace: string
  /** Writes `auth.json` as `codex login` does. */
  readonly writeLogin: (tokens: Tokens, account: Account, now?: number) => Promise<void>
  /** What `auth.json` holds; null when it is not there. */
  readonly readLogin: () => Promise<Login | null>
  readonly remove: () => Promise<void>
}

/** The official CLI's file, as far as tests look into it. */
export interface Login {
  readonly auth_mode?: string
  readonly last_refresh?: string
  readonly tokens: {
    readonly id_token: string
    readonly access_token: string
    readonly refresh_token: string
    readonly account_id: string
  }
}

const homes = join(__dirname, '..', 'node_modules', '.cache', 'homes')

const loginOf = (
  tokens: Tokens,
  account: Account,
  now: number,
): Login & Record<string, unknown> => ({
  auth_mode: 'chatgpt',
  OPENAI_API_KEY: null,
  tokens: {
    id_token: tokens.idToken,
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    account_id: account.accountId,
  },
  last_refresh: new Date(now).toISOString(),
})

export const makeHome = async (): Promise<Home> => {
  await mkdir(homes, { recursive: true })
  const path = await mkdtemp(join(homes, 'home-'))
  const workspace = join(path, 'workspace')
  await chmod(path, 0o700)
  await mkdir(workspace)
  const file = join(path, 'auth.json')
  return {
    path,
    workspace,
    writeLogin: (tokens, account, now = Date.now()) =>
      writeFile(file, JSON.stringify(loginOf(tokens, account, now), null, 2), { mode: 0o600 }),
    readLogin: async () =>
      existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Login) : null,
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
