import * as O from 'fp-ts/Option'
import { memoryProcessTable } from '../../../adapters/memory/process-table'
import type { RunningProgram } from '../../../ports/process-table'
import { processTableContract } from '../../ports/process-table.contract'

processTableContract('memory', () => {
  let running: ReadonlyArray<RunningProgram> = []
  return {
    table: memoryProcessTable(() => running),
    start: async (words) => {
      running = [{ pid: 7, words, environment: O.none }]
      return {
        pid: 7,
        end: async () => {
          running = []
        },
      }
    },
  }
})
