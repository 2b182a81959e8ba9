/**
 * Processes that share a pool renew its accounts at the same time, while some die, stand still beyond
 * their time and meet failing disks, the issuer fails, the official CLI spends the token it shares
 * with the pool, and a person signs in again.
 *
 * Every refresh token works once. What must hold, however it goes:
 * - one refresh at a time, over all processes and accounts;
 * - no token is spent again that was renewed, stored or refused, and none without need;
 * - who is answered gets a good token, or is told that the sign-in is lost;
 * - a sign-in is marked as lost when the issuer says so of the last token there is, and only then;
 * - when all have ended, nobody waits for the dead, and every account that can be renewed is.
 */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { ok, okAsync, ResultAsync } from 'neverthrow'
import { memoryClock } from '../../../adapters/memory/clock'
import { memoryDisk, type Disk } from '../../../adapters/memory/disk'
import { memoryFileSystem } from '../../../adapters/memory/file-system'
import { memoryHash } from '../../../adapters/memory/hash'
import { memoryHttp } from '../../../adapters/memory/http'
import { memoryHttpServer } from '../../../adapters/memory/http-server'
import { memoryLock } from '../../../adapters/memory/lock'
import { memoryNetwork, type Network } from '../../../adapters/memory/network'
import { memoryProcess } from '../../../adapters/memory/process'
import { memoryRandom } from '../../../adapters/memory/random'
import {
  scheduler,
  type Disturb,
  type Disturbance,
  type Scheduler,
  type SimulatedProcess,
} from '../../../adapters/memory/scheduler'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import * as TokenResponse from '../../../core/auth/token-response'
import * as AuthFile from '../../../core/official/auth-file'
import type { Seams } from '../../../core/official/seams'
import { catalogue } from '../../../core/settings/catalogue'
import * as Journal from '../../../core/storage/journal'
import * as Layout from '../../../core/storage/layout'
import * as PoolFile from '../../../core/storage/pool-file'
import * as Recovery from '../../../core/storage/recovery'
import { hour, minute, second, type Instant, type Millis } from '../../../core/time'
import * as Behaviour from '../../../entrypoints/embed/testing/behaviour'
import type * as People from '../../../entrypoints/embed/testing/people'
import type * as Tokens from '../../../entrypoints/embed/testing/tokens'
import { startUpstream, type Upstream } from '../../../entrypoints/embed/testing/upstream'
import { changePool } from '../../../entrypoints/programs/pool'
import type { Ports } from '../../../entrypoints/programs/ports'
import { freshFor, refreshAccount, type RefreshPorts } from '../../../entrypoints/programs/refresh'
import { askIssuer } from '../../../entrypoints/programs/token-request'
import type { Http, HttpRequest } from '../../../ports/http'
import type { Held, Lock } from '../../../ports/lock'

const layout = Layout.of({ home: '/home', codexHome: '/home/.codex', ownRoot: '/pool' })
const spacing = async (): Promise<Millis> => catalogue.refreshSpacingMs.standard
const runs = fc.readConfigureGlobal().numRuns ?? 150

type Answer = Awaited<ReturnType<ReturnType<typeof refreshAccount>>>

/** What becomes of a process's ports before they are used: nothing, or a planted fault. */
type Break = (ports: RefreshPorts) => RefreshPorts
const whole: Break = (ports) => ports

/** Asked for the pool outside of a change, these files say what they said first. */
const rememberingPool = (files: Ports['files']): Ports['files'] => {
  let first: ReturnType<Ports['files']['read']> | undefined
  let changes = 0
  return {
    ...files,
    // A change begins with a look into the folder.
    list: (folder) => {
      changes += folder === layout.root ? 1 : 0
      return files.list(folder)
    },
    read: (path) => {
      if (path !== layout.pool) return files.read(path)
      if (changes > 0) {
        changes -= 1
        return files.read(path)
      }
      first ??= files.read(path)
      return first
    },
  }
}

// What is played.

interface Play {
  readonly seed: number
  /** What befalls the next refreshes of each account; there are as many accounts. */
  readonly faults: ReadonlyArray<ReadonlyArray<Behaviour.Fault>>
  /** Whose tokens the issuer has ended. */
  readonly ended: ReadonlyArray<number>
  /** One process each, with the accounts it needs at the same time. */
  readonly needs: ReadonlyArray<ReadonlyArray<number>>
  /** When the official CLI renews the first account, and how long it takes to write that down. */
  readonly official: readonly [after: Millis, writes: Millis] | undefined
  /** When a person signs in to which account again. */
  readonly signIn: readonly [after: Millis, who: number] | undefined
  /** The clock was set back after the sign-ins, which say that they are from the future. */
  readonly isSetBack: boolean
  readonly isUnkind: boolean
}

