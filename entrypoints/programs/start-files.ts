/**
 * Start files of shells, edited for us and put back. The journal has a row before a file is
 * touched, and loses it after the file is as it was, so that whatever dies in between, `undo` does
 * the rest. Files are edited where their links lead, keep their mode, and are never left in part.
 */
import * as O from 'fp-ts/Option'
import { err, errAsync, ok, okAsync, ResultAsync, safeTry } from 'neverthrow'
import { folderOf, withAncestors } from '../../core/official/installation'
import * as StartFile from '../../core/official/start-file'
import type { Malformed } from '../../core/result'
import * as ExternalEdits from '../../core/storage/external-edits'
import type { Layout } from '../../core/storage/layout'
import type { FileError } from '../../ports/file-system'
import type { Ports } from './ports'

export type StartFileError =
  | FileError
  /** Its bytes are no text that could be put back as it was. */
  | { readonly _tag: 'NotText'; readonly path: string }
  | { readonly _tag: 'EditsUnreadable'; readonly path: string; readonly because: Malformed }

export interface Change {
  readonly path: string
  readonly what: 'made' | 'edited' | 'unchanged' | 'restored' | 'removed'
}

type Files = Pick<Ports, 'files'>

const kind = 'path-block'

export const readEdits = (
  { files }: Files,
  layout: Layout,
): ResultAsync<ExternalEdits.Journal, StartFileError> =>
  files
    .read(layout.edits)
    .andThen((text) =>
      ExternalEdits.parse(text).mapErr((because): StartFileError => ({
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

/** Of each list the first file that is there, or else the last, with the block in it. */
export const planBlocks = (
  ports: Files,
  lists: ReadonlyArray<ReadonlyArray<string>>,
  lines: ReadonlyArray<string>,
): ResultAsync<ReadonlyArray<Planned>, StartFileError> =>
  safeTry(async function* () {
    const planned: Array<Planned> = []
    for (const paths of lists) {
      const path = yield* firstThere(ports, paths)
      const one = yield* planBlock(ports, path, lines)
      // Two names may lead to one file.
      if (planned.every(({ edit }) => edit.path !== one.edit.path)) planned.push(one)
    }
    return ok(planned)
  })

const firstThere = (
  { files }: Files,
  paths: ReadonlyArray<string>,
): ResultAsync<string, FileError> =>
  safeTry(async function* () {
    for (const path of paths) if (O.isSome(yield* files.stamp(path))) return ok(path)
    return ok(paths[paths.length - 1] ?? '')
  })

const planBlock = (
  ports: Files,
  path: string,
  lines: ReadonlyArray<string>,
): ResultAsync<Planned, StartFileError> =>
  safeTry(async function* () {
    const real = yield* ports.files.realPath(path)
    if (O.isNone(real)) {
      const foldersMade = yield* missingFolders(ports, path)
      return ok<Planned>({
        edit: { kind, path, isMade: true, foldersMade },
        change: { path, what: 'made' },
        text: StartFile.insert(lines)(''),
        mode: undefined,
      })
    }
    const { text, mode } = yield* readText(ports, real.value)
    const after = StartFile.insert(lines)(text)
    return ok<Planned>({
      edit: { kind, path: real.value, isMade: false, foldersMade: [] },
      change: { path: real.value, what: after === text ? 'unchanged' : 'edited' },
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

const readText = ({ files }: Files, path: string): ResultAsync<Read, StartFileError> =>
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
): ResultAsync<void, StartFileError> =>
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

/** Puts back every file the journal names; the journal goes with its last row. */
export const undo = (
  ports: Files,
  layout: Layout,
): ResultAsync<ReadonlyArray<Change>, StartFileError> =>
  safeTry(async function* () {
    const { files } = ports
    let journal = yield* readEdits(ports, layout)
    const changes: Array<Change> = []
    for (const edit of ExternalEdits.ofKind(kind)(journal)) {
      changes.push(yield* putBack(ports, edit))
      journal = ExternalEdits.forget(edit)(journal)
      yield* journal.edits.length === 0
        ? files.remove(layout.edits)
        : files.replace(layout.edits, ExternalEdits.print(journal))
    }
    return ok(changes)
  })

const putBack = (
  ports: Files,
  { path, isMade, foldersMade }: ExternalEdits.Edit,
): ResultAsync<Change, StartFileError> =>
  safeTry(async function* () {
    yield* sweepDrafts(ports, path)
    const what = yield* takeOut(ports, path, isMade).orElse((error) =>
      error._tag === 'NotFound' ? okAsync('unchanged' as const) : errAsync(error),
    )
    for (const folder of [...foldersMade].reverse()) yield* removeEmpty(ports, folder)
    return ok({ path, what })
  })

const takeOut = (
  ports: Files,
  path: string,
  isMade: boolean,
): ResultAsync<Change['what'], StartFileError> =>
  readText(ports, path).andThen(({ text, mode }) => {
    const before = StartFile.takeOut(text)
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
