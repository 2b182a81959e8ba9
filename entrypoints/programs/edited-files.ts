/**
 * Files of others, edited for us and put back. The journal has a row before a file is touched, and
 * loses it after the file is as it was, so that whatever dies in between, `undo` does the rest.
 * Files are edited where their links lead, keep their mode, and are never left in part.
 */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, okAsync, ResultAsync, safeTry } from 'neverthrow'
import { folderOf, withAncestors } from '../../core/official/installation'
import type { Malformed } from '../../core/result'
import * as ExternalEdits from '../../core/storage/external-edits'
import type { Layout } from '../../core/storage/layout'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

export type EditError =
  | FileError
  /** Its bytes are no text that could be put back as it was. */
  | { readonly _tag: 'NotText'; readonly path: string }
  | { readonly _tag: 'EditsUnreadable'; readonly path: string; readonly because: Malformed }

export const outcomes = ['made', 'edited', 'unchanged', 'restored', 'removed'] as const

export interface Change {
  readonly path: string
  readonly what: (typeof outcomes)[number]
}

type Files = Pick<Ports, 'files'>

export const readEdits = (
  { files }: Files,
  layout: Layout,
): ResultAsync<ExternalEdits.Journal, EditError> =>
  files
    .read(layout.edits)
    .andThen((text) =>
      ExternalEdits.parse(text).mapErr((because): EditError => ({
        _tag: 'EditsUnreadable',
        path: layout.edits,
        because,
      })),
    )
    .orElse((error) => (error._tag === 'NotFound' ? okAsync(ExternalEdits.empty) : errAsync(error)))

/** What a file is to become. */
export interface Planned {
  readonly edit: ExternalEdits.Edit
  readonly change: Change
  readonly text: string
  readonly mode: number | undefined
}

/** One edit of one file. */
export interface Wish {
  readonly kind: string
  readonly path: string
  /** What the file begins as where it is not there. */
  readonly fresh: string
  readonly change: (text: string) => string
  /** What undoing it needs to know. */
  readonly before?: string
}

export const firstThere = (
  { files }: Files,
  paths: ReadonlyArray<string>,
): ResultAsync<string, FileError> =>
  safeTry(async function* () {
    for (const path of paths) if (O.isSome(yield* files.stamp(path))) return ok(path)
    return ok(paths[paths.length - 1] ?? '')
  })

/** The text of a file, where its links lead; none where it is not there. */
export const textAt = (
  ports: Files,
  path: string,
): ResultAsync<O.Option<Read & { readonly path: string }>, EditError> =>
  safeTry(async function* () {
    const real = yield* ports.files.realPath(path)
    if (O.isNone(real)) return ok(O.none)
    const read = yield* readText(ports, real.value)
    return ok(O.some({ ...read, path: real.value }))
  })

export const plan = (
  ports: Files,
  { before, change, fresh, kind, path }: Wish,
): ResultAsync<Planned, EditError> =>
  safeTry(async function* () {
    const noted = { kind, ...(before === undefined ? {} : { before }) }
    const found = yield* textAt(ports, path)
    if (O.isNone(found)) {
      const foldersMade = yield* missingFolders(ports, path)
      return ok<Planned>({
        edit: { ...noted, path, isMade: true, foldersMade },
        change: { path, what: 'made' },
        text: change(fresh),
        mode: undefined,
      })
    }
    const { mode, path: real, text } = found.value
    const after = change(text)
    return ok<Planned>({
      edit: { ...noted, path: real, isMade: false, foldersMade: [] },
      change: { path: real, what: after === text ? 'unchanged' : 'edited' },
      text: after,
      mode,
    })
  })

/** Outermost first. */
const missingFolders = (
  { files }: Files,
  path: string,
): ResultAsync<ReadonlyArray<string>, FileError> =>
  safeTry(async function* () {
    const missing: Array<string> = []
    for (const folder of withAncestors(folderOf(path))) {
      if (O.isSome(yield* files.stamp(folder))) break
      missing.unshift(folder)
    }
    return ok(missing)
  })

interface Read {
  readonly text: string
  readonly mode: number | undefined
}

