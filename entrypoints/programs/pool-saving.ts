/**
 * Saving the pool, under its lock. The file is whole at any moment, and from the first step to the
 * last there are two copies of what was acknowledged: the file with the journal, then the file with
 * the copies made of it.
 */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type * as Account from '../../core/accounts/account'
import * as Journal from '../../core/storage/journal'
import type { Layout } from '../../core/storage/layout'
import * as PoolFile from '../../core/storage/pool-file'
import type { Held, LockError } from '../../ports/lock'
import type { Ports } from './ports'

type SavePorts = Pick<Ports, 'files'>

/**
 * The change is made when the file has it. What comes after only makes copies: who fails there leaves
 * the journal, which says so to the next.
 */
export const save = (
  { files }: SavePorts,
  layout: Layout,
  held: Held,
  text: string,
  isDamaged: boolean,
): ResultAsync<void, LockError> => {
  const stillOurs = (): ResultAsync<void, LockError> => held.confirm()
  const journal = Journal.print(held.since, layout.pool, text)
  return files
    .replaceWhile(layout.poolJournal, journal, 'forced', stillOurs)
    .orElse((error) =>
      // A folder in its way is there for good; a renewed token is not given up for that.
      error._tag === 'AlreadyThere' || (error._tag === 'FileFault' && error.code === 'EISDIR')
        ? okAsync(undefined)
        : errAsync(error._tag === 'FileFault' ? { ...error, path: layout.pool } : error),
    )
    .andThen(() => (isDamaged ? setAside({ files }, layout, stillOurs) : okAsync(undefined)))
    .andThen(() => files.replaceWhile(layout.pool, text, 'forced', stillOurs))
    .mapErr(sweptAway(layout))
    .andThen(() => copies({ files }, layout, stillOurs, text).orElse(() => okAsync(undefined)))
}

/**
 * Takes accounts out of the copy that says what was stored, before the file is without them: a save
 * that dies in between leaves accounts to be removed again, and none that comes back.
 */
export const dropFromCopy = (
  { files }: SavePorts,
  layout: Layout,
  held: Held,
  dropped: ReadonlyArray<Account.Account>,
): ResultAsync<void, LockError> =>
  dropped.length === 0
    ? okAsync(undefined)
    : files
        .read(layout.poolKept)
        .map((text) => withoutAll(dropped, text))
        // A copy that is missing, or cannot be read, brings nothing back.
        .orElse(() => okAsync(O.none))
        .andThen((text) =>
          O.isSome(text)
            ? files
                .replaceWhile(layout.poolKept, text.value, 'forced', () => held.confirm())
                .mapErr(sweptAway(layout))
            : okAsync(undefined),
        )

const withoutAll = (accounts: ReadonlyArray<Account.Account>, text: string): O.Option<string> => {
  const left = accounts.reduce(
    (before, account) =>
      PoolFile.without(account)(before)
        .map(O.getOrElse(() => before))
        .unwrapOr(before),
    text,
  )
  return left === text ? O.none : O.some(left)
}

/** Does what a save that died has left undone. */
export const copyAgain = (
  ports: SavePorts,
  layout: Layout,
  held: Held,
  text: string,
): ResultAsync<void, LockError> =>
  ports.files
    .replaceWhile(layout.poolKept, text, 'forced', () => held.confirm())
    .mapErr(sweptAway(layout))

/** A draft that is gone was swept: we stood still for so long that somebody else has the lock. */
const sweptAway =
  ({ poolLock }: Layout) =>
  (error: LockError): LockError =>
    error._tag === 'NotFound' ? { _tag: 'LockLost', path: poolLock } : error

/** The one copy of ours is forced, as it must not forget that an account was removed. */
const copies = (
  { files }: SavePorts,
  layout: Layout,
  stillOurs: () => ResultAsync<void, LockError>,
  text: string,
): ResultAsync<void, LockError> =>
  files
    .replaceWhile(layout.poolKept, text, 'forced', stillOurs)
    .andThen(() => files.replaceWhile(layout.poolBackup, text, 'volatile', stillOurs))
    .andThen(() => files.remove(layout.poolReset))
    .andThen(() => endJournal({ files }, layout, stillOurs))

/**
 * An empty journal is none. It is not removed: who stood still before that would remove the journal of
 * whoever has the lock by then, while a draft of ours is swept before that writes one.
 */
export const endJournal = (
  { files }: SavePorts,
  { poolJournal }: Layout,
  stillOurs: () => ResultAsync<void, LockError>,
): ResultAsync<void, LockError> => files.replaceWhile(poolJournal, '', 'volatile', stillOurs)

/**
 * What could not be read may still hold what somebody needs. A text is copied: who stood still before it
 * was moved would move away what others have saved since. What is no text must make way.
 */
const setAside = (
  { files }: SavePorts,
  layout: Layout,
  stillOurs: () => ResultAsync<void, LockError>,
): ResultAsync<void, LockError> =>
  files
    .read(layout.pool)
    .map(O.some)
    .orElse(() => okAsync(O.none))
    .andThen((text) =>
      O.isSome(text)
        ? files.replaceWhile(layout.poolDamaged, text.value, 'forced', stillOurs)
        : stillOurs()
            .andThen(() => files.rename(layout.pool, layout.poolDamaged))
            .orElse((error) => (error._tag === 'NotFound' ? okAsync(undefined) : errAsync(error))),
    )