// What is seen.

interface Spend {
  readonly key: string
  readonly token: string
  readonly process: SimulatedProcess
  readonly at: Instant
  /** What followed from it is on disk, or told. */
  isOver: boolean
  /**
   * Orphaned is one whose process died before what it got was stored, and unmarked one of which no
   * other process could learn that it was refused.
   */
  outcome: 'UnderWay' | 'Renewed' | 'Refused' | 'Failed' | 'Unknown' | 'Orphaned' | 'Unmarked'
}

interface Watch {
  readonly given: Play
  readonly world: Scheduler
  readonly disk: Disk
  readonly network: Network
  readonly upstream: Upstream
  readonly seams: Seams
  readonly people: ReadonlyArray<People.Account>
  readonly wrongs: Array<string>
  readonly spends: Array<Spend>
  /** Of the refresh tokens of sign-ins. */
  readonly owners: Map<string, string>
  readonly answers: Array<{ readonly key: string; readonly answer: Answer }>
  killed: number
}

const mustFind = (disk: Disk, key: string): Account.Account =>
  O.getOrElse((): Account.Account => {
    throw new Error(`${key} is missing`)
  })(Pool.find(key)(poolOn(disk)))

/** A sign-in counts as soon as a journal has it: its writer may stand still, or die, before the file does. */
const poolOn = (disk: Disk): Pool.Pool => {
  const pool = PoolFile.parse(disk.read(layout.pool))._unsafeUnwrap()
  const journal = disk.snapshot()[layout.poolJournal] ?? ''
  const content = Journal.contentOf(journal)
  if (O.isNone(content)) return pool
  return PoolFile.parse(content.value).match(
    (journalled) => Recovery.withJournalled(journalled)(pool),
    () => pool,
  )
}

const isFresh = (now: Instant, account: Account.Account): boolean =>
  Credential.isFresh(now, freshFor)(account.credential)

const tokenIn = ({ body }: HttpRequest): string => {
  const text = body.map((piece) => new TextDecoder().decode(piece)).join('')
  return String((JSON.parse(text) as Readonly<Record<string, unknown>>)['refresh_token'])
}

/** Its disk may have refused to take the mark. */
const hasMetFault = ({ log }: Scheduler, { name }: SimulatedProcess): boolean =>
  log.some(({ process, outcome }) => process === name && outcome === 'Fail')

const begin = (watch: Watch, process: SimulatedProcess, token: string): Spend => {
  const { world, disk, wrongs, spends, people } = watch
  const owner = people.find(({ key }) => mustFind(disk, key).credential.refresh.reveal() === token)
  const earlier = spends.filter((spend) => spend.token === token)
  const key = owner?.key ?? watch.owners.get(token) ?? 'nobody'
  const name = `${process.name} spends ${token.slice(-12)}`
  for (const other of spends) {
    const isUnderWay = other.outcome === 'UnderWay' && process.isAlive(other.process.identity)
    if (isUnderWay) wrongs.push(`two at once: ${name} beside ${other.process.name}`)
  }
  for (const { outcome, process: spender } of earlier) {
    const mayBeGood = ['Failed', 'Unknown', 'Orphaned', 'Unmarked'].includes(outcome)
    const isMarkless = outcome === 'Refused' && hasMetFault(world, spender)
    if (!mayBeGood && !isMarkless) wrongs.push(`spent again: ${name}, ${outcome} before`)
  }
  if (owner === undefined) {
    // A person may sign in again between our look at the disk and this.
    if (watch.given.signIn === undefined) wrongs.push(`outdated: ${name}`)
  } else if (isFresh(world.now(), mustFind(disk, key))) wrongs.push(`without need: ${name}`)
  const spend: Spend = { key, token, process, at: world.now(), isOver: false, outcome: 'UnderWay' }
  spends.push(spend)
  return spend
}

const outcomeOf = (status: number): Spend['outcome'] =>
  status === 200 ? 'Renewed' : status < 500 ? 'Refused' : 'Failed'

