/** The `codex` shim: put in front of the official CLI on PATH, taken away, and looked at. */
import * as O from 'fp-ts/Option'
import { errAsync, ok, okAsync, safeTry, type ResultAsync } from 'neverthrow'
import * as Installed from '../../core/official/installation'
import * as Shim from '../../core/official/shim'
import * as StartFile from '../../core/official/start-file'
import * as ExternalEdits from '../../core/storage/external-edits'
import type { Layout } from '../../core/storage/layout'
import { second } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { LockError, LockTerms } from '../../ports/lock'
import * as EditedFiles from './edited-files'
import { findCodex } from './installation'
import type { Ports } from './ports'
import * as StartFiles from './start-files'

export type ShimError =
  | EditedFiles.EditError
  | LockError
  /** A folder that cannot stand on PATH. */
  | { readonly _tag: 'UnfitFolder'; readonly path: string }

export interface Terms {
  readonly shell: StartFile.Shell
  readonly around: Installed.Surroundings
  /** Only tells what would be done. */
  readonly isDry: boolean
}

export interface Done {
  /** Whether the shim itself was written or taken away. */
  readonly isShimChanged: boolean
  readonly changes: ReadonlyArray<EditedFiles.Change>
}

/** Held for milliseconds. */
const terms: LockTerms = { waitMax: 5 * second, expiresAfter: 10 * second }

const shimMode = 0o700

type WritePorts = Pick<Ports, 'files' | 'lock'>

export const install =
  (ports: WritePorts, layout: Layout) =>
  ({ shell, around, isDry }: Terms): ResultAsync<Done, ShimError> => {
    const folder = layout.shimFolder
    if (!StartFile.isFit(folder)) return errAsync({ _tag: 'UnfitFolder', path: folder })
    const script = scriptOf(around)
    const planned = StartFiles.planBlocks(
      ports,
      StartFile.startFiles(shell, around),
      StartFile.block(shell, folder),
    )
    const done: ResultAsync<Done & { readonly planned: Plan }, ShimError> = planned.andThen(
      (plan) =>
        textOf(ports, layout.shim).map((text) => ({
          isShimChanged: text !== script,
          changes: plan.map(({ change }) => change),
          planned: plan,
        })),
    )
    if (isDry) return done
    const work = (): ResultAsync<Done, ShimError> =>
      done.andThen((plan) =>
        ports.files
          .ensureFolder(folder)
          .andThen(() => ports.files.replace(layout.shim, script, shimMode))
          .andThen(() => EditedFiles.make(ports, layout, plan.planned))
          .map(() => plan),
      )
    return ports.files
      .ensureFolder(layout.root)
      .andThen(() => ports.lock.holding(layout.editsLock, terms, work))
  }

type Plan = ReadonlyArray<EditedFiles.Planned>

const scriptOf = ({ ownFolder, node }: Installed.Surroundings): string =>
  Shim.script({ main: `${ownFolder}/main.js`, node })

const textOf = ({ files }: Pick<Ports, 'files'>, path: string): ResultAsync<string, FileError> =>
  files.read(path).orElse((error) => (error._tag === 'NotFound' ? okAsync('') : errAsync(error)))

/** Files first: without the shim its folder on PATH does nothing. */
export const remove = (ports: WritePorts, layout: Layout): ResultAsync<Done, ShimError> => {
  const work = (): ResultAsync<Done, ShimError> =>
    safeTry(async function* () {
      const changes = yield* StartFiles.undo(ports, layout)
      const text = yield* textOf(ports, layout.shim)
      yield* ports.files.remove(layout.shim)
      yield* EditedFiles.removeEmpty(ports, layout.shimFolder)
      return ok({ isShimChanged: text !== '', changes })
    })
  return ports.files
    .stamp(layout.root)
    .andThen((root) =>
      O.isNone(root)
        ? okAsync<Done, ShimError>({ isShimChanged: false, changes: [] })
        : ports.lock.holding(layout.editsLock, terms, work),
    )
}

export interface Look {
  readonly isInstalled: boolean
  /** The script and every block are what an install would write now. */
  readonly isWhole: boolean
  /** The `codex` that a shell with this PATH starts. */
  readonly first: O.Option<string>
  readonly isAhead: boolean
  readonly official: O.Option<string>
  readonly files: ReadonlyArray<string>
}

export const look =
  (ports: Pick<Ports, 'files'>, layout: Layout) =>
  ({ shell, around }: Omit<Terms, 'isDry'>): ResultAsync<Look, ShimError> =>
    safeTry(async function* () {
      const script = yield* textOf(ports, layout.shim)
      const planned = yield* StartFiles.planBlocks(
        ports,
        StartFile.startFiles(shell, around),
        StartFile.block(shell, layout.shimFolder),
      )
      const first = yield* firstOnPath(ports, around)
      const isAhead = yield* isShimAhead(ports, layout)(around)
      const official = yield* findCodex(ports)(around)
        .map(({ program }) => O.some(program))
        .orElse(() => okAsync(O.none))
      const journal = yield* EditedFiles.readEdits(ports, layout)
      return ok({
        isInstalled: script !== '',
        isWhole:
          script === scriptOf(around) && planned.every(({ change }) => change.what === 'unchanged'),
        first,
        isAhead,
        official,
        files: ExternalEdits.ofKind(StartFiles.kind)(journal).map(({ path }) => path),
      })
    })

/** Whether `codex` on PATH is the shim. */
export const isShimAhead =
  (ports: Pick<Ports, 'files'>, layout: Layout) =>
  (around: Installed.Surroundings): ResultAsync<boolean, FileError> =>
    safeTry(async function* () {
      const shim = yield* ports.files.realPath(layout.shim)
      if (O.isNone(shim)) return ok(false)
      const first = yield* firstOnPath(ports, around)
      const real = O.isSome(first) ? yield* ports.files.realPath(first.value) : O.none
      return ok(O.isSome(real) && real.value === shim.value)
    })

const firstOnPath = (
  { files }: Pick<Ports, 'files'>,
  around: Installed.Surroundings,
): ResultAsync<O.Option<string>, FileError> =>
  safeTry(async function* () {
    for (const folder of Installed.searchFolders(around)) {
      const path = `${folder}/codex`
      // A folder that cannot be looked into holds no program for a shell either.
      const stamp = yield* files.stamp(path).orElse(() => okAsync(O.none))
      if (O.isSome(stamp) && (stamp.value.mode & 0o111) !== 0) return ok(O.some(path))
    }
    return ok(O.none)
  })