const readText = ({ files }: Files, path: string): ResultAsync<Read, EditError> =>
  safeTry(async function* () {
    const text = yield* files.read(path)
    // What reading could not decode, writing could not put back.
    if (text.includes('\uFFFD')) return err({ _tag: 'NotText', path } as const)
    const stamp = yield* files.stamp(path)
    return ok({ text, mode: O.isSome(stamp) ? stamp.value.mode : undefined })
  })

export const make = (
  ports: Files,
  layout: Layout,
  planned: ReadonlyArray<Planned>,
): ResultAsync<void, EditError> =>
  safeTry(async function* () {
    const { files } = ports
    const before = yield* readEdits(ports, layout)
    const journal = planned.reduce((rows, { edit }) => ExternalEdits.note(edit)(rows), before)
    if (journal !== before) yield* files.replace(layout.edits, ExternalEdits.print(journal))
    for (const { edit, change, text, mode } of planned) {
      if (change.what === 'unchanged') continue
      yield* sweepDrafts(ports, edit.path)
      if (edit.foldersMade.length > 0) yield* files.ensureFolder(folderOf(edit.path))
      // Not over a link that leads nowhere: it could not be put back.
      if (change.what === 'made') yield* files.create(edit.path, '')
      yield* files.replace(edit.path, text, mode)
    }
    return ok(undefined)
  })

/** A text without our part; empty where nothing of another's is left. */
export type Restore = (edit: ExternalEdits.Edit) => (text: string) => string

/** Puts back every file the journal names for the kind; the journal goes with its last row. */
export const undo = (
  ports: Files,
  layout: Layout,
  kind: string,
  restore: Restore,
): ResultAsync<ReadonlyArray<Change>, EditError> =>
  safeTry(async function* () {
    const { files } = ports
    let journal = yield* readEdits(ports, layout)
    const changes: Array<Change> = []
    for (const edit of ExternalEdits.ofKind(kind)(journal)) {
      changes.push(yield* putBack(ports, edit, restore))
      journal = ExternalEdits.forget(edit)(journal)
      yield* journal.edits.length === 0
        ? files.remove(layout.edits)
        : files.replace(layout.edits, ExternalEdits.print(journal))
    }
    return ok(changes)
  })

const putBack = (
  ports: Files,
  edit: ExternalEdits.Edit,
  restore: Restore,
): ResultAsync<Change, EditError> =>
  safeTry(async function* () {
    const { foldersMade, path } = edit
    yield* sweepDrafts(ports, path)
    const what = yield* takeOut(ports, edit, restore(edit)).orElse((error) =>
      error._tag === 'NotFound' ? okAsync('unchanged' as const) : errAsync(error),
    )
    for (const folder of [...foldersMade].reverse()) yield* removeEmpty(ports, folder)
    return ok({ path, what })
  })

const takeOut = (
  ports: Files,
  { isMade, path }: ExternalEdits.Edit,
  restored: (text: string) => string,
): ResultAsync<Change['what'], EditError> =>
  readText(ports, path).andThen(({ text, mode }) => {
    const before = restored(text)
    if (isMade && before === '') return ports.files.remove(path).map(() => 'removed' as const)
    if (before === text) return okAsync('unchanged' as const)
    return ports.files.replace(path, before, mode).map(() => 'restored' as const)
  })

/** A folder that somebody has put something into stays. */
export const removeEmpty = ({ files }: Files, folder: string): ResultAsync<void, FileError> =>
  files
    .removeFolder(folder)
    .orElse((error) => (error._tag === 'AlreadyThere' ? okAsync(undefined) : errAsync(error)))

/** What a write of ours that never ended has left beside the file. */
const sweepDrafts = ({ files }: Files, path: string): ResultAsync<void, FileError> => {
  const folder = folderOf(path)
  const start = `${path.slice(folder.length + 1)}.`
  const isDraft = (name: string): boolean =>
    name.startsWith(start) && /^\d+-[0-9a-f]+\.draft$/.test(name.slice(start.length))
  return files
    .list(folder)
    .orElse((error) => (error._tag === 'NotFound' ? okAsync([]) : errAsync(error)))
    .andThen((names) =>
      ResultAsync.combine(names.filter(isDraft).map((name) => files.remove(`${folder}/${name}`))),
    )
    .map(() => undefined)
}
