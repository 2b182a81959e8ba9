/** Words for a shim that cannot be put in front, or be taken away. */
import { printable } from '../../core/tui/printable'
import type { ShimError } from '../programs/shim'
import { exit, rendered, type Rendered } from './rendered'

type OwnShimError = Extract<
  ShimError,
  { readonly _tag: 'UnfitFolder' | 'NotText' | 'EditsUnreadable' }
>

export const renderShimError = (error: OwnShimError): Rendered => {
  switch (error._tag) {
    case 'UnfitFolder':
      return rendered(
        'unfit-folder',
        exit.wrongUsage,
        `${printable(error.path)} cannot stand on PATH.`,
        'Set CODEX_MULTI_AUTH_DIR to an absolute path without a colon.',
      )
    case 'NotText':
      return rendered(
        'not-text',
        exit.storage,
        `${printable(error.path)} is not UTF-8 text. It was left alone.`,
        'Save it as UTF-8, then try again.',
      )
    case 'EditsUnreadable':
      return rendered(
        'edits-unreadable',
        exit.storage,
        `${printable(error.path)} does not say what was edited${error.because.at === '' ? '' : ` (at ${printable(error.because.at)})`}: ${error.because.expected} expected. Nothing was changed.`,
        'Move it away, then try again: codex-multi-auth shim install',
      )
  }
}
