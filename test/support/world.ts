/**
 * A world in memory: time, a disk and a network that simulated processes share, the simulated upstream
 * on that network, and people who are signed in with it and stand in the pool.
 */
import * as O from 'fp-ts/Option'
import { memoryClock } from '../../adapters/memory/clock'
import { memoryCompression } from '../../adapters/memory/compression'
import { memoryDisk, type Disk } from '../../adapters/memory/disk'
import { memoryFileSystem } from '../../adapters/memory/file-system'
import { memoryHash } from '../../adapters/memory/hash'
import { memoryHttp } from '../../adapters/memory/http'
import { memoryHttpServer } from '../../adapters/memory/http-server'
import { memoryLock } from '../../adapters/memory/lock'
import { memoryNetwork, type Network } from '../../adapters/memory/network'
import { memoryProcess } from '../../adapters/memory/process'
import { memoryRandom } from '../../adapters/memory/random'
import {
  scheduler,
  type Disturb,
  type Scheduler,
  type SimulatedProcess,
} from '../../adapters/memory/scheduler'
import { memoryTerminal } from '../../adapters/memory/terminal'
import { memoryWatcher } from '../../adapters/memory/watcher'
import * as Account from '../../core/accounts/account'
import * as Credential from '../../core/accounts/credential'
import * as Pool from '../../core/accounts/pool'
import type { Seams } from '../../core/official/seams'
import * as Layout from '../../core/storage/layout'
import * as PoolFile from '../../core/storage/pool-file'
import type { Instant } from '../../core/time'
import type { Account as Person } from '../../entrypoints/embed/testing/people'
import type { Tokens } from '../../entrypoints/embed/testing/tokens'
import {
  startUpstream,
  type Options,
  type Upstream,
} from '../../entrypoints/embed/testing/upstream'

export interface World {
  readonly time: Scheduler
  readonly disk: Disk
  readonly network: Network
  readonly upstream: Upstream
  readonly seams: Seams
  /** In pool order. */
  readonly people: ReadonlyArray<SignedIn>
  /** The pool on the disk. */
  readonly pool: () => Pool.Pool
  /** Puts a text on the disk as some other program would, at once. */
  readonly write: (path: string, text: string) => void
  readonly text: (path: string) => string
}

export interface SignedIn {
  /** What stands before the `@` of the e-mail. */
  readonly name: string
  readonly account: Person
  readonly tokens: Tokens
}

export interface WorldTerms {
  readonly seed?: number
  /** Who is in the pool; ada, grace and barbara when left out. */
  readonly names?: ReadonlyArray<string>
  /** Of these, access tokens that have ended. */
  readonly stale?: ReadonlyArray<string>
  readonly options?: Options
  readonly disturb?: Disturb
}

export const layout = Layout.of({
  home: '/home/ada',
  codexHome: undefined,
  ownRoot: undefined,
})

export const makeWorld = async (terms: WorldTerms = {}): Promise<World> => {
  const { names = ['ada', 'grace', 'barbara'], stale = [], seed = 7, disturb } = terms
  const time = scheduler(seed, disturb === undefined ? {} : { disturb })
  const network = memoryNetwork(time)
  const disk = memoryDisk({ [layout.codexHome]: null })
  const remote = time.process('upstream')
  const started = await startUpstream(
    {
      httpServer: memoryHttpServer(remote, network),
      clock: memoryClock(remote),
      random: memoryRandom(remote),
      hash: memoryHash(),
    },
    terms.options,
  )
  const upstream = started._unsafeUnwrap()
  const people = names.map((name): SignedIn => {
    const [account] = upstream.addPerson({ email: `${name}@mail.test` }).accounts
    const lifetimes = stale.includes(name) ? { lifetimes: { access: -1 } } : {}
    return { name, account, tokens: upstream.signIn(account, lifetimes) }
  })
  const write = (path: string, text: string): void => put(disk, path, text, time.now())
  write(layout.pool, PoolFile.print(poolOf(people, time.now())))
  return {
    ...{ time, disk, network, upstream, people, write },
    seams: { issuer: upstream.issuer, backend: upstream.backend, isRealBackend: false },
    text: (path) => disk.snapshot()[path] ?? '',
    pool: () => PoolFile.parse(disk.read(layout.pool))._unsafeUnwrap(),
  }
}

const put = (disk: Disk, path: string, text: string, at: Instant): void => {
  disk.mkdir(path.slice(0, path.lastIndexOf('/')), 0o700, at)
  const draft = `${path}.other`
  const file = disk.open(draft, 'wx', 0o600, at)
  disk.write(file, text, at)
  disk.close(file)
  disk.rename(draft, path, at)
}

/** All ports over one process; what it says is told by its terminal. */
export const portsOf = (
  { disk, network }: World,
  process: SimulatedProcess,
  isOurs = O.some(true),
) => ({
  files: memoryFileSystem(process, disk),
  lock: memoryLock(process, disk),
  clock: memoryClock(process),
  random: memoryRandom(process),
  hash: memoryHash(),
  http: memoryHttp(process, network),
  compression: memoryCompression(),
  server: memoryHttpServer(process, network, isOurs),
  process: memoryProcess(process),
  terminal: memoryTerminal(process),
  watcher: memoryWatcher(process, disk),
})

const credentialOf = (tokens: Tokens, at: Instant): Credential.Credential => ({
  access: O.some(Credential.secret(tokens.accessToken)),
  refresh: Credential.secret(tokens.refreshToken),
  id: O.some(Credential.secret(tokens.idToken)),
  expiresAt: O.some(tokens.expiresAt),
  refreshedAt: O.some(at),
})

export const poolOf = (people: ReadonlyArray<SignedIn>, at: Instant): Pool.Pool =>
  people.reduce(
    (pool, { tokens }) =>
      Pool.signIn(Account.ofSignIn(at, credentialOf(tokens, at))._unsafeUnwrap())(pool),
    Pool.empty,
  )

/** A world with those of its people in the pool; the others are signed in and unknown here. */
export const keepOnly = (world: World, names: ReadonlyArray<string>): void => {
  const kept = world.people
    .filter(({ name }) => names.includes(name))
    .map(({ account }) => account.key)
  const pool = world.pool()
  const accounts = pool.accounts.filter((account) => kept.includes(Account.key(account)))
  world.write(layout.pool, PoolFile.print({ ...pool, accounts }))
}

/** What `codex login` writes for this sign-in. */
export const authFile = ({ account, tokens }: Pick<SignedIn, 'account' | 'tokens'>): string =>
  JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      account_id: account.accountId,
    },
    last_refresh: '2025-01-01T00:00:00Z',
  })

export const nameOf = ({ people }: Pick<World, 'people'>, keyOrId: string): string =>
  people.find(({ account }) => [account.key, account.accountId].includes(keyOrId))?.name ?? keyOrId

export const personOf = ({ people }: Pick<World, 'people'>, name: string): SignedIn => {
  const found = people.find((person) => person.name === name)
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}

export const keyOf = (world: Pick<World, 'people'>, name: string): string =>
  personOf(world, name).account.key

/** Each account less than half full with one conversation, so that the next one starts elsewhere. */
export const spreadingWorld = async (): Promise<World> => {
  const world = await makeWorld()
  for (const { account } of world.people)
    world.upstream.setQuota(account.key, { windows: [{ usedPercent: 20 }] })
  return world
}
