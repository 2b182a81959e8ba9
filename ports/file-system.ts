import type * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'
import type { Instant } from '../core/time'

export type FileError =
  | { readonly _tag: 'NotFound'; readonly path: string }
  | { readonly _tag: 'AlreadyThere'; readonly path: string }
  | { readonly _tag: 'FileFault'; readonly path: string; readonly code: string }

/** Ten thousand accounts are 50 MB. */
export const readBytesMax = 96 * 1024 * 1024

/** What tells one version of a file from the next without reading it. */
export interface FileStamp {
  readonly bytes: number
  readonly modifiedAt: Instant
  readonly inode: number
  /** Who may read and write it, as `0o600`. */
  readonly mode: number
}

/**
 * Files as programs need them: whole texts, replaced in one step.
 * Laws, run on every adapter: read after replace gives the text; a crash in replace leaves the old
 * text or the new, never a part; read of a missing path is NotFound; of two creates of one path one
 * is Ok and the other AlreadyThere; remove of a missing path is Ok; a folder that holds something is
 * neither removed nor renamed over, both are AlreadyThere; a mode that is asked for is the file's, also
 * where the system would take bits away; a read ends, whatever lies at the path: what is no plain file
 * is the fault EFTYPE (a folder EISDIR), what is over `readBytesMax` EFBIG; what stands in the way for a
 * moment, as on Windows, is tried again, for less than a second.
 */
export interface FileSystem {
  readonly read: (path: string) => ResultAsync<string, FileError>
  /**
   * Draft, fsync, rename, fsync of the folder. Mode 0600 unless said: any file of ours may hold a
   * token. A link at the path is replaced, not followed.
   */
  readonly replace: (path: string, text: string, mode?: number) => ResultAsync<void, FileError>
  /**
   * The same while something still holds: asked when the draft is made, right before it is renamed.
   * Who removes drafts and then makes it untrue can be sure that no draft comes after: either the
   * question is answered with an error, or the draft is gone and the rename is NotFound.
   */
  readonly replaceWhile: <E>(
    path: string,
    text: string,
    forcing: 'forced' | 'volatile',
    holds: () => ResultAsync<void, E>,
  ) => ResultAsync<void, FileError | E>
  /** Without fsync, for state whose loss costs nothing but time. */
  readonly replaceVolatile: (path: string, text: string) => ResultAsync<void, FileError>
  /** Makes the file with mode 0600, or says AlreadyThere. A crash may leave it empty or cut short. */
  readonly create: (path: string, text: string) => ResultAsync<void, FileError>
  /** Adds to the end; makes the file, with mode 0600, when there is none. */
  readonly append: (path: string, text: string) => ResultAsync<void, FileError>
  /** One step. A file takes the place of a file, a folder only that of an empty folder. */
  readonly rename: (from: string, to: string) => ResultAsync<void, FileError>
  readonly remove: (path: string) => ResultAsync<void, FileError>
  /** Removes an empty folder; a missing one is Ok. */
  readonly removeFolder: (folder: string) => ResultAsync<void, FileError>
  readonly stamp: (path: string) => ResultAsync<O.Option<FileStamp>, FileError>
  /** The names in a folder, in order. */
  readonly list: (folder: string) => ResultAsync<ReadonlyArray<string>, FileError>
  /** Makes the folder and its parents; the folder itself gets mode 0700. */
  readonly ensureFolder: (folder: string) => ResultAsync<void, FileError>
  /** The path with every symbolic link followed; none where nothing is there. */
  readonly realPath: (path: string) => ResultAsync<O.Option<string>, FileError>
}