const watchedHttp = (watch: Watch, process: SimulatedProcess): Http => ({
  send: (request) => {
    const spend = begin(watch, process, tokenIn(request))
    return memoryHttp(process, watch.network)
      .send(request)
      .map((answer) => {
        spend.outcome = outcomeOf(answer.status)
        return answer
      })
      .mapErr((error) => {
        spend.outcome = 'Unknown'
        return error
      })
  },
})

const portsOf = (watch: Watch, process: SimulatedProcess): RefreshPorts => ({
  files: memoryFileSystem(process, watch.disk),
  lock: memoryLock(process, watch.disk),
  clock: memoryClock(process),
  http: watchedHttp(watch, process),
  hash: memoryHash(),
  process: memoryProcess(process),
})

/** Whether the last token there was may have got lost on its way to the pool. */
const isExcused = (watch: Watch, key: string): boolean =>
  watch.spends.some(
    (spend) => spend.key === key && (spend.outcome === 'Orphaned' || spend.outcome === 'Unknown'),
  )

const check = (watch: Watch, key: string, answer: Answer): void => {
  const { given, wrongs, world, disk } = watch
  const onDisk = mustFind(disk, key)
  const isEnded = given.ended.some((who) => watch.people[who]?.key === key)
  // Others may put in a newer one before we look.
  const isAlone = given.signIn === undefined && given.official === undefined
  answer.match(
    (account) => {
      const [held, got] = [onDisk, account].map(({ credential }) => credential.refresh.reveal())
      if (!isFresh(world.now(), account)) wrongs.push(`${key} was given an old token`)
      if (isAlone && held !== got) wrongs.push(`${key} was given another token than the pool's`)
    },
    (error) => {
      if (error._tag === 'RefreshRefused') {
        if (!isEnded && !isExcused(watch, key)) wrongs.push(`${key} was called lost`)
      } else if (!given.isUnkind && error._tag !== 'RefreshFailed') {
        wrongs.push(`${key} could not be renewed: ${error._tag}`)
      }
    },
  )
  if (Account.needsSignIn(onDisk) && !isEnded && !isExcused(watch, key))
    wrongs.push(`${key} was marked`)
}

// Who takes part.

const credentialOf = (tokens: Tokens.Tokens, at: Instant): Credential.Credential => ({
  access: O.some(Credential.secret(tokens.accessToken)),
  refresh: Credential.secret(tokens.refreshToken),
  id: O.some(Credential.secret(tokens.idToken)),
  expiresAt: O.some(tokens.expiresAt),
  refreshedAt: O.some(at),
})

const need = async (
  watch: Watch,
  break_: Break,
  process: SimulatedProcess,
  key: string,
): Promise<Answer> => {
  const ports = break_(portsOf(watch, process))
  const answer = await refreshAccount(ports, layout, watch.seams, { spacing, sync: 'auto' })(
    key,
    O.none,
  )
  for (const spend of watch.spends) {
    if (spend.process === process && spend.key === key) spend.isOver = true
  }
  watch.answers.push({ key, answer })
  check(watch, key, answer)
  return answer
}

/** When its process dies, the next one asks for all again. */
const worker = async (
  watch: Watch,
  break_: Break,
  number: number,
  keys: ReadonlyArray<string>,
): Promise<void> => {
  for (let life = 1; ; life += 1) {
    const process = watch.world.process(`worker ${number}, life ${life}`)
    const lived = await process.live(() =>
      Promise.all(keys.map((key) => need(watch, break_, process, key))),
    )
    if (O.isSome(lived)) return
    watch.killed += 1
    forget(watch, process)
  }
}

/** What the end of a process has left undone. */
const forget = (watch: Watch, process: SimulatedProcess): void => {
  for (const spend of watch.spends) {
    if (spend.process !== process) continue
    const { credential, invalidation } = mustFind(watch.disk, spend.key)
    const isKept = credential.refresh.reveal() !== spend.token || O.isSome(invalidation)
    if (isKept || spend.outcome === 'Failed' || spend.outcome === 'Unknown') continue
    spend.outcome = spend.outcome === 'Refused' ? 'Unmarked' : 'Orphaned'
  }
}

