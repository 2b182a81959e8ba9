import type { Lock } from '../../ports/lock'
import { overFiles, type LockPorts } from '../shared/lock'

export const nodeLock = (ports: LockPorts): Lock => overFiles(ports)
