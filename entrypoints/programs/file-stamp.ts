/** Whether a file is the one that was seen before; none is a file that is not there. */
import * as O from 'fp-ts/Option'
import type { FileStamp } from '../../ports/file-system'

export type Seen = O.Option<FileStamp>

export const isSame = (left: Seen, right: Seen): boolean =>
  O.isSome(left) && O.isSome(right)
    ? left.value.inode === right.value.inode &&
      left.value.modifiedAt === right.value.modifiedAt &&
      left.value.bytes === right.value.bytes
    : O.isNone(left) && O.isNone(right)