/** It knows nothing of our lease. */
const official = async (watch: Watch, after: Millis, writes: Millis): Promise<void> => {
  const process = watch.world.process('official')
  const clock = memoryClock(process)
  const files = memoryFileSystem(process, watch.disk)
  await clock.sleep(after)
  const before = AuthFile.parse((await files.read(layout.authFile))._unsafeUnwrap())._unsafeUnwrap()
  const credential = O.getOrElse((): Credential.Credential => {
    throw new Error('no sign-in')
  })(AuthFile.credentialOf(before))
  const answer = await askIssuer({ clock, http: memoryHttp(process, watch.network) })(
    TokenResponse.refreshRequest(watch.seams, credential.refresh.reveal()),
  )
  if (answer.isErr() || answer.value.status !== 200) return
  const renewed = TokenResponse.ofRefresh(clock.now(), credential)(JSON.parse(answer.value.text))
  await clock.sleep(writes)
  await writeFront(files, renewed._unsafeUnwrap())
}

/** By way of a draft of its own, as the official CLI does (protocol.md, section 1). */
const writeFront = async (
  files: Ports['files'],
  credential: Credential.Credential,
): Promise<void> => {
  const account = Account.ofSignIn(0, credential)._unsafeUnwrap()
  const text = AuthFile.print(AuthFile.ofCredential(account, 0)._unsafeUnwrap())
  const draft = `${layout.codexHome}/.auth-XXXXXX`
  const written = await files
    .create(draft, text)
    .andThen(() => files.rename(draft, layout.authFile))
  written._unsafeUnwrap()
}

const person = async (watch: Watch, after: Millis, account: People.Account): Promise<void> => {
  const process = watch.world.process('person')
  const clock = memoryClock(process)
  await clock.sleep(after)
  const credential = credentialOf(watch.upstream.signIn(account), clock.now())
  const signedIn = Account.ofSignIn(clock.now(), credential)._unsafeUnwrap()
  const changed = await changePool(
    portsOf(watch, process),
    layout,
  )((pool) => Account.ofSignIn(clock.now(), credential).map(() => Pool.signIn(signedIn)(pool)))
  changed._unsafeUnwrap()
}

/** Nobody is left to wait for. */
const heir = async (watch: Watch): Promise<void> => {
  const { world, wrongs, disk } = watch
  const process = world.process('heir')
  const { lock } = portsOf(watch, process)
  const before = world.now()
  for (const path of [layout.refreshLease, layout.poolLock]) {
    const taken = await lock.holding(path, { waitMax: 0, expiresAfter: minute }, () => okAsync(1))
    if (taken.isErr()) wrongs.push(`the heir was refused ${path}`)
  }
  if (world.now() !== before) wrongs.push('the heir had to wait')
  const swept = await changePool(portsOf(watch, process), layout)((pool) => ok(pool))
  if (swept.isErr()) wrongs.push('the heir could not change the pool')
  for (const { key } of watch.people) {
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await need(watch, whole, process, key)
      if (answer.isOk() || answer.error._tag === 'RefreshRefused') break
    }
    const account = mustFind(disk, key)
    if (!isFresh(world.now(), account) && !Account.needsSignIn(account))
      wrongs.push(`${key} was not renewed`)
  }
  const mayStay = (file: string): boolean =>
    /\/(?:(?:pool\.lock|refresh\.lease)\.\w+\.draft|spending-.+\.lock|runtime(?:$|\/last-refresh\.json))\b/.test(
      file,
    )
  // An empty journal is none.
  const left = Object.entries(disk.snapshot()).flatMap(([file, text]) =>
    file.startsWith('/pool/') &&
    file !== layout.frontLogin &&
    !mayStay(file) &&
    !(file === layout.poolJournal && text === '')
      ? [file]
      : [],
  )
  const meant = [layout.pool, layout.poolBackup, layout.poolKept]
  if (left.sort().join() !== meant.join()) wrongs.push(`left behind: ${left.join()}`)
}

/**
 * Something befalls one call in 30. Anybody may stand still for longer than the lease lasts, but not
 * with a token that is being spent: no lease could help it. A disk fails twice at most.
 */
const unkind = (spends: ReadonlyArray<Spend>): Disturb => {
  const failed = new Map<string, number>()
  return ({ process, label }, throwDice): Disturbance => {
    if (!process.startsWith('worker') || throwDice() >= 1 / 30) return { _tag: 'None' }
    const kind = throwDice()
    if (kind < 0.15) return { _tag: 'KillBefore' }
    if (kind < 0.3) return { _tag: 'KillAfter' }
    const faults = failed.get(process) ?? 0
    if (kind < 0.5 && faults < 2 && !label.startsWith('http.piece')) {
      failed.set(process, faults + 1)
      return { _tag: 'Fail', code: 'EIO' }
    }
    const isSpending = spends.some((spend) => spend.process.name === process && !spend.isOver)
    const spans = isSpending ? [10, 900, 5 * second] : [10, 900, 5 * second, 4 * minute]
    return { _tag: 'Pause', span: spans[Math.floor(throwDice() * spans.length)] ?? 0 }
  }
}

