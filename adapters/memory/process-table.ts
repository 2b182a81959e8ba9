/** What runs is what the test says, at that moment. */
import { okAsync } from 'neverthrow'
import type { ProcessTable, RunningProgram } from '../../ports/process-table'

export const memoryProcessTable = (running: () => ReadonlyArray<RunningProgram>): ProcessTable => ({
  running: () => okAsync(running()),
})
