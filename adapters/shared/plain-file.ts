/** What may be read whole. To open a pipe is to wait for whoever writes to it, so it is asked first. */
import { readBytesMax } from '../../ports/file-system'

const kindBits = 0o170000
const folderKind = 0o040000
const plainKind = 0o100000

/** The code of the fault, where it may not. */
export const unfitness = (found: {
  readonly mode: number
  readonly size: number
}): string | undefined => {
  const kind = found.mode & kindBits
  if (kind !== plainKind) return kind === folderKind ? 'EISDIR' : 'EFTYPE'
  return found.size > readBytesMax ? 'EFBIG' : undefined
}
