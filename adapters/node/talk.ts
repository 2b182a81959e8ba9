/**
 * Standard error for lines said while another program runs on the same streams. A stream that Node
 * has opened does not block, and a pipe does so for everybody who shares it: the other program would
 * fail to write where its reader is slow.
 */
import { writeSync } from 'node:fs'
import type { Terminal } from '../../ports/terminal'

const standardError = 2

export const nodeTalk = (): Pick<Terminal, 'say'> => ({
  say: (text) => {
    try {
      writeSync(standardError, text)
    } catch {
      // Who reads us may have gone: what is said then is lost, and that is no fault.
    }
  },
})

/**
 * For a process that has sockets: Node opens standard error at the end of the first of them. Opened
 * before the other program starts, it blocks again from that start on.
 */
export const openStandardError = (): void => void process.stderr
