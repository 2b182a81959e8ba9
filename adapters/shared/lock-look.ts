/** One look at a lock: who holds it, or what is in the way of the next. */
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as O from 'fp-ts/Option'
import * as Lease from '../../core/refresh/lease'
import type { Clock } from '../../ports/clock'
import type { FileError, FileSystem } from '../../ports/file-system'
import type { Process } from '../../ports/process'

export interface LookPorts {
  readonly files: Pick<FileSystem, 'read' | 'list' | 'stamp'>
  readonly clock: Pick<Clock, 'now'>
  readonly process: Pick<Process, 'isAlive'>
}

export type Look =
  /** `isThere`: an empty folder, left by a death in release. */
  | { readonly _tag: 'Free'; readonly isThere: boolean }
  | { readonly _tag: 'Held'; readonly pid: number }
  /** Nobody holds it, but these claims are still there. */
  | { readonly _tag: 'Ended'; readonly nonces: ReadonlyArray<string> }

/** Claims that were read, by their paths. A claim is never changed, so none is read twice. */
export type KnownClaims = Map<string, Lease.Claim>

export const look = (
  ports: LookPorts,
  path: string,
  known: KnownClaims = new Map(),
): ResultAsync<Look, FileError> => new ResultAsync(lookAt(ports, path, known))

const lookAt = async (
  ports: LookPorts,
  path: string,
  known: KnownClaims,
): Promise<Result<Look, FileError>> => {
  const names = await ports.files.list(path)
  if (names.isErr())
    return names.error._tag === 'NotFound' ? ok({ _tag: 'Free', isThere: false }) : err(names.error)
  const ended: Array<string> = []
  for (const nonce of names.value) {
    const judged = await judgeClaim(ports, `${path}/${nonce}`, known)
    if (judged.isErr()) return err(judged.error)
    if (O.isSome(judged.value)) return ok({ _tag: 'Held', pid: judged.value.value })
    ended.push(nonce)
  }
  return ok(ended.length === 0 ? { _tag: 'Free', isThere: true } : { _tag: 'Ended', nonces: ended })
}

/** The pid of the owner when the claim holds, 0 when it cannot be read yet; none when it has ended. */
export const judge = (ports: LookPorts, path: string): ResultAsync<O.Option<number>, FileError> =>
  new ResultAsync(judgeClaim(ports, path, new Map()))

const judgeClaim = async (
  ports: LookPorts,
  path: string,
  known: KnownClaims,
): Promise<Result<O.Option<number>, FileError>> => {
  const seen = known.get(path)
  if (seen !== undefined) return ok(await holderOf(ports, seen))
  const { files, clock } = ports
  const text = await files.read(path)
  if (text.isErr()) return text.error._tag === 'NotFound' ? ok(O.none) : err(text.error)
  const claim = Lease.parse(text.value)
  if (claim.isErr()) {
    const stamp = await files.stamp(path)
    if (stamp.isErr()) return err(stamp.error)
    if (O.isNone(stamp.value)) return ok(O.none)
    const judgement = Lease.judgeUnreadable(clock.now())(stamp.value.value.modifiedAt)
    return ok(judgement === 'Held' ? O.some(0) : O.none)
  }
  known.set(path, claim.value)
  return ok(await holderOf(ports, claim.value))
}

const holderOf = async (
  { clock, process }: LookPorts,
  claim: Lease.Claim,
): Promise<O.Option<number>> => {
  const isAlive = (await process.isAlive(claim.owner)).unwrapOr(true)
  const judgement = Lease.judge(clock.now(), isAlive)(claim)
  return judgement === 'Held' ? O.some(claim.owner.pid) : O.none
}
