import type { Lock } from '../../ports/lock'
import { overFiles } from '../shared/lock'
import { memoryClock } from './clock'
import type { Disk } from './disk'
import { memoryFileSystem } from './file-system'
import { memoryProcess } from './process'
import { memoryRandom } from './random'
import type { SimulatedProcess } from './scheduler'

export const memoryLock = (process: SimulatedProcess, disk: Disk): Lock =>
  overFiles({
    files: memoryFileSystem(process, disk),
    clock: memoryClock(process),
    random: memoryRandom(process),
    process: memoryProcess(process),
  })
