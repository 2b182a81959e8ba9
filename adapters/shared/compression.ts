/** Node 20 knows no zstd, so it is decoded in JavaScript, on node and in memory alike. */
import { decompress } from 'fzstd'
import { err, ok, Result } from 'neverthrow'
import type { Compression, CompressionError } from '../../ports/compression'

export const overFzstd = (): Compression => ({
  expand: (encoding, bytes) => {
    if (encoding === 'identity') return ok(bytes)
    return encoding === 'zstd' ? unpacked(bytes) : err({ _tag: 'UnknownEncoding', encoding })
  },
})

const unpacked = Result.fromThrowable(
  (bytes: Uint8Array) => decompress(bytes),
  (): CompressionError => ({ _tag: 'DamagedBytes' }),
)
