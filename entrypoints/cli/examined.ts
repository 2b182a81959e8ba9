/** What the checks of a diagnosis find here and now. */
import { ResultAsync } from 'neverthrow'
import * as Diagnosis from '../../core/insight/diagnosis'
import { findExistingTool } from '../programs/existing-tool'
import type { Context } from './command'
import { findingWords } from './finding-words'

export interface Checked {
  readonly key: string
  readonly finding: Diagnosis.Finding
}

export const examine = ({
  layout,
  ports,
  processTable,
}: Context): ResultAsync<ReadonlyArray<Checked>, never> =>
  ResultAsync.fromSafePromise(processTable())
    .andThen((table) => findExistingTool({ ...ports, table }, layout))
    .map((existingTool) =>
      Diagnosis.checks.map(({ find, key }) => ({ key, finding: find({ existingTool }) })),
    )

/** For a command that was asked for something else, a line for what is not as it should be. */
export const troubles = (context: Context): ResultAsync<ReadonlyArray<string>, never> =>
  examine(context).map((checked) =>
    checked
      .filter(({ finding }) => Diagnosis.severityOf(finding) !== 'ok')
      .map(({ finding }) => findingWords(finding).join(' ')),
  )