const undisturbed: Disturb = () => ({ _tag: 'None' })

const stage = async (given: Play, disturb: Disturb = undisturbed): Promise<Watch> => {
  const spends: Array<Spend> = []
  const owners = new Map<string, string>()
  const world = scheduler(given.seed, {
    stepsMax: 200_000,
    disturb: given.isUnkind ? unkind(spends) : disturb,
  })
  const network = memoryNetwork(world)
  const process = world.process('issuer')
  const started = await startUpstream(
    {
      httpServer: memoryHttpServer(process, network),
      clock: memoryClock(process),
      random: memoryRandom(process),
      hash: memoryHash(),
    },
    { reuseEndsFamily: given.official === undefined },
  )
  const upstream = started._unsafeUnwrap()
  const people = given.faults.map(
    (_, n) => upstream.addPerson({ email: `${n}@mail.test` }).accounts[0],
  )
  // The official CLI's clock would not be ours.
  const isSetBack = given.isSetBack && given.official === undefined
  const then = world.now() + (isSetBack ? hour : -minute)
  const accounts = people.map((account) => {
    const tokens = upstream.signIn(account, { lifetimes: { access: -minute } })
    owners.set(tokens.refreshToken, account.key)
    return Account.ofSignIn(then, credentialOf(tokens, then))._unsafeUnwrap()
  })
  const pool = accounts.reduce((before, account) => Pool.signIn(account)(before), Pool.empty)
  const disk = memoryDisk({ [layout.pool]: PoolFile.print(pool), [layout.codexHome]: null })
  const seams = { issuer: upstream.issuer, backend: upstream.backend, isRealBackend: false }
  const [first] = accounts
  const files = memoryFileSystem(world.process('before'), disk)
  if (first !== undefined) await writeFront(files, first.credential)
  given.faults.forEach((faults, n) => {
    // What befalls the official CLI's own refresh is not seen here; but it may take its time.
    const isOurs = n > 0 || given.official === undefined
    const meant = faults.filter((fault) => isOurs || fault._tag === 'Delay')
    upstream.fail('/oauth/token', meant, people[n]?.key)
  })
  for (const who of given.ended) {
    const { key } = people[who] ?? { key: '' }
    upstream.refuseRefresh(key, 'refresh_token_invalidated')
  }
  return {
    given,
    world,
    network,
    upstream,
    disk,
    seams,
    people,
    spends,
    owners,
    wrongs: [],
    answers: [],
    killed: 0,
  }
}

const play = async (given: Play, break_: Break): Promise<Watch> => {
  const watch = await stage(given)
  const keyOf = (who: number): string => watch.people[who]?.key ?? ''
  await watch.world.run(async () => {
    await Promise.all([
      ...given.needs.map((needs, n) => worker(watch, break_, n, needs.map(keyOf))),
      given.official === undefined ? undefined : official(watch, ...given.official),
      given.signIn === undefined
        ? undefined
        : person(watch, given.signIn[0], watch.people[given.signIn[1]] as People.Account),
    ])
    await heir(watch)
  })
  return watch
}

const aFault: fc.Arbitrary<Behaviour.Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 500 }).map(Behaviour.delayed) },
  fc.constantFrom(Behaviour.serverFault(503), Behaviour.reset, Behaviour.lost),
)

const aPlay = (isUnkind: boolean): fc.Arbitrary<Play> =>
  fc.integer({ min: 2, max: 4 }).chain((people) => {
    const aWho = fc.nat({ max: people - 1 })
    return fc.record({
      seed: fc.integer(),
      faults: fc.array(fc.array(aFault, { maxLength: 2 }), {
        minLength: people,
        maxLength: people,
      }),
      ended: fc.array(aWho, { maxLength: 1 }),
      needs: fc.array(fc.uniqueArray(aWho, { minLength: 1, maxLength: 3 }), {
        minLength: 3,
        maxLength: 3,
      }),
      official: fc.option(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 500 })), { nil: undefined }),
      signIn: fc.option(fc.tuple(fc.nat({ max: 1_000 }), aWho), { nil: undefined }),
      isSetBack: fc.boolean(),
      isUnkind: fc.constant(isUnkind),
    })
  })

