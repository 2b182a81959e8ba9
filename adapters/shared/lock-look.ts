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
  | { readonly _tag: 'Free' }
  | { readonly _tag: 'Held'; readonly pid: number }
  /** Nobody holds it, but these claims are still there. */
  | { readonly _tag: 'Ended'; readonly nonces: ReadonlyArray<string> }

export const look = (ports: LookPorts, path: string): ResultAsync<Look, FileError> =>
  new ResultAsync(lookAt(ports, path))

const lookAt = async (ports: LookPorts, path: string): Promise<Result<Look, FileError>> => {
  const names = await ports.files.list(path)
  if (names.isErr())
    return names.error._tag === 'NotFound' ? ok({ _tag: 'Free' }) : err(names.error)
  const ended: Array<string> = []
  for (const nonce of names.value) {
    const judged = await judge(ports, `${path}/${nonce}`)
    if (judged.isErr()) return err(judged.error)
    if (O.isSome(judged.value)) return ok({ _tag: 'Held', pid: judged.value.value })
    ended.push(nonce)
  }
  return ok(ended.length === 0 ? { _tag: 'Free' } : { _tag: 'Ended', nonces: ended })
}

/** The pid of the owner when the claim holds, 0 when it cannot be read yet; none when it has ended. */
export const judge = (ports: LookPorts, path: string): ResultAsync<O.Option<number>, FileError> =>
  new ResultAsync(judgeClaim(ports, path))

const judgeClaim = async (
  { files, clock, process }: LookPorts,
  path: string,
): Promise<Result<O.Option<number>, FileError>> => {
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
  const alive = await process.isAlive(claim.value.owner)
  const isAlive = alive.unwrapOr(true)
  const judgement = Lease.judge(clock.now(), isAlive)(claim.value)
  return ok(judgement === 'Held' ? O.some(claim.value.owner.pid) : O.none)
}
