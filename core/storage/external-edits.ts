/**
 * The journal of every edit outside the root, kept for undoing it. A row is written before its edit
 * is made, so that no edit is ever without one; a row whose edit was never made undoes nothing.
 */
import * as t from 'io-ts'
import type { Result } from 'neverthrow'
import { decode, parseJson, type Malformed } from '../result'

const editForm = t.intersection(
  [
    t.type({
      /** What was done: `path-block` is a block in a shell's start file. */
      kind: t.string,
      /** With every symbolic link followed. */
      path: t.string,
      /** The file was not there before. */
      isMade: t.boolean,
      /** Folders that were not there before, outermost first. */
      foldersMade: t.readonlyArray(t.string),
    }),
    /** What was there before, where taking our part out does not bring it back. May hold a token. */
    t.partial({ before: t.string }),
  ],
  'Edit',
)

const journalForm = t.type({ version: t.literal(1), edits: t.readonlyArray(editForm) }, 'Journal')

export type Edit = t.TypeOf<typeof editForm>

/** As stored: rows of a kind not known here are kept. */
export type Journal = t.TypeOf<typeof journalForm>

export const empty: Journal = { version: 1, edits: [] }

/** What the first edit of a file found stays true when it is edited again. */
export const note =
  (edit: Edit) =>
  (journal: Journal): Journal =>
    journal.edits.some(isSame(edit)) ? journal : { ...journal, edits: [...journal.edits, edit] }

export const forget =
  (edit: Edit) =>
  (journal: Journal): Journal => ({
    ...journal,
    edits: journal.edits.filter((other) => !isSame(edit)(other)),
  })

const isSame =
  ({ kind, path }: Edit) =>
  (other: Edit): boolean =>
    other.kind === kind && other.path === path

export const ofKind =
  (kind: string) =>
  ({ edits }: Journal): ReadonlyArray<Edit> =>
    edits.filter((edit) => edit.kind === kind)

export const parse = (text: string): Result<Journal, Malformed> =>
  parseJson(text).andThen(decode(journalForm))

export const print = (journal: Journal): string =>
  `${JSON.stringify(journalForm.encode(journal), null, 2)}\n`
