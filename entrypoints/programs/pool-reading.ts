/**
 * Reading the pool: its file, and what stands in for it where that is missing, damaged, or has been
 * overwritten by a program that knows less. Nothing is written here.
 */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, okAsync, ResultAsync, type Result } from 'neverthrow'
import * as Pool from '../../core/accounts/pool'
import * as Journal from '../../core/storage/journal'
import type { Layout } from '../../core/storage/layout'
import * as PoolFile from '../../core/storage/pool-file'
import * as Recovery from '../../core/storage/recovery'
import type { Notice } from '../../core/storage/notice'
import type { FileError } from '../../ports/file-system'
import { readFlagged, type SetAside } from './flagged-reading'
import type { Ports } from './ports'

/** The pool's file says something that is no pool of ours, and no copy does better. It is left alone. */
export interface PoolUnreadable {
  readonly _tag: 'PoolUnreadable'
  readonly path: string
  readonly because: PoolFile.PoolFileRefusal
}

export type ReadError = FileError | PoolUnreadable

interface ReadPorts {
  readonly files: Pick<Ports['files'], 'read' | 'stamp'>
}

/** A pool, and whether what lies at its path is no pool and must make way for the next. */
export interface Reading {
  readonly pool: Pool.Pool
  readonly isDamaged: boolean
  /** The file's text, when a save died before its copies had it. */
  readonly uncopied: O.Option<string>
  /** The pool has sign-ins that stand in the journal alone. */
  readonly isUnsaved: boolean
}

const plain = { isDamaged: false, uncopied: O.none, isUnsaved: false }

export const readPool = (ports: ReadPorts, layout: Layout): ResultAsync<Pool.Pool, ReadError> =>
  readPoolTelling(ports, layout).map(({ pool }) => pool)

export const readPoolTelling = (
  ports: ReadPorts,
  layout: Layout,
): ResultAsync<Reading, ReadError> =>
  new ResultAsync(read(ports, layout, readsMax)).andThen((reading) =>
    readFlagged(ports, layout).andThen((setAside) =>
      openToOthers(ports, layout).map((open) => ({
        ...reading,
        // What makes way for the next save is no file of ours.
        pool: beside(setAside, reading.isDamaged ? [] : open, reading.pool),
      })),
    ),
  )

const beside = (
  { flagged, unread }: SetAside,
  open: ReadonlyArray<Notice>,
  pool: Pool.Pool,
): Pool.Pool => ({
  ...Pool.besideFlagged(flagged)(pool),
  notices: [
    ...pool.notices,
    ...unread.map((path): Notice => ({ _tag: 'FlaggedUnread', path })),
    ...open,
  ],
})

type OpenToOthers = Extract<Notice, { readonly _tag: 'OpenToOthers' }>

/** The folder and the file that others may look into. A change closes both. */
export const openToOthers = (
  { files }: ReadPorts,
  { pool, poolFolder }: Layout,
): ResultAsync<ReadonlyArray<OpenToOthers>, never> =>
  ResultAsync.combine(
    [poolFolder, pool].map((path) => files.stamp(path).orElse(() => okAsync(O.none))),
  ).map(([ofFolder = O.none, ofPool = O.none]) =>
    // Where its owner may not go into it a system tells of no modes (Windows).
    O.isSome(ofFolder) && (ofFolder.value.mode & 0o700) === 0o700
      ? [
          { path: poolFolder, stamp: ofFolder },
          { path: pool, stamp: ofPool },
        ].flatMap(({ path, stamp }): ReadonlyArray<OpenToOthers> =>
          O.isSome(stamp) && (stamp.value.mode & 0o077) !== 0
            ? [{ _tag: 'OpenToOthers', path }]
            : [],
        )
      : [],
  )

/** Who reads without the lock may see a save in the middle of it; the next look sees it whole. */
const readsMax = 4

/** Faults of what lies at the path, not of the disk or of who may read it. */
const unfit: ReadonlyArray<string> = ['EISDIR', 'EFTYPE', 'EFBIG']

/** Somebody else's file; that stays so. */
const barred: ReadonlyArray<string> = ['EACCES', 'EPERM']

const read = async (
  ports: ReadPorts,
  layout: Layout,
  readsLeft: number,
): Promise<Result<Reading, ReadError>> => {
  const file = await ports.files.read(layout.pool)
  if (file.isErr()) {
    if (file.error._tag === 'NotFound') return replaced(ports, layout, readsLeft, undefined)
    const isUnfit = file.error._tag === 'FileFault' && unfit.includes(file.error.code)
    return isUnfit ? replaced(ports, layout, readsLeft, file.error) : err(file.error)
  }
  const text = file.value
  const pool = PoolFile.parse(text)
  if (pool.isErr()) {
    const error: PoolUnreadable = { _tag: 'PoolUnreadable', path: layout.pool, because: pool.error }
    // A version from the future is no damage.
    return pool.error._tag === 'UnknownVersion'
      ? err(error)
      : replaced(ports, layout, readsLeft, error)
  }
  if (await isReset(ports, layout)) return ok({ ...plain, pool: Pool.empty })
  return completed(ports, layout, { text, pool: pool.value }, readsLeft)
}