/** A failure prints its seed, and the smallest play that shows it. */
const holds = (
  isUnkind: boolean,
  break_: Break,
  isMeant: (wrong: string) => boolean,
  tally: (watch: Watch) => void = () => undefined,
): fc.IAsyncProperty<[Play]> =>
  fc.asyncProperty(aPlay(isUnkind), async (given) => {
    const watch = await play(given, break_)
    tally(watch)
    expect(watch.wrongs.filter(isMeant)).toEqual([])
  })

describe.each([
  { befalls: 'nothing befalls a process', isUnkind: false },
  { befalls: 'processes die, stand still and meet failing disks', isUnkind: true },
])('when $befalls', ({ isUnkind }) => {
  it(
    'spends every token once and one at a time, and gives or tells everybody',
    async () => {
      const total = { renewed: 0, refused: 0, failed: 0, orphaned: 0, killed: 0, stood: 0 }
      const count = (watch: Watch, ...outcomes: ReadonlyArray<Spend['outcome']>): number =>
        watch.spends.filter(({ outcome }) => outcomes.includes(outcome)).length
      const tally = (watch: Watch): void => {
        total.renewed += count(watch, 'Renewed')
        total.refused += count(watch, 'Refused')
        total.failed += count(watch, 'Failed', 'Unknown')
        if (!isUnkind) return
        total.orphaned += count(watch, 'Orphaned')
        total.killed += watch.killed
        total.stood += watch.world.log.filter(({ outcome }) => outcome === 'Pause').length
      }
      const numRuns = Math.ceil(isUnkind ? runs : runs / 2)
      await fc.assert(
        holds(isUnkind, whole, () => true, tally),
        { numRuns },
      )
      // The twin: all of it happened, and often.
      const rare = Object.entries(total).filter(([, seen]) => seen < Math.floor(numRuns / 20))
      expect(rare.map(([what]) => what)).toEqual(isUnkind ? [] : ['orphaned', 'killed', 'stood'])
    },
    2 * minute,
  )
})

const calm: Play = {
  seed: 1,
  faults: [[], []],
  ended: [],
  needs: [[0, 1], [1, 0], [0, 1], [0]],
  official: undefined,
  signIn: undefined,
  isSetBack: false,
  isUnkind: false,
}

const seeds = Array.from({ length: 10 }, (_, n) => n + 1)

/** What the processes were told of each account; the heir comes after them. */
const toldOf = ({ people, answers }: Watch): ReadonlyArray<ReadonlyArray<string>> =>
  people.map((one) =>
    answers
      .filter(({ key }) => key === one.key)
      .map(({ answer }) =>
        answer.match(
          ({ credential }) => credential.refresh.reveal().slice(-12),
          (error) => error._tag,
        ),
      ),
  )

const spendsOf = ({ people, spends }: Watch): ReadonlyArray<number> =>
  people.map((one) => spends.filter(({ key }) => key === one.key).length)

const markedOf = ({ people, disk }: Watch): ReadonlyArray<boolean> =>
  people.map(({ key }) => Account.needsSignIn(mustFind(disk, key)))

