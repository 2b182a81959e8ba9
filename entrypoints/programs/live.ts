/**
 * Files as a long-lived process reads them: from memory until they have changed.
 *
 * A look costs one `stat` a file. That is not enough while a file is young: an edit in place, within
 * one tick of the disk's clock, can leave it with the stamp it had. So young files are compared by
 * their hash too, once more when they are old, and from then on any edit shows in the stamp. (A disk
 * whose clock is seconds off ours has no young files: there an edit of that kind shows with the next.)
 */
import * as O from 'fp-ts/Option'
import { err, ok, ResultAsync, type Result } from 'neverthrow'
import * as Checksum from '../../core/storage/checksum'
import { second, since, type Instant, type Millis } from '../../core/time'
import * as FileStamp from './file-stamp'
import type { Ports } from './ports'

export type LivePorts = Pick<Ports, 'clock' | 'files'>

interface Looking<E> extends LivePorts {
  /** In the place of that of the files, where a file that cannot be looked at is no error. */
  readonly stamp: (path: string) => ResultAsync<FileStamp.Seen, E>
}

interface Known<A> {
  readonly value: A
  readonly stamps: ReadonlyArray<FileStamp.Seen>
  /** What they said while one of them was young, and when that was looked at; none once it is old. */
  readonly young: O.Option<{ readonly digest: string; readonly at: Instant }>
}

/** `read` reads all that follows from the files at `paths`; what it refuses is asked for again. */
export const openLive = <A, E, F>(
  ports: Looking<F>,
  paths: ReadonlyArray<string>,
  read: () => ResultAsync<A, E>,
): (() => ResultAsync<A, E | F>) => {
  let known: Known<A> | undefined
  const current = async (): Promise<Result<A, E | F>> => {
    const seen = await ResultAsync.combine(paths.map(ports.stamp))
    if (seen.isErr()) return err(seen.error)
    const now = ports.clock.now()
    const stamps = seen.value
    const before = known !== undefined && isSame(stamps, known.stamps) ? known : undefined
    if (before !== undefined && !isDue(now, before)) return ok(before.value)
    // Others that look meanwhile take what is known.
    if (before !== undefined && O.isSome(before.young))
      known = { ...before, young: O.some({ ...before.young.value, at: now }) }
    // Before it is read, so that what comes between shows at the next look.
    const isYoung = stamps.some(isYoungAt(now))
    const digest = isYoung || before !== undefined ? await digestOf(ports, paths) : ''
    const young: Known<A>['young'] = isYoung ? O.some({ digest, at: now }) : O.none
    if (before !== undefined && O.isSome(before.young) && before.young.value.digest === digest) {
      known = { ...before, young }
      return ok(before.value)
    }
    const value = await read()
    if (value.isOk()) known = { value: value.value, stamps, young }
    return value
  }
  return () => new ResultAsync(current())
}

/** Whether the files are to be read to see that they are the same. */
const isDue = (now: Instant, { young }: Known<unknown>): boolean =>
  O.isSome(young) && Math.abs(since(young.value.at, now)) >= looksApart

/** Young files are not read at each of many requests. */
const looksApart: Millis = 200

/** The coarsest clock of a file system in use, FAT's. */
const tick: Millis = 2 * second

const isYoungAt =
  (now: Instant) =>
  (seen: FileStamp.Seen): boolean =>
    O.isSome(seen) && Math.abs(since(seen.value.modifiedAt, now)) <= tick

const isSame = (
  left: ReadonlyArray<FileStamp.Seen>,
  right: ReadonlyArray<FileStamp.Seen>,
): boolean => left.every((stamp, index) => FileStamp.isSame(stamp, right[index] ?? O.none))

const digestOf = async ({ files }: LivePorts, paths: ReadonlyArray<string>): Promise<string> => {
  const texts = await Promise.all(paths.map((path) => files.read(path).unwrapOr('')))
  return Checksum.sha256(texts.join('\0'))
}
