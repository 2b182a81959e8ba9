/** Start files of shells: the block that puts a folder of ours on PATH, put in and taken out. */
import { ok, safeTry, type ResultAsync } from 'neverthrow'
import * as StartFile from '../../core/official/start-file'
import type { Layout } from '../../core/storage/layout'
import * as EditedFiles from './edited-files'
import type { Ports } from './ports'

type Files = Pick<Ports, 'files'>

export const kind = 'path-block'

/** Of each list the first file that is there, or else the last, with the block in it. */
export const planBlocks = (
  ports: Files,
  lists: ReadonlyArray<ReadonlyArray<string>>,
  lines: ReadonlyArray<string>,
): ResultAsync<ReadonlyArray<EditedFiles.Planned>, EditedFiles.EditError> =>
  safeTry(async function* () {
    const planned: Array<EditedFiles.Planned> = []
    for (const paths of lists) {
      const path = yield* EditedFiles.firstThere(ports, paths)
      const change = StartFile.insert(lines)
      const one = yield* EditedFiles.plan(ports, { kind, path, fresh: '', change })
      // Two names may lead to one file.
      if (planned.every(({ edit }) => edit.path !== one.edit.path)) planned.push(one)
    }
    return ok(planned)
  })

export const undo = (
  ports: Files,
  layout: Layout,
): ResultAsync<ReadonlyArray<EditedFiles.Change>, EditedFiles.EditError> =>
  EditedFiles.undo(ports, layout, kind, () => StartFile.takeOut)
