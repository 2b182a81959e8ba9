/**
 * Brings the official CLI's sign-in file and the pool together, as `official/sync` decides it.
 *
 * The file is written in the lane of the refreshes, so that what it gets is the good token, and under
 * the CLI's own lock where `flock` is on PATH (protocol.md, section 1). Others write it without either:
 * a file that changes while we make ready is left to them.
 *
 * The file has to do with the user's pool alone. A project's pool neither takes from it nor gives to it:
 * a token in both that pool and the file would be in the user's pool too, with nobody to tell the third.
 */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as Text from 'fp-ts/string'
import { err, errAsync, ok, okAsync, ResultAsync, safeTry, type Result } from 'neverthrow'
import * as Account from '../../core/accounts/account'
import type * as Credential from '../../core/accounts/credential'
import * as Pool from '../../core/accounts/pool'
import * as AuthFile from '../../core/official/auth-file'
import * as Configuration from '../../core/official/configuration'
import * as Sync from '../../core/official/sync'
import * as FrontRecord from '../../core/storage/front-record'
import { isOfProject, type Layout } from '../../core/storage/layout'
import { second, type Millis } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { Held as Lease } from '../../ports/lock'
import type { Process, SpawnError } from '../../ports/process'
import { digestOf, lookAtFront, type Look } from './front'
import { changePool, readPool, type PoolError } from './pool'
import type { Ports } from './ports'
import { inRefreshLane } from './refresh-lane'

export type Front =
  /** The CLI has a sign-in already, is logged out, or keeps its sign-in where we do not write. */
  | { readonly _tag: 'LeftAlone' }
  /** Its sign-in is of an account that is in no pool, and would have been lost. */
  | { readonly _tag: 'Guarded'; readonly name: string }
  /** It is signed in as another than before, who is named, or as nobody else than before. */
  | { readonly _tag: 'Written'; readonly path: string; readonly instead: O.Option<string> }
  /** It is not signed in, and could not be. The account itself is safe in the pool. */
  | { readonly _tag: 'NotWritten'; readonly path: string; readonly because: FrontError }

export type FrontError =
  | PoolError
  | AuthFile.CannotWrite
  | SpawnError
  /** Somebody else wrote the file at the same time. */
  | { readonly _tag: 'FrontChanged' }

export type FrontPorts = Pick<Ports, 'files' | 'lock' | 'clock' | 'hash'> & {
  readonly process: Pick<Process, 'during'>
}

/** A person waits, and the lane may have an issuer in it that does not answer. */
const laneWaitMax: Millis = 10 * second

/** For the draft, and a disk that is slow. */
const writeMax: Millis = 10 * second

/** The CLI holds its lock for milliseconds. */
const authLockWaitMax: Millis = 5 * second

export const syncFront =
  (ports: FrontPorts, layout: Layout, mode: Sync.Mode) =>
  (occasion: Sync.Occasion): ResultAsync<Front, never> =>
    lookAtFront(ports, layout)
      .andThen((look) => next(ports, layout, mode, occasion, look))
      .andThen(({ look, step }) =>
        step._tag === 'Leave' || step._tag === 'Guard'
          ? rememberSeen(ports, layout, look).map(() => left(look, step))
          : inRefreshLane(
              ports,
              layout,
              (lease) => syncInLane(ports, layout, mode, lease)(occasion),
              laneWaitMax,
            ),
      )
      .orElse((because) => okAsync<Front>({ _tag: 'NotWritten', path: layout.authFile, because }))

/** By who holds the lane. What stands in the file that is newer is in the pool from then on. */
export const syncInLane =
  (ports: FrontPorts, layout: Layout, mode: Sync.Mode, lease: Lease) =>
  (occasion: Sync.Occasion): ResultAsync<Front, PoolError> =>
    safeTry<Front, PoolError>(async function* () {
      yield* sweepDrafts(ports, layout.authFile)
      yield* sweepDrafts(ports, layout.frontLogin)
      const first = yield* lookAtFront(ports, layout)
      const decided = yield* next(ports, layout, mode, occasion, first)
      if (decided.step._tag === 'Adopt') {
        const { credential, key } = decided.step
        yield* changePool(
          ports,
          layout,
        )(Pool.refreshed(key, credential)).orElse((error) =>
          // Removed meanwhile: there is nobody to adopt for.
          error._tag === 'NoSuchAccount' ? okAsync(Pool.empty) : errAsync(error),
        )
      }
      const { look, step } =
        decided.step._tag === 'Adopt' ? yield* next(ports, layout, mode, occasion, first) : decided
      switch (step._tag) {
        case 'Leave':
        case 'Guard':
        case 'Adopt':
          yield* rememberSeen(ports, layout, look)
          return ok(left(look, step))
        case 'Renew':
          return renewFront(ports, layout, lease)(look, step.account.credential)
        case 'SignIn':
          return told(layout, signIn(ports, layout, lease, look, step))
      }
    })