describe('refreshAccount', () => {
  it('asks the issuer once for each account, and gives everybody the one new token', async () => {
    for (const seed of seeds) {
      const watch = await play({ ...calm, seed }, whole)
      expect(watch.wrongs).toEqual([])
      expect(spendsOf(watch)).toEqual([1, 1])
      const told = toldOf(watch)
      expect(told.map((one) => one.length)).toEqual([5, 4])
      expect(told.map((one) => new Set(one).size)).toEqual([1, 1])
    }
  })

  it('tells everybody of a refusal for good, marks that account alone, and asks no more', async () => {
    for (const seed of seeds) {
      const watch = await play({ ...calm, seed, ended: [1] }, whole)
      expect(watch.wrongs).toEqual([])
      expect(spendsOf(watch)).toEqual([1, 1])
      expect(toldOf(watch)[1]).toEqual(Array.from({ length: 4 }, () => 'RefreshRefused'))
      expect(markedOf(watch)).toEqual([false, true])
    }
  })

  it('marks nothing when the issuer fails, and spends the token at the next need', async () => {
    for (const seed of seeds) {
      const always = Array.from({ length: 3 }, () => Behaviour.serverFault(503))
      const faults = [[...always, Behaviour.reset], []]
      const watch = await play({ ...calm, seed, faults }, whole)
      expect(watch.wrongs).toEqual([])
      expect(spendsOf(watch)).toEqual([5, 1])
      expect(toldOf(watch)[0]?.slice(0, 2)).toEqual(['RefreshFailed', 'RefreshFailed'])
      expect(markedOf(watch)).toEqual([false, false])
    }
  })

  it('tries again at once after an answer that says the issuer failed', async () => {
    const faults = [[Behaviour.serverFault(500)], []]
    const watch = await play({ ...calm, faults }, whole)
    expect([watch.wrongs, spendsOf(watch)]).toEqual([[], [2, 1]])
    expect(toldOf(watch).flat()).not.toContain('RefreshFailed')
  })

  it('keeps the renewals of two accounts two seconds apart, over all processes', async () => {
    for (const seed of seeds) {
      const watch = await play({ ...calm, seed }, whole)
      const [earlier = 0, later = 0] = watch.spends.map(({ at }) => at)
      expect(later - earlier).toBeGreaterThanOrEqual(2 * second)
    }
  })

  it('takes over what the official CLI got for the token they share', async () => {
    for (const seed of seeds) {
      const watch = await play({ ...calm, seed, official: [0, 400] }, whole)
      expect(watch.wrongs).toEqual([])
      expect(toldOf(watch).flat()).not.toContain('RefreshRefused')
      expect(markedOf(watch)).toEqual([false, false])
    }
  })

  it('lets a new sign-in stand that comes while the old one is refused', async () => {
    for (const seed of seeds) {
      const signIn = [seed * 60, 0] as const
      const watch = await play({ ...calm, seed, ended: [0], signIn }, whole)
      expect(watch.wrongs).toEqual([])
      expect(markedOf(watch)).toEqual([false, false])
    }
  })

  it('passes over an owner that died with the lease, at once', async () => {
    for (const seed of seeds) {
      const watch = await stage({ ...calm, seed, faults: [[]] })
      const [key = ''] = watch.people.map((one) => one.key)
      const owner = watch.world.process('owner')
      const waiter = watch.world.process('waiter')
      const asked: Array<Instant> = []
      const died: Array<Instant> = []
      const silent: Break = (ports) => {
        const send: Http['send'] = () => {
          asked.push(watch.world.now())
          return new ResultAsync(new Promise(() => undefined))
        }
        return { ...ports, http: { send } }
      }
      await watch.world.run(async () => {
        const owning = owner.live(() => need(watch, silent, owner, key))
        const ready = () => asked.length === 1
        await waiter.call('until it is under way', () => undefined, { ready })
        void waiter.call('death', () => {
          died.push(watch.world.now())
          owner.kill()
        })
        const answer = await need(watch, whole, waiter, key)
        expect(answer.isOk()).toBe(true)
        expect(await owning).toEqual(O.none)
      })
      // One look at the lease may just be over; the next comes within 75 ms.
      expect(watch.world.now() - (died[0] ?? 0)).toBeLessThan(100)
    }
  })

  describe('when it stands still beyond its lease, right before it would spend', () => {
    /** It looks in the lane, again with the claim on the account, and then for the token it is to spend. */
    const standing = (look: number): Disturb => {
      let looks = 0
      return ({ process, label }) => {
        if (process !== 'owner' || label !== `files.read ${layout.authFile}`)
          return { _tag: 'None' }
        looks += 1
        return looks === look ? { _tag: 'Pause', span: 5 * minute } : { _tag: 'None' }
      }
    }

    const outlasted = async (seed: number, look: number, break_: Break): Promise<Watch> => {
      const watch = await stage({ ...calm, seed, faults: [[]] }, standing(look))
      const [key = ''] = watch.people.map((one) => one.key)
      await watch.world.run(async () => {
        const owner = need(watch, break_, watch.world.process('owner'), key)
        const clock = memoryClock(watch.world.process('fate'))
        await clock.sleep(4.5 * minute)
        const next = await need(watch, break_, watch.world.process('next'), key)
        expect(next.isOk()).toBe(true)
        watch.answers.push({ key, answer: await owner })
      })
      return watch
    }

    it('spends nothing when it wakes up', async () => {
      for (const seed of seeds) {
        const watch = await outlasted(seed, 1, whole)
        expect(spendsOf(watch)).toEqual([1])
        expect(markedOf(watch)).toEqual([false])
      }
    })

    it('would kill the sign-in, did it neither claim the account nor look at its lease again', async () => {
      const careless: Break = (ports) =>
        leasing(ports, (path, terms, work) =>
          ports.lock.holding(path, terms, () => work(unguarded)),
        )
      const unclaimed: Break = (ports) => careless(withoutClaim(ports))
      expect((await outlasted(1, 3, unclaimed)).wrongs[0]).toContain('spent again')
    })
  })
})

