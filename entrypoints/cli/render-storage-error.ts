/** Words for a pool that cannot be read, changed or written. */
import { printable } from '../../core/tui/printable'
import type { PolicyError } from '../programs/policies'
import type { PoolError, PoolUnreadable } from '../programs/pool'
import { rendered, type Rendered } from './rendered'

export const renderStorageError = (error: PoolError | PolicyError): Rendered => {
  switch (error._tag) {
    case 'NotFound':
      return rendered('storage-missing', `${printable(error.path)} is not there.`)
    case 'AlreadyThere':
      return rendered(
        'storage-in-the-way',
        `${printable(error.path)} is in the way.`,
        'Move it away, then try again.',
      )
    case 'FileFault':
      return rendered(
        'storage-fault',
        `${printable(error.path)} cannot be used: ${faultWords(error.code)}.`,
        faultHint(error.code),
      )
    case 'LockHeld':
      return rendered(
        'lock-held',
        `Process ${error.pid} holds ${printable(error.path)} and does not come to an end.`,
        `Try again; if it hangs, end process ${error.pid}.`,
      )
    case 'LockLost':
      return rendered(
        'lock-lost',
        `The lock ${printable(error.path)} was taken over by another program; nothing was changed.`,
        'Try again.',
      )
    case 'PoolUnreadable':
      return ofUnreadable(error)
    case 'PoliciesUnreadable':
      return rendered(
        'policies-malformed',
        `${printable(error.path)} holds no policies${error.because.at === '' ? '' : ` (at ${printable(error.because.at)})`}: ${error.because.expected} expected. It was left alone.`,
        'Move it away, then set them again: codex-multi-auth account',
      )
  }
}

const ofUnreadable = ({ path, because }: PoolUnreadable): Rendered =>
  because._tag === 'UnknownVersion'
    ? rendered(
        'pool-unknown-version',
        `${printable(path)} has version ${because.version}, which this program does not know. It was left alone.`,
        'Update codex-multi-auth: npm install -g codex-multi-auth',
      )
    : rendered(
        'pool-malformed',
        `${printable(path)} holds no accounts${because.at === '' ? '' : ` (at ${printable(because.at)})`}: ${because.expected} expected. It was left alone.`,
        'Move it away, then sign in again: codex-multi-auth login',
      )

const faults: Readonly<Record<string, readonly [words: string, hint: string]>> = {
  EACCES: ['permission denied', 'Make it readable and writable for your user.'],
  EPERM: ['permission denied', 'Make it readable and writable for your user.'],
  EROFS: ['the disk takes no writes', 'Set CODEX_MULTI_AUTH_DIR to a folder that can be written.'],
  ENOSPC: ['the disk is full', 'Free some space, then try again.'],
  EDQUOT: ['the disk quota is used up', 'Free some space, then try again.'],
  ENOTDIR: ['a part of its path is a file', 'Move that file away, then try again.'],
  EFTYPE: ['it is no plain file', 'Move it away, then try again.'],
  EFBIG: ['it is larger than 96 MB', 'Move it away, then try again.'],
  EISDIR: ['it is a folder', 'Move it away, then try again.'],
}

const faultWords = (code: string): string => faults[code]?.[0] ?? code

const faultHint = (code: string): string => faults[code]?.[1] ?? 'Try again.'