/** The pool of a good file, with what was stored, or was about to be, and is not in it. */
const completed = async (
  ports: ReadPorts,
  layout: Layout,
  file: { readonly text: string; readonly pool: Pool.Pool },
  readsLeft: number,
): Promise<Result<Reading, ReadError>> => {
  const { text } = file
  const written = await journalOf(ports, layout)
  if (written.isErr()) return err(written.error)
  const journal = written.value
  const pool = withJournal(journal, file)
  const isUnsaved = pool !== file.pool
  const asItIs = ok({ ...plain, pool, isUnsaved })
  const copy = await sureText(ports, layout.poolKept)
  if (copy.isErr()) return err(copy.error)
  const kept = copy.value
  if (kept === '' || kept === text) return asItIs
  const stored = PoolFile.parse(kept)
  if (stored.isErr() || Recovery.withStored(stored.value, [])(pool) === pool) return asItIs
  // A save that was cut short: the file is newer than its copies.
  if (O.isSome(journal) && journal.value === text)
    return ok({ ...plain, pool, uncopied: O.some(text) })
  const isStill =
    (await textOf(ports, layout.pool)) === text && (await textOf(ports, layout.poolKept)) === kept
  if (!isStill && readsLeft > 0) return read(ports, layout, readsLeft - 1)
  const setAside = (await readFlagged(ports, layout).unwrapOr({ flagged: [], unread: [] })).flagged
  const whole = Recovery.withStored(
    stored.value,
    setAside.map(({ account }) => account),
  )(pool)
  return ok({ ...plain, pool: whole, isUnsaved })
}

/** None where there is no journal, or nothing that can be one. */
const journalOf = (
  ports: ReadPorts,
  { poolJournal }: Layout,
): ResultAsync<O.Option<string>, FileError> => sureText(ports, poolJournal).map(Journal.contentOf)

/**
 * Empty for a text that is not there, or that nobody here can read. A disk that fails for a moment is an
 * error: it hides what the next save would write over.
 */
const sureText = ({ files }: ReadPorts, path: string): ResultAsync<string, FileError> =>
  files
    .read(path)
    .orElse((error) =>
      error._tag === 'FileFault' && !unfit.includes(error.code) && !barred.includes(error.code)
        ? errAsync(error)
        : okAsync(''),
    )

const withJournal = (
  journal: O.Option<string>,
  { pool, text }: { readonly text: string; readonly pool: Pool.Pool },
): Pool.Pool =>
  O.isNone(journal) || journal.value === text
    ? pool
    : PoolFile.parse(journal.value).match(
        (journalled) => Recovery.withJournalled(journalled)(pool),
        () => pool,
      )

/** What takes the place of a file that is not there, or is none. */
const replaced = async (
  ports: ReadPorts,
  layout: Layout,
  readsLeft: number,
  damage: ReadError | undefined,
): Promise<Result<Reading, ReadError>> => {
  const isDamaged = damage !== undefined
  const asItIs = { ...plain, isDamaged }
  if (await isReset(ports, layout)) return ok({ ...asItIs, pool: Pool.empty })
  const written = await journalOf(ports, layout)
  if (written.isErr()) return err(written.error)
  const journal = written.value
  const asRecovered = Recovery.ofCopy(layout.pool, 'Recovered')
  const ofJournal = O.isSome(journal)
    ? asRecovered({ path: layout.poolJournal, text: journal.value })
    : O.none
  const recovered = O.isSome(ofJournal)
    ? ok(ofJournal)
    : await firstAt(ports, [layout.poolKept, layout.poolBackup, ...layout.poolOlder], asRecovered)
  if (recovered.isErr()) return err(recovered.error)
  if (O.isSome(recovered.value)) {
    const isThereNow = !isDamaged && (await textOf(ports, layout.pool)) !== ''
    return isThereNow && readsLeft > 0
      ? read(ports, layout, readsLeft - 1)
      : ok({ ...asItIs, pool: recovered.value.value })
  }
  if (damage !== undefined) return err(damage)
  const asFound = Recovery.ofCopy(layout.pool, 'FoundElsewhere')
  const elsewhere = await firstAt(ports, layout.poolElsewhere, asFound)
  return elsewhere.map((found) => ({ ...asItIs, pool: O.getOrElse(() => Pool.empty)(found) }))
}

/**
 * Of the copies at these paths the first that is a pool. One that cannot be read for a moment is an error:
 * an older one in its place would bring back what is gone, and lose what has come since.
 */
const firstAt = async (
  ports: ReadPorts,
  paths: ReadonlyArray<string>,
  ofCopy: (copy: Recovery.Copy) => O.Option<Pool.Pool>,
): Promise<Result<O.Option<Pool.Pool>, FileError>> => {
  for (const path of paths) {
    const text = await sureText(ports, path)
    if (text.isErr()) return err(text.error)
    const found = ofCopy({ path, text: text.value })
    if (O.isSome(found)) return ok(found)
  }
  return ok(O.none)
}

/** A mark older than the file is one that a save did not get to remove. */
const isReset = async (ports: ReadPorts, layout: Layout): Promise<boolean> => {
  const mark = await ports.files.stamp(layout.poolReset).unwrapOr(O.none)
  if (O.isNone(mark)) return false
  const file = await ports.files.stamp(layout.pool).unwrapOr(O.none)
  return O.isNone(file) || file.value.modifiedAt <= mark.value.modifiedAt
}

/** A copy that cannot be read is as good as none. */
const textOf = async (ports: ReadPorts, path: string): Promise<string> =>
  ports.files.read(path).unwrapOr('')
