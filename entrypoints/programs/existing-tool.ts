/** Looks for live processes of the existing tool that write the same pool as we do. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import * as OpenCode from '../../core/hosts/opencode'
import * as Configuration from '../../core/hosts/opencode-config'
import { foldersOf } from '../../core/hosts/opencode-package'
import * as ExistingTool from '../../core/insight/existing-tool'
import * as Layout from '../../core/storage/layout'
import type { ProcessTable, RunningProgram } from '../../ports/process-table'
import type { Ports } from './ports'

export const findExistingTool = (
  ports: Pick<Ports, 'files'> & { readonly table: ProcessTable },
  layout: Layout.Layout,
  around: OpenCode.Places,
): Found =>
  ports.table
    .running()
    .andThen((running) =>
      ResultAsync.combine(
        running.filter(mayWrite(layout)).map((program) => judge(ports, around, program)),
      ),
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

type Found = ResultAsync<ReadonlyArray<ExistingTool.AliveTool>, never>

const judge = (
  ports: Pick<Ports, 'files'>,
  around: OpenCode.Places,
  { environment, pid, words }: RunningProgram,
): Found => {
  const script = ExistingTool.scriptOf(words)
  if (O.isNone(script)) return okAsync([])
  const { value: path } = script
  const found = [{ pid, program: ExistingTool.nameOf(path) }]
  if (ExistingTool.isHost(words[0] ?? '')) {
    const told = O.toUndefined(environment)
    const places = told === undefined ? around : { home: told['HOME'] ?? '', environment: told }
    return carries(ports, places).map((isCarrier) => (isCarrier ? found : []))
  }
  if (!ExistingTool.mayBe(path)) return okAsync([])
  return ports.files
    .realPath(path)
    .orElse(() => okAsync(O.none))
    .map((real) => (ExistingTool.isExistingTool(path, O.getOrElse(() => path)(real)) ? found : []))
}

/** Whether the configuration of a host names the existing tool. */
const carries = (
  ports: Pick<Ports, 'files'>,
  places: OpenCode.Places,
): ResultAsync<boolean, never> =>
  ResultAsync.combine(OpenCode.configPaths(places).map((path) => foldersIn(ports, places, path)))
    .andThen((folders) =>
      ResultAsync.combine(folders.flat().map((folder) => holdsIt(ports, folder))),
    )
    .map((held) => held.includes(true))

const foldersIn = (
  { files }: Pick<Ports, 'files'>,
  places: OpenCode.Places,
  path: string,
): ResultAsync<ReadonlyArray<string>, never> =>
  files
    .read(path)
    .map((text) => Configuration.specsOfName(text).flatMap((spec) => foldersOf(places, path, spec)))
    .orElse(() => okAsync([]))

/** What is no folder holds nothing. */
const holdsIt = ({ files }: Pick<Ports, 'files'>, folder: string): ResultAsync<boolean, never> =>
  files
    .stamp(`${folder}/${ExistingTool.ownFile}`)
    .map(O.isSome)
    .orElse(() => okAsync(false))
