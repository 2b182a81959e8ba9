/** What the checks of a diagnosis find here and now. */
import { ResultAsync } from 'neverthrow'
import * as Diagnosis from '../../core/insight/diagnosis'
import { isOfProject } from '../../core/storage/layout'
import { findExistingTool } from '../programs/existing-tool'
import { readLoad } from '../programs/host-load'
import type { Context } from './command'
import { findingWords } from './finding-words'
import { pluginSpec } from './plugin'

export interface Checked {
  readonly key: string
  readonly severity: Diagnosis.Severity
  readonly words: ReadonlyArray<string>
}

export const examine = ({
  around,
  layout,
  ports,
  processTable,
}: Context): ResultAsync<ReadonlyArray<Checked>, never> => {
  const pool = { path: layout.pool, isOfProject: isOfProject(layout) }
  return ResultAsync.fromSafePromise(processTable())
    .andThen((table) => findExistingTool({ ...ports, table }, layout, around))
    .andThen((existingTool) =>
      readLoad(ports, layout, around, pluginSpec(around)).map((hostLoad) =>
        Diagnosis.checks.map(({ find, key }) => {
          const finding = find({ pool, existingTool, hostLoad })
          const words = findingWords(ports.clock.now(), finding)
          return { key, severity: Diagnosis.severityOf(finding), words }
        }),
      ),
    )
}

/** For a command that was asked for something else, a line for what is not as it should be. */
export const troubles = (context: Context): ResultAsync<ReadonlyArray<string>, never> =>
  examine(context).map((checked) =>
    checked.filter(({ severity }) => severity !== 'ok').map(({ words }) => words.join(' ')),
  )
