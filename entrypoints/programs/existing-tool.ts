/** Looks for live processes of the existing tool that write the same pool as we do. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import * as ExistingTool from '../../core/insight/existing-tool'
import * as Layout from '../../core/storage/layout'
import type { ProcessTable, RunningProgram } from '../../ports/process-table'
import type { Ports } from './ports'

export const findExistingTool = (
  ports: Pick<Ports, 'files'> & { readonly table: ProcessTable },
  layout: Layout.Layout,
): ResultAsync<ReadonlyArray<ExistingTool.AliveTool>, never> =>
  ports.table
    .running()
    .andThen((running) =>
      ResultAsync.combine(running.filter(mayWrite(layout)).map((program) => judge(ports, program))),
    )
    .map((found) => found.flat())

/** Where the environment of a program cannot be told it may. */
const mayWrite =
  ({ root }: Layout.Layout) =>
  ({ environment }: RunningProgram): boolean =>
    O.isNone(environment) ||
    Layout.of({
      home: environment.value['HOME'] ?? environment.value['USERPROFILE'] ?? '',
      codexHome: environment.value['CODEX_HOME'],
      ownRoot: environment.value['CODEX_MULTI_AUTH_DIR'],
    }).root === root

const judge = (
  { files }: Pick<Ports, 'files'>,
  { pid, words }: RunningProgram,
): ResultAsync<ReadonlyArray<ExistingTool.AliveTool>, never> => {
  const script = ExistingTool.scriptOf(words)
  if (O.isNone(script) || !ExistingTool.mayBe(script.value)) return okAsync([])
  const { value: path } = script
  return files
    .realPath(path)
    .orElse(() => okAsync(O.none))
    .map((real) =>
      ExistingTool.isExistingTool(path, O.getOrElse(() => path)(real))
        ? [{ pid, program: ExistingTool.nameOf(path) }]
        : [],
    )
}
