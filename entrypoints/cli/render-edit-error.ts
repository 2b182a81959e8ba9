/** Words for a file of others that cannot be edited for us, or put back. */
import { printable } from '../../core/tui/printable'
import type { HostConfigError } from '../programs/host-config'
import type { ShimError } from '../programs/shim'
import { rendered, type Rendered } from './rendered'

type OwnEditError = Extract<
  ShimError | HostConfigError,
  { readonly _tag: 'UnfitFolder' | 'NotText' | 'EditsUnreadable' | 'NotConfiguration' }
>

export const renderEditError = (error: OwnEditError): Rendered => {
  switch (error._tag) {
    case 'UnfitFolder':
      return rendered(
        'unfit-folder',
        `${printable(error.path)} cannot stand on PATH.`,
        'Set CODEX_MULTI_AUTH_DIR to an absolute path without a colon.',
      )
    case 'NotText':
      return rendered(
        'not-text',
        `${printable(error.path)} is not UTF-8 text. It was left alone.`,
        'Save it as UTF-8, then try again.',
      )
    case 'NotConfiguration':
      return rendered(
        'not-configuration',
        `${printable(error.path)} is no configuration of OpenCode: JSON with comments, and plugin a list. It was left alone.`,
        'Mend it, then try again: codex-multi-auth plugin install opencode',
      )
    case 'EditsUnreadable':
      return rendered(
        'edits-unreadable',
        `${printable(error.path)} does not say what was edited${error.because.at === '' ? '' : ` (at ${printable(error.because.at)})`}: ${error.because.expected} expected. Nothing was changed.`,
        'Move it away, then try again.',
      )
  }
}