describe('when it stands still beyond its lease with a token that it has spent', () => {
  const outlasted = async (seed: number, break_: Break): Promise<Watch> => {
    let stood = false
    const watch = await stage({ ...calm, seed, faults: [[]] }, ({ process, label }) => {
      if (stood || process !== 'owner' || !label.startsWith('http.answer')) return { _tag: 'None' }
      stood = true
      return { _tag: 'Pause', span: 5 * minute }
    })
    const [key = ''] = watch.people.map((one) => one.key)
    await watch.world.run(async () => {
      const owner = need(watch, whole, watch.world.process('owner'), key)
      await memoryClock(watch.world.process('fate')).sleep(4.5 * minute)
      const ports = break_(portsOf(watch, watch.world.process('next')))
      const next = await refreshAccount(ports, layout, watch.seams, { spacing, sync: 'auto' })(
        key,
        O.none,
      )
      watch.answers.push({ key, answer: next })
      expect((await owner).isOk()).toBe(true)
    })
    return watch
  }

  it('is not overtaken while it lives', async () => {
    for (const seed of seeds) {
      const watch = await outlasted(seed, whole)
      expect(watch.wrongs).toEqual([])
      expect(spendsOf(watch)).toEqual([1])
      expect(toldOf(watch)[0]?.[0]).toBe('LockHeld')
      expect(markedOf(watch)).toEqual([false])
    }
  })

  it('would be, did the next one not ask whether the account is being renewed', async () => {
    expect((await outlasted(1, withoutClaim)).wrongs[0]).toContain('two at once')
  })
})

it('keeps a new token in hand until a full disk takes it', async () => {
  let fullUntil = Infinity
  const watch = await stage({ ...calm, faults: [[]] }, ({ label }) => {
    if (label.startsWith('http.piece')) fullUntil = Math.min(fullUntil, watch.world.now() + minute)
    const isFull = fullUntil < Infinity && watch.world.now() < fullUntil
    const isWrite = /^files\.(?:mkdir|open) .*\.draft/.test(label)
    return isFull && isWrite ? { _tag: 'Fail', code: 'ENOSPC' } : { _tag: 'None' }
  })
  const [key = ''] = watch.people.map((one) => one.key)
  await watch.world.run(async () => {
    const answer = await need(watch, whole, watch.world.process('owner'), key)
    expect(answer.isOk()).toBe(true)
  })
  expect(watch.world.now()).toBeGreaterThanOrEqual(fullUntil)
  expect(watch.wrongs).toEqual([])
  expect(spendsOf(watch)).toEqual([1])
})

const unguarded: Held = { since: 0, confirm: () => okAsync(undefined) }

/** Asks nobody whether the account is being renewed. */
const withoutClaim: Break = (ports) => ({
  ...ports,
  lock: {
    holding: (path, terms, work) =>
      path.startsWith(layout.spending) ? work(unguarded) : ports.lock.holding(path, terms, work),
  },
})

const leasing = (ports: RefreshPorts, holding: Lock['holding']): RefreshPorts => ({
  ...ports,
  lock: {
    holding: (path, terms, work) =>
      (path === layout.refreshLease ? holding : ports.lock.holding)(path, terms, work),
  },
})

describe('finds what is wrong with a refresh that', () => {
  const plants: ReadonlyArray<{
    readonly name: string
    readonly wrong: string
    readonly break_: Break
  }> = [
    {
      name: 'takes no lease',
      wrong: 'two at once',
      break_: (ports) => leasing(ports, (_path, _terms, work) => work(unguarded)),
    },
    {
      name: 'does not read the pool again before it spends',
      wrong: 'spent again',
      break_: (ports) => ({ ...ports, files: rememberingPool(ports.files) }),
    },
  ]
  it.each(plants)(
    '$name',
    async ({ wrong, break_ }) => {
      const isMeant = (found: string) => found.startsWith(wrong)
      const terms = { numRuns: 2_000, endOnFailure: true }
      expect(await fc.check(holds(false, break_, isMeant), terms)).toMatchObject({ failed: true })
    },
    2 * minute,
  )
})
