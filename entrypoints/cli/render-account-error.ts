/** Words for a change that an account does not take. */
import type { LabelRefusal } from '../../core/accounts/label'
import type { LabelTaken } from '../../core/accounts/pool'
import type { NeedsYes } from './confirmation'
import { exit, quoted, rendered, type Rendered } from './rendered'

export type AccountError = LabelRefusal | LabelTaken | NeedsYes

export const renderAccountError = (error: AccountError): Rendered => {
  switch (error._tag) {
    case 'LabelTooLong':
      return rendered(
        'label-too-long',
        exit.wrongUsage,
        `A label has at most ${error.charactersMax} characters.`,
        'Give a shorter one.',
      )
    case 'LabelUnprintable':
      return rendered(
        'label-unprintable',
        exit.wrongUsage,
        `${quoted(error.label)} holds characters that do not show, written here as \\u{...}.`,
        'Leave them out.',
      )
    case 'LabelTaken':
      return rendered(
        'label-taken',
        exit.wrongUsage,
        `Account ${error.number} is called ${quoted(error.label)} already.`,
        'Give another label, or rename that one first.',
      )
    case 'NeedsYes':
      return rendered(
        'needs-yes',
        exit.wrongUsage,
        `What ${error.command} does cannot be undone, so it asks for --yes.`,
        `To go ahead: codex-multi-auth ${error.command} ACCOUNT --yes`,
      )
  }
}