/** Who the official CLI is signed in as, if that is nobody of the pool. */
export const strangerIn = (
  ports: Pick<FrontPorts, 'files' | 'clock' | 'hash'>,
  layout: Layout,
): ResultAsync<ReadonlyArray<string>, PoolError> =>
  ResultAsync.combine([lookAtFront(ports, layout), readPool(ports, layout)]).map(
    ([{ held }, pool]) =>
      held._tag === 'SignIn' && O.isNone(Pool.find(held.key)(pool)) ? [nameOf(held)] : [],
  )

const told = (layout: Layout, written: ResultAsync<Front, FrontError>): ResultAsync<Front, never> =>
  written.orElse((because) =>
    okAsync<Front>({ _tag: 'NotWritten', path: layout.authFile, because }),
  )

interface Decided {
  readonly look: Look
  readonly step: Sync.Step
}

const next = (
  ports: Pick<Ports, 'files'>,
  layout: Layout,
  mode: Sync.Mode,
  occasion: Sync.Occasion,
  look: Look,
): ResultAsync<Decided, PoolError> =>
  readPool(ports, layout).map((pool) => ({
    look,
    step: isOfProject(layout)
      ? { _tag: 'Leave' }
      : Sync.decide({ mode, occasion, pool, held: look.held, wasSeen: look.wasSeen }),
  }))

const leftAlone: Front = { _tag: 'LeftAlone' }

const left = ({ held }: Look, step: Sync.Step): Front =>
  step._tag === 'Guard' && held._tag === 'SignIn'
    ? { _tag: 'Guarded', name: nameOf(held) }
    : leftAlone

const nameOf = ({ credential, key }: Extract<Sync.Held, { readonly _tag: 'SignIn' }>): string =>
  O.getOrElse(() => key)(Account.claimsOf(credential).email)

/** Puts newer tokens of the same sign-in into the file that was looked at. By who holds the lane. */
const renewFront =
  (ports: FrontPorts, layout: Layout, lease: Lease) =>
  (look: Look, credential: Credential.Credential): ResultAsync<Front, never> =>
    O.isNone(look.file)
      ? okAsync(leftAlone)
      : told(
          layout,
          write(
            ports,
            layout,
            lease,
            look,
            AuthFile.renewed(credential, ports.clock.now())(look.file.value),
          ).map((): Front => ({ _tag: 'Written', path: layout.authFile, instead: O.none })),
        )

const signIn = (
  ports: FrontPorts,
  layout: Layout,
  lease: Lease,
  look: Look,
  { account }: Extract<Sync.Step, { readonly _tag: 'SignIn' }>,
): ResultAsync<Front, FrontError> =>
  safeTry<Front, FrontError>(async function* () {
    if (!(yield* isKeptInFile(ports, layout))) return ok(leftAlone)
    const file = yield* AuthFile.ofCredential(account, ports.clock.now())
    if (O.isNone(yield* ports.files.stamp(layout.codexHome))) {
      yield* ports.files.ensureFolder(layout.codexHome)
    }
    yield* write(ports, layout, lease, look, file)
    const { held } = look
    const isOther = held._tag === 'SignIn' && held.key !== Account.key(account)
    const instead = isOther ? O.some(nameOf(held)) : O.none
    return ok<Front>({ _tag: 'Written', path: layout.authFile, instead })
  })

const write = (
  ports: FrontPorts,
  layout: Layout,
  lease: Lease,
  look: Look,
  file: AuthFile.AuthFile,
): ResultAsync<void, FrontError> =>
  safeTry<void, FrontError>(async function* () {
    // Before the write: a sign-in written and then forgotten would be written again after a logout.
    yield* remember(ports, layout)
    yield* underAuthLock(ports, layout, () =>
      lease
        .confirm(writeMax)
        .andThen(() =>
          ports.files.replaceWhile(layout.authFile, AuthFile.print(file), 'forced', () =>
            isStill(ports, layout, look),
          ),
        ),
    )
    return ok(undefined)
  })

