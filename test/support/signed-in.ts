/** The account commands in a world where people are signed in at the upstream and are in the pool. */
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import * as Pool from '../../core/accounts/pool'
import * as PoolFile from '../../core/storage/pool-file'
import { hour } from '../../core/time'
import { cliWorld, layout, noon, type CliWorld } from './cli'

export interface SignedIn {
  readonly world: CliWorld
  /** In the order of the pool. */
  readonly keys: ReadonlyArray<string>
}

interface Terms {
  readonly names: ReadonlyArray<string>
  /** Of these, those whose access token has ended. */
  readonly stale?: ReadonlyArray<string>
  /** In place of the upstream's. */
  readonly backend?: string
}

export const signedIn = async ({ backend, names, stale = [] }: Terms): Promise<SignedIn> => {
  const probe = await cliWorld()
  const world = await cliWorld({
    environment: { CODEX_MULTI_AUTH_BACKEND: backend ?? probe.upstream.backend },
  })
  const accounts = names.map((name) => {
    const [person] = world.upstream.addPerson({ email: `${name}@mail.test` }).accounts
    const tokens = world.upstream.signIn(person)
    return Account.ofSignIn(noon, {
      access: O.some(Credential.secret(tokens.accessToken)),
      refresh: Credential.secret(tokens.refreshToken),
      id: O.some(Credential.secret(tokens.idToken)),
      expiresAt: O.some(stale.includes(name) ? noon - hour : tokens.expiresAt),
      refreshedAt: O.some(noon),
    })._unsafeUnwrap()
  })
  const pool = accounts.reduce((before, one) => Pool.signIn(one)(before), Pool.empty)
  await put(world, layout.pool, PoolFile.print(pool))
  return { world, keys: accounts.map(Account.key) }
}

export const put = async ({ disk }: CliWorld, path: string, text: string): Promise<void> => {
  disk.mkdir(path.slice(0, path.lastIndexOf('/')), 0o700, noon)
  const file = disk.open(path, 'wx', 0o600, noon)
  disk.write(file, text, noon)
  disk.close(file)
}
