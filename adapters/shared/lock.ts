/**
 * A lock is a folder that holds one file, the claim, named by its nonce.
 *
 * Why a folder: every step that could take a lock from somebody is then conditional by itself, and no
 * pause between a look and a step can do harm, however long.
 * - Taking: the claim is made in a draft folder beside, whole, and the draft is renamed to the path.
 *   That fails while the folder there holds anything, and succeeds when it is missing or empty.
 * - Ending a claim, one's own or a dead one: its file is removed by its name, which is its nonce. Who
 *   comes late removes nothing, for the next claim has another name. Many may try; all then run for the
 *   empty folder, and the rename lets one win.
 * - Removing the folder fails when somebody has moved in.
 * A claim file replaced or removed in place has no such step: who judged it, was stopped, and went on
 * later would remove or overwrite the claim of somebody else.
 */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Lease from '../../core/refresh/lease'
import type { Clock } from '../../ports/clock'
import type { FileError, FileSystem } from '../../ports/file-system'
import type { Held, Lock, LockError, LockTerms } from '../../ports/lock'
import type { Process } from '../../ports/process'
import type { Random } from '../../ports/random'
import { isPassing } from './file-system'
import { claimed, dropDraft, sweepDrafts, type DraftPorts } from './lock-draft'
import { look, type KnownClaims } from './lock-look'

export interface LockPorts extends DraftPorts {
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly process: Pick<Process, 'self' | 'isAlive'>
}

/** Looks without a wait between them; each means that somebody else has come or gone in that moment. */
const looksMax = 64

export const overFiles = (ports: LockPorts): Lock => {
  const swept = new Set<string>()
  /** Once in a life: what is left of somebody who died before his claim was one is in nobody's way. */
  const sweepOnce = async (path: string): Promise<void> => {
    if (swept.has(path)) return
    swept.add(path)
    await sweepDrafts(ports, path)
  }
  return {
    holding: (path, terms, work) =>
      new ResultAsync(sweepOnce(path).then(() => hold(ports, path, terms, work))),
  }
}

const hold = async <A, E>(
  ports: LockPorts,
  path: string,
  terms: LockTerms,
  work: (held: Held) => ResultAsync<A, E>,
): Promise<Result<A, E | LockError>> => {
  const taken = await take(ports, path, terms)
  if (taken.isErr()) return err(taken.error)
  try {
    return await work({
      since: ports.clock.now(),
      confirm: (remaining = 0) => confirm(ports, path, taken.value, remaining),
    })
  } finally {
    // What the work has done stands, so a fault here is not told.
    await release(ports, path, taken.value)
  }
}

const take = async (
  ports: LockPorts,
  path: string,
  { waitMax, expiresAfter }: LockTerms,
): Promise<Result<Lease.Claim, LockError>> => {
  const { clock, random } = ports
  const waitsUntil = clock.now() + waitMax
  let poll = Lease.firstPoll
  let looks = 0
  const known: KnownClaims = new Map()
  for (;;) {
    const seen = await look(ports, path, known)
    if (seen.isErr()) return err(seen.error)
    looks += 1
    if (seen.value._tag === 'Held' || looks > looksMax) {
      const pid = seen.value._tag === 'Held' ? seen.value.pid : 0
      const left = waitsUntil - clock.now()
      if (left <= 0) return err({ _tag: 'LockHeld', path, pid })
      // The jitter keeps those who wait from looking, and colliding, in step.
      await clock.sleep(Math.min(left, poll * (0.5 + random.fraction())))
      poll = Lease.nextPoll(poll)
      looks = 0
      continue
    }
    const next =
      seen.value._tag === 'Ended'
        ? await passOver(ports.files, path, seen.value.nonces)
        : await claim(ports, path, expiresAfter, seen.value)
    if (next.isErr()) return err(next.error)
    if (next.value !== undefined) return ok(next.value)
  }
}

/** Ends the claims that were judged, and no other; then the lock is anybody's. */
const passOver = async (
  files: FileSystem,
  path: string,
  nonces: ReadonlyArray<string>,
): Promise<Result<undefined, FileError>> => {
  for (const nonce of nonces) {
    const removed = await files.remove(`${path}/${nonce}`)
    if (removed.isErr()) return err(removed.error)
  }
  return ok(undefined)
}

/** The claim when we won, undefined when somebody else was there first. */
const claim = async (
  ports: LockPorts,
  path: string,
  expiresAfter: number,
  { isThere }: { readonly isThere: boolean },
): Promise<Result<Lease.Claim | undefined, LockError>> => {
  const { files } = ports
  // Systems that rename no folder over another need an empty one gone.
  const cleared = isThere ? await files.removeFolder(path) : ok(undefined)
  if (cleared.isErr() && cleared.error._tag !== 'AlreadyThere') return err(cleared.error)
  const drafted = await claimed(ports, path, expiresAfter)
  // Gone again: somebody took our draft for one left by a crash. The next one will do.
  if (drafted.isErr()) return drafted.error._tag === 'NotFound' ? ok(undefined) : err(drafted.error)
  const { draft, made } = drafted.value
  const renamed = await files.rename(draft, path)
  if (renamed.isOk()) {
    // A stop before the rename may have outlasted the claim, or had the draft swept from under it.
    const stands = await confirm(ports, path, made, 0)
    if (stands.isOk()) return ok(made)
    await release(ports, path, made)
    return stands.error._tag === 'LockLost' ? ok(undefined) : err(stands.error)
  }
  await dropDraft(files, draft, made.nonce)
  if (renamed.error._tag === 'AlreadyThere' || renamed.error._tag === 'NotFound')
    return ok(undefined)
  // Some systems have another word for a folder in the way, or rename none that a sweep is reading.
  const inTheWay = await files.list(path)
  return inTheWay.isOk() || isPassing(renamed.error) ? ok(undefined) : err(renamed.error)
}

const confirm = (
  { files, clock }: LockPorts,
  path: string,
  ours: Lease.Claim,
  remaining: number,
): ResultAsync<void, LockError> =>
  files
    .stamp(`${path}/${ours.nonce}`)
    .andThen((stamp) =>
      O.isSome(stamp) && Lease.standsFor(clock.now(), remaining)(ours)
        ? ok(undefined)
        : err<void, LockError>({ _tag: 'LockLost', path }),
    )

/** A fault leaves the claim to end with our process, or with its time. */
const release = ({ files }: LockPorts, path: string, ours: Lease.Claim): Promise<void> =>
  files
    .remove(`${path}/${ours.nonce}`)
    .andThen(() => files.removeFolder(path))
    .unwrapOr(undefined)