/** The last look before the file is replaced: its other writers know no lock of ours. */
const isStill = (ports: FrontPorts, layout: Layout, look: Look): ResultAsync<void, FrontError> =>
  lookAtFront(ports, layout).andThen(({ text }): Result<void, FrontError> =>
    sameText.equals(text, look.text) ? ok(undefined) : err({ _tag: 'FrontChanged' }),
  )

const sameText = O.getEq(Text.Eq)

/** `cat` waits under the lock for the end of its input, which comes also when we are killed. */
const underAuthLock = <A, E extends { readonly _tag: string }>(
  ports: Pick<FrontPorts, 'process'>,
  layout: Layout,
  work: () => ResultAsync<A, E>,
): ResultAsync<A, E | SpawnError> =>
  ports.process
    .during(
      { program: 'flock', arguments: ['-x', layout.authLock, 'cat'], environment: {} },
      authLockWaitMax,
      () => ResultAsync.fromSafePromise(work()),
    )
    .orElse((fault) => (fault.code === 'ENOENT' ? okAsync(work()) : errAsync(fault)))
    .andThen((result) => result)

/** What a write that never ended has left may hold tokens. Only the holder of the lane makes such. */
const sweepDrafts = (
  { files }: Pick<Ports, 'files'>,
  path: string,
): ResultAsync<void, FileError> => {
  const at = path.lastIndexOf('/')
  const [folder, start] = [path.slice(0, at), `${path.slice(at + 1)}.`]
  return files
    .list(folder)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync([]) : errAsync(error)))
    .andThen((names) =>
      ResultAsync.combine(
        names
          .filter((name) => name.startsWith(start) && name.endsWith('.draft'))
          .map((name) => files.remove(`${folder}/${name}`)),
      ),
    )
    .map(() => undefined)
}

const rememberSeen = (
  ports: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
  look: Look,
): ResultAsync<void, FileError> =>
  O.isSome(look.text) && !look.wasSeen ? remember(ports, layout) : okAsync(undefined)

/** Says from now on that there was a file; half a record says so too. */
const remember = (
  ports: Pick<Ports, 'files' | 'clock'>,
  layout: Layout,
): ResultAsync<void, FileError> =>
  ports.files
    .create(layout.frontLogin, FrontRecord.print(FrontRecord.seen(ports.clock.now())))
    .orElse((error) => (error._tag === 'AlreadyThere' ? okAsync(undefined) : errAsync(error)))

/**
 * Says that a refresh token is about to be spent, or was refused, where the file holds it: whoever
 * comes after us mends the file, should we not come to it.
 */
export const noteSpending =
  (ports: Pick<Ports, 'files' | 'clock' | 'hash'>, layout: Layout) =>
  (token: Credential.Secret): ResultAsync<void, FileError> =>
    lookAtFront(ports, layout).andThen(({ held, record, wasSeen }) =>
      held._tag === 'SignIn' &&
      ports.hash.equal(held.credential.refresh.reveal(), token.reveal()) &&
      (O.isSome(record) || !wasSeen)
        ? writeRecord(
            ports,
            layout,
            pipe(
              record,
              O.getOrElse(() => FrontRecord.seen(ports.clock.now())),
              FrontRecord.spending({
                account: held.key,
                digest: digestOf(ports, token),
              }),
            ),
          )
        : okAsync(undefined),
    )

const writeRecord = (
  { files }: Pick<Ports, 'files'>,
  layout: Layout,
  record: FrontRecord.FrontRecord,
): ResultAsync<void, FileError> => files.replace(layout.frontLogin, FrontRecord.print(record))

/** `cli_auth_credentials_store`. A configuration that cannot be read says nothing, so nothing is written. */
const isKeptInFile = (
  { files }: Pick<Ports, 'files'>,
  { configFile }: Layout,
): ResultAsync<boolean, FileError> =>
  files
    .read(configFile)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync('') : errAsync(error)))
    .map((text) =>
      Configuration.read([{ place: configFile, text }], O.none).match(
        ({ credentialsStore }) => credentialsStore === 'file',
        () => false,
      ),
    )
