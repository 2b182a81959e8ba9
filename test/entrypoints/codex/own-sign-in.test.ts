/** What a run of the official CLI does to its own sign-in before it starts. */
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as PoolFile from '../../../core/storage/pool-file'
import { home, pool, run, type Setting } from '../../support/codex'
import { accountOf } from '../../support/tokens'

const authFile = `${home}/auth.json`
const seenFile = `${home}/multi-auth/front-login.json`

const ada = accountOf({ accountId: 'acc-ada', userId: 'user-ada', email: 'ada@mail.test' })
const accounts = { [pool]: PoolFile.print(Pool.signIn(ada)(Pool.empty)) }

/** Runs `exec` and gives who the official CLI is signed in as. */
const front = async (setting: Setting = {}, line = 'exec x') => {
  const { disk, said, starts } = await run(line, {
    ...setting,
    files: { ...accounts, ...setting.files },
  })
  const text = disk.snapshot()[authFile]
  const login = JSON.parse(text ?? 'null') as { tokens: { refresh_token: string } } | null
  return { disk, said, starts, token: login?.tokens.refresh_token }
}

it('signs in who was never signed in, for the person alone', async () => {
  const { disk, said, token } = await front()
  expect(token).toBe(ada.credential.refresh.reveal())
  expect(disk.modeOf(authFile)).toBe(0o600)
  expect(Object.keys(disk.snapshot())).toContain(seenFile)
  expect(said).toBe('')
})

it.each<{ name: string; setting?: Setting; line?: string }>([
  { name: 'after a logout', setting: { files: { [seenFile]: '{"version":1,"seenAt":1}' } } },
  {
    name: 'that is kept elsewhere',
    setting: { files: { [`${home}/config.toml`]: 'cli_auth_credentials_store = "keyring"' } },
  },
  {
    name: 'that is kept elsewhere by an argument',
    line: 'exec -c cli_auth_credentials_store="keyring" x',
  },
  {
    name: 'that the person wants never written',
    setting: { environment: { CODEX_AUTH_SYNC_CODEX_CLI: 'never' } },
  },
  {
    name: 'of an account whose sign-in is lost',
    setting: {
      files: {
        [pool]: PoolFile.print(
          Pool.signIn(Account.invalidated({ at: 1, code: 'token_revoked' })(ada))(Pool.empty),
        ),
      },
    },
  },
])('makes no sign-in $name', async ({ setting, line }) => {
  const { said, starts, token } = await front(setting, line)
  expect({ said, starts, token }).toEqual({ said: '', starts: 1, token: undefined })
})

describe('of an account that came without an id token', () => {
  const credential = { ...ada.credential, id: O.none }
  const files = { [pool]: PoolFile.print(Pool.signIn({ ...ada, credential })(Pool.empty)) }

  it.each(['exec x', 'review'])('makes no sign-in for %s, which needs none', async (line) => {
    const ran = await front({ files }, line)
    expect([ran.said, ran.starts, ran.token]).toEqual(['', 1, undefined])
  })

  it.each(['', 'resume'])('says how to get one where codex %s asks for it', async (line) => {
    const { said, starts, token } = await front({ files }, line)
    expect({ starts, token }).toEqual({ starts: 1, token: undefined })
    expect(said).toBe(
      'codex-multi-auth: Codex may find itself signed out: it lacks a token that only a new sign-in gives. To sign in again: codex-multi-auth login\n',
    )
  })
})

it('runs without, and says so, while another program holds the lock', async () => {
  const programs = { flock: () => ({ _tag: 'Killed', signal: 'SIGKILL' }) as const }
  const { said, starts, token } = await front({ programs })
  // The program of the lock, and Codex.
  expect({ starts, token }).toEqual({ starts: 2, token: undefined })
  expect(said).toBe(
    `codex-multi-auth: Codex may find itself signed out: another program holds the lock on ${authFile} and takes long.\n`,
  )
})
